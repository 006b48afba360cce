"""`make screenshots`: every page at three widths, light and dark, as PNG in docs/screenshots/."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import CHROMIUM, QUIET, Served, serving
from tests.lesson import ROOT, process_lesson

WIDTHS = ((1440, 900), (1024, 768), (390, 844))
FOLDER = ROOT / "docs" / "screenshots"


def take(page: Page, name: str, width: int) -> None:
    page.screenshot(path=FOLDER / f"{name}-{width}.png")


def sign_in(page: Page, served: Served, part: str) -> None:
    person = served.people[part]
    page.goto(f"{served.address}/sign-in?email={person['email']}")
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def write_comments(browser: Browser, served: Served) -> None:
    """A small conversation, so that the pictures show what the page is for."""
    words = {
        "mentee": (70_000, "I rushed this question. Next time I'll count to four before I call on someone."),
        "mentor": (95_000, "Watch the back row here: three hands went up after you waited."),
    }
    for part, (position_ms, text) in words.items():
        page = browser.new_context().new_page()
        sign_in(page, served, part)
        page.goto(f"{served.address}/watch?lesson={served.lesson_id}")
        video = page.get_by_test_id("video")
        page.wait_for_function("video => video.readyState >= 1", arg=video.element_handle(), timeout=30_000)
        video.evaluate(f"video => {{ video.currentTime = {position_ms / 1000} }}")
        page.get_by_test_id("comment-text").fill(text)
        page.get_by_test_id("comment-criterion").first.click()
        page.get_by_test_id("comment-save").click()
        page.get_by_test_id("comment-item").filter(has_text=text[:20]).wait_for()
        page.context.close()


def photograph(browser: Browser, served: Served, width: int, height: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(f"{served.address}/sign-in")
    take(page, "sign-in", width)
    sign_in(page, served, "mentee")
    page.get_by_text("Fractions of a set").first.wait_for()
    page.wait_for_timeout(1500)
    take(page, "lessons", width)
    page.goto(f"{served.address}/watch?lesson={served.lesson_id}&t=1:53")
    page.get_by_test_id("comment-item").first.wait_for(state="attached")
    page.wait_for_timeout(1500)
    take(page, "watch", width)
    page.context.close()
    outside = browser.new_context(viewport={"width": width, "height": height}).new_page()
    sign_in(outside, served, "teacher outside the pairing")
    outside.wait_for_timeout(1500)
    take(outside, "no-lessons", width)
    outside.goto(f"{served.address}/watch?lesson={served.lesson_id}")
    take(outside, "not-found", width)
    outside.context.close()
    coordinator = browser.new_context(viewport={"width": width, "height": height}).new_page()
    sign_in(coordinator, served, "coordinator")
    coordinator.goto(f"{served.address}/programme")
    coordinator.get_by_text("Mia Novak").first.wait_for()
    coordinator.wait_for_timeout(1000)
    take(coordinator, "programme", width)
    coordinator.context.close()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(process_lesson(Path(folder))) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        write_comments(browser, served)
        for width, height in WIDTHS:
            photograph(browser, served, width, height)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
