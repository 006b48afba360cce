"""A server on the processed sample lesson, and browsers that people sign in with."""

from __future__ import annotations

import json
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
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
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
def serving_demo(data_dir: Path) -> Iterator[Served]:
    """The demo's lesson is processed and served while this lasts."""
    port = free_port()
    environment = own_environment(data_dir, port)
    command = [sys.executable, str(ROOT / "debrief.py")]
    done = subprocess.run(
        [*command, "demo", "--headless", "--json"], env=environment, cwd=data_dir, check=True, capture_output=True
    )
    summary: dict[str, Any] = json.loads(done.stdout)
    serving = subprocess.Popen(
        [*command, "serve"], env={**environment, "DEBRIEF_DATA_DIR": str(data_dir / "demo")}, cwd=data_dir
    )
    try:
        deadline = time.monotonic() + 60
        while not answers(summary["address"]):
            assert serving.poll() is None, "the server ended by itself"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.2)
        yield Served(
            address=summary["address"],
            lesson_id=summary["lesson"]["id"],
            duration_ms=summary["lesson"]["duration_ms"],
            people={each["as"]: each for each in summary["sign_in"]},
        )
    finally:
        serving.terminate()
        serving.wait(20)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving_demo(tmp_path_factory.mktemp("journeys")) as served:
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
