"""A lesson's documents, their ETags, and the run of a recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.run import RunState
from pipeline import workflow
from tests.review.conftest import Browser
from tests.review.world import SPOKEN, TITLE, World, add_lesson


def test_the_lessons_document_tells_each_viewer_why_and_with_whom(
    world: World, browser: Callable[[str], Browser]
) -> None:
    told = {
        name: browser(name).client.get(f"/api/lessons/{world.lesson}").json()
        for name in ("mia", "co_teacher", "daniel", "ines")
    }
    assert told["co_teacher"]["why"] == ["You taught this lesson."]
    assert told["daniel"]["why"][0].startswith("It is shared with your pairing: you are a mentor with Mia")
    talks = {
        name: [(each["title"], each["can_write"], each["levels_on"]) for each in document["conversations"]]
        for name, document in told.items()
    }
    assert talks["daniel"] == [("With Mia", True, True), ("Only me", True, True)]
    assert talks["ines"] == [("With Mia", False, False), ("Only me", False, False)]
    assert talks["co_teacher"] == [("Only me", True, False)]
    assert sorted(talks["mia"]) == [
        ("Only me", True, True),
        ("With Daniel", True, True),
        ("With Ines", False, False),
    ]
    assert told["mia"]["me"] == {"id": world.people["mia"], "name": "Mia"}


def test_the_lessons_document_has_all_that_its_page_needs(world: World, browser: Callable[[str], Browser]) -> None:
    document = browser("daniel").client.get(f"/api/lessons/{world.lesson}").json()
    assert (document["id"], document["title"], document["subject"]) == (world.lesson, TITLE, "Mathematics")
    assert [each["name"] for each in document["teachers"]] == ["Mia", "Co_Teacher"]
    recording = document["recordings"][0]
    assert (recording["duration_ms"], recording["width"], recording["has_video"]) == (240_000, 1280, True)
    assert set(recording["urls"]) == {"web", "poster", "thumbnails", "peaks"}
    for url in recording["urls"].values():
        assert browser("daniel").client.get(url).status_code == 200
    assert document["run"] == {"state": "done", "step": None, "share": 1.0, "seconds_left": None, "error_message": None}
    assert document["rubric"]["id"] == "debrief-starter"
    assert len(document["rubric"]["criteria"]) == 23


def test_files_that_are_not_made_yet_have_no_address(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    lesson, _ = add_lesson(world, tmp_path, title="Young", state=RunState.RUNNING, files={})
    document = browser("mia").client.get(f"/api/lessons/{lesson}").json()
    assert set(document["recordings"][0]["urls"].values()) == {None}
    run = document["run"]
    assert (run["state"], run["step"], run["seconds_left"]) == ("running", "transcribe", 170.0)
    assert run["share"] == pytest.approx(0.02 + 0.38 + 0.55 / 2)


def test_a_lesson_without_a_recording_can_be_opened(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    lesson, _ = add_lesson(world, tmp_path, title="Planned")
    document = browser("mia").client.get(f"/api/lessons/{lesson}").json()
    assert (document["recordings"], document["run"], document["taught_on"]) == ([], None, None)


def test_the_transcript_and_the_clips_come_as_they_were_made(world: World, browser: Callable[[str], Browser]) -> None:
    client = browser("daniel").client
    transcript = client.get(f"/api/recordings/{world.recording}/transcript").json()
    assert (transcript["version"], transcript["engine"], transcript["draft"]) == (1, "captions", False)
    segment = transcript["segments"][0]
    assert (segment["text"], segment["speaker"]) == (SPOKEN, "Mia")
    assert segment["words"][0] == [1000, 1200, "What", 0.9]
    clips = client.get(f"/api/recordings/{world.recording}/clips").json()["clips"]
    assert [(each["title"], each["start_ms"], each["origin"]) for each in clips] == [
        ("Opening", 0, "proposed"),
        ("Halves", 60_000, "proposed"),
    ]


def test_there_is_no_transcript_before_it_is_made(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    _, recording = add_lesson(world, tmp_path, title="Quiet", state=RunState.RUNNING)
    client = browser("mia").client
    assert client.get(f"/api/recordings/{recording}/transcript").status_code == 404
    assert client.get(f"/api/recordings/{recording}/clips").json() == {"clips": []}


@pytest.mark.parametrize("what", ["/api/lessons/{0}", "/api/recordings/{1}/transcript", "/api/recordings/{1}/clips"])
def test_what_has_not_changed_is_not_sent_again(what: str, world: World, browser: Callable[[str], Browser]) -> None:
    path = what.format(world.lesson, world.recording)
    client = browser("daniel").client
    first = client.get(path)
    assert first.headers["cache-control"] == "private, no-store"
    for tag in (first.headers["etag"], f"W/{first.headers['etag']}", f'"other", {first.headers["etag"]}'):
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"other"'}).content == first.content


def test_turning_the_levels_on_and_off_is_seen_by_both(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    path = f"/api/pairings/{world.other_pairing}"
    assert browser("lena").client.patch(path, json={"levels_on": True}).json()["levels_on"] is True
    with world.services.database.view() as unit:
        assert [each.levels_on for each in unit.people.list_pairings(world.viewer("lena"))] == [True]
    assert browser("mia").client.patch(path, json={"levels_on": "yes"}).status_code == 422
    assert browser("daniel").client.patch(path, json={"levels_on": True}).status_code == 404


def test_a_teacher_takes_a_failed_run_up_again_and_cancels_it(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    workflow.migrate_engine(world.services.settings)
    _, recording = add_lesson(world, tmp_path, title="Failed", state=RunState.FAILED, pairing=world.pairing)
    assert browser("daniel").client.post(f"/api/runs/{recording}/retry").status_code == 404
    assert browser("daniel").client.post(f"/api/runs/{recording}/cancel").status_code == 404
    answer = browser("mia").client.post(f"/api/runs/{recording}/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["error_message"]) == (202, "waiting", None)
    assert browser("mia").client.post(f"/api/runs/{recording}/cancel").status_code == 202
    with world.services.database.view() as unit:
        run = unit.runs.find_newest_run(world.services.machine, recording)  # type: ignore[arg-type]
        assert run
        assert unit.runs.is_cancel_requested(world.services.machine, run.id)
        assert run.attempt == 2


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_an_address_used_in_another_way_is_refused(
    method: str, world: World, browser: Callable[[str], Browser]
) -> None:
    answer = browser("mia").client.request(method, f"/api/lessons/{world.lesson}")
    assert (answer.status_code, answer.json()["error"]) == (404, "NotFound")
