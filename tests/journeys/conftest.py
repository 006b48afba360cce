"""A server on the processed sample lesson, and browsers that people sign in with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.lesson import ROOT, ProcessedLesson

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass(frozen=True)
class Served:
    """Debrief as `make demo` leaves it: its address, its lesson and how each person signs in."""

    address: str
    lesson_id: str
    duration_ms: int
    people: dict[str, dict[str, str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_environment(data_dir: Path, port: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DEBRIEF_")}
    return {**kept, "DEBRIEF_DATA_DIR": str(data_dir), "DEBRIEF_PORT": str(port)}


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serving(lesson: ProcessedLesson) -> Iterator[Served]:
    """The processed lesson is served while this lasts, by the web process and a worker as a person starts them."""
    port = free_port()
    command = [sys.executable, str(ROOT / "debrief.py"), "serve"]
    started = subprocess.Popen(command, env=own_environment(lesson.data_dir, port), cwd=lesson.data_dir)
    address = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + 60
        while not answers(address):
            assert started.poll() is None, "the server ended by itself"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.2)
        yield Served(
            address=address,
            lesson_id=lesson.summary["lesson"]["id"],
            duration_ms=lesson.summary["lesson"]["duration_ms"],
            people={each["as"]: each for each in lesson.summary["sign_in"]},
        )
    finally:
        started.terminate()
        started.wait(20)


@pytest.fixture(scope="session")
def served(processed_lesson: ProcessedLesson) -> Iterator[Served]:
    with serving(processed_lesson) as served:
        yield served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(served: Served, chromium: Browser) -> Iterator[SignIn]:
    """Opens a browser of its own for one of the people and signs in there."""
    contexts: list[BrowserContext] = []

    def opened(part: str, *, width: int = 1440, height: int = 900, next_path: str = "/") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=width < 600)
        contexts.append(context)
        page = context.new_page()
        person = served.people[part]
        page.goto(f"{served.address}/sign-in?email={person['email']}&next={next_path}")
        page.get_by_label("Password").fill(person["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
