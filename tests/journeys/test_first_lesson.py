"""The main journey: sign in, play, seek by the transcript, comment, reload, still there, still playing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAYING = "video => !video.paused && !video.ended && video.readyState >= 2"
POSITION = "video => video.currentTime"


def open_lesson(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/watch?lesson={served.lesson_id}")
    video = page.get_by_test_id("video")
    expect(video).to_be_visible(timeout=30_000)
    page.wait_for_function("video => video.readyState >= 1", arg=video.element_handle(), timeout=30_000)


def position(page: Page) -> float:
    return float(page.get_by_test_id("video").evaluate(POSITION))


def wait_for_playing(page: Page) -> None:
    handle = page.get_by_test_id("video").element_handle()
    page.wait_for_function(PLAYING, arg=handle, timeout=15_000)
    start = position(page)
    page.wait_for_function("([video, start]) => video.currentTime > start + 0.3", arg=[handle, start], timeout=15_000)


def test_a_comment_is_written_while_the_lesson_plays_and_is_there_after_a_reload(
    served: Served, sign_in: SignIn
) -> None:
    page = sign_in("mentee")
    page.get_by_text("Fractions of a set").first.click()
    page.wait_for_url("**/watch?**")
    open_lesson(page, served)
    page.get_by_test_id("play").click()
    wait_for_playing(page)

    word = page.get_by_test_id("word").nth(30)
    word.click()
    wanted = float(word.get_attribute("data-start-ms") or 0) / 1000
    assert abs(position(page) - wanted) < 2.0
    wait_for_playing(page)

    page.get_by_test_id("video").evaluate("video => { video.dataset.same = 'yes' }")
    page.get_by_test_id("comment-text").fill("You waited here: 4 s.\nSee 0:40 <script>alert(1)</script> 👩🏽‍🏫")
    page.get_by_test_id("comment-criterion").first.click()
    page.get_by_test_id("comment-level").first.click()
    page.get_by_test_id("comment-save").click()
    item = page.get_by_test_id("comment-item").filter(has_text="You waited here")
    expect(item).to_be_visible()
    expect(page.get_by_test_id("comment-dot")).to_have_count(1)
    assert page.get_by_test_id("video").evaluate("video => video.dataset.same") == "yes"
    assert page.get_by_test_id("video").evaluate(PLAYING), "the video stopped while the comment was saved"

    page.reload()
    open_lesson(page, served)
    expect(page.get_by_test_id("comment-item").filter(has_text="You waited here")).to_be_visible(timeout=15_000)
    expect(page.get_by_test_id("comment-dot")).to_have_count(1)

    mentor = sign_in("mentor")
    open_lesson(mentor, served)
    seen = mentor.get_by_test_id("comment-item").filter(has_text="You waited here")
    expect(seen).to_be_visible(timeout=15_000)
    seen.get_by_test_id("reply-open").click()
    seen.get_by_test_id("reply-text").fill("And two more hands went up.")
    seen.get_by_test_id("reply-save").click()
    expect(mentor.get_by_text("And two more hands went up.")).to_be_visible()
    expect(page.get_by_text("And two more hands went up.")).to_be_visible(timeout=20_000)


def test_a_rerun_above_the_player_leaves_the_video_alone(served: Served, sign_in: SignIn) -> None:
    page = sign_in("mentor")
    open_lesson(page, served)
    page.get_by_test_id("play").click()
    wait_for_playing(page)
    page.get_by_test_id("video").evaluate("video => { video.dataset.same = 'yes' }")
    page.locator("body").press("r")
    wait_for_playing(page)
    assert page.get_by_test_id("video").evaluate("video => video.dataset.same") == "yes"


@pytest.mark.parametrize("part", ["teacher outside the pairing", "coordinator"])
def test_who_is_outside_finds_nothing_also_when_the_address_is_pasted(
    part: str, served: Served, sign_in: SignIn
) -> None:
    inside = sign_in("mentee")
    answer = inside.request.get(f"{served.address}/api/lessons/{served.lesson_id}")
    recording = answer.json()["recordings"][0]
    addresses = [
        f"/api/lessons/{served.lesson_id}",
        f"/api/lessons/{served.lesson_id}/comments",
        f"/api/recordings/{recording['id']}/transcript",
        f"/api/recordings/{recording['id']}/clips",
        recording["urls"]["web"],
        recording["urls"]["poster"],
    ]
    assert all(inside.request.get(served.address + each).ok for each in addresses)

    outside = sign_in(part)
    for each in [*addresses, f"/watch?lesson={served.lesson_id}"]:
        assert outside.request.get(served.address + each).status == 404, each
    outside.goto(f"{served.address}/watch?lesson={served.lesson_id}")
    expect(outside.get_by_text("Not found").first).to_be_visible()
    assert outside.get_by_test_id("video").count() == 0


def test_who_is_not_signed_in_is_asked_to_sign_in_and_comes_back(served: Served, sign_in: SignIn) -> None:
    page = sign_in("mentee")
    page.context.clear_cookies()
    page.goto(f"{served.address}/watch?lesson={served.lesson_id}")
    page.wait_for_url("**/sign-in?**")
    page.get_by_label("E-mail").fill(served.people["mentee"]["email"])
    page.get_by_label("Password").fill(served.people["mentee"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("video")).to_be_visible(timeout=30_000)


def test_the_coordinator_sees_that_the_lesson_is_there_and_nothing_of_its_content(
    served: Served, sign_in: SignIn
) -> None:
    page = sign_in("coordinator")
    page.get_by_role("link", name="Programme").first.click()
    expect(page.get_by_text("Mia Novak").first).to_be_visible(timeout=30_000)
    content = page.content()
    assert "/m/" not in content
    assert "Fractions of a set" not in content


def test_everything_can_be_reached_on_a_phone(served: Served, sign_in: SignIn) -> None:
    page = sign_in("mentee", width=390, height=844)
    open_lesson(page, served)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for test_id in ("play", "comment-text"):
        page.get_by_test_id(test_id).first.scroll_into_view_if_needed()
        box = page.get_by_test_id(test_id).first.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
