"""Several people, and several processes, who write at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import func, select

from models.errors import Conflict
from models.feedback import Comment
from models.ids import Sha256
from models.lesson import Grant, Recording, RenditionKind
from models.run import Run, RunState
from models.transcript import StoredTranscript
from storage.database import Database, Unit
from storage.media import build_key
from storage.tables import clip, comment_version, lesson_grant, recording, rendition, run
from tests.builders import CLIPS, MACHINE, TRANSCRIPT, World, build_draft
from tests.storage.calls import add, at_once, edit, listed, newest

WRITERS = 4
EACH = 5


def in_units(database: Database, call: Callable[[Unit], object]) -> list[object]:
    """The outcomes of the same call in several units that begin together."""

    def one() -> object:
        with database.unit() as unit:
            return call(unit)

    return at_once([one] * WRITERS)


def test_changes_are_numbered_one_by_one_under_writers_at_the_same_time(database: Database, world: World) -> None:
    start = newest(database, world)

    def write(part: str) -> list[int]:
        drafts = [build_draft(world.recording, world.pairing, f"{part} {number}") for number in range(EACH)]
        return [add(database, world, part, draft).change for draft in drafts]

    outcomes = at_once([lambda part=part: write(part) for part in ("mia", "daniel") * (WRITERS // 2)])  # type: ignore[misc]
    changes = [change for each in outcomes if isinstance(each, list) for change in each]
    assert sorted(changes) == list(range(start + 1, start + 1 + WRITERS * EACH))
    assert all(each == sorted(each) for each in outcomes if isinstance(each, list))
    assert newest(database, world) == start + WRITERS * EACH


def test_a_double_click_at_the_same_instant_keeps_one_comment(database: Database, world: World) -> None:
    draft = build_draft(world.recording, world.pairing, "Once")
    outcomes = at_once([lambda: add(database, world, "daniel", draft)] * WRITERS)
    assert all(isinstance(each, Comment) and each.id == draft.id for each in outcomes)
    assert listed(database, world, "daniel").count("Once") == 1


def test_of_two_edits_at_the_same_instant_one_is_a_conflict(database: Database, world: World) -> None:
    calls: list[Callable[[], object]] = [
        lambda: edit(database, world, "daniel", world.comment, "Left"),
        lambda: edit(database, world, "daniel", world.comment, "Right"),
    ]
    outcomes = at_once(calls)
    [kept] = [each for each in outcomes if isinstance(each, Comment)]
    assert len([each for each in outcomes if isinstance(each, Conflict)]) == 1
    assert kept.body in listed(database, world, "daniel")
    with database._engine.connect() as connection:
        bodies = connection.scalars(
            select(comment_version.c.body).where(comment_version.c.comment_id == world.comment)
        ).all()
    assert sorted(bodies) == sorted(["A word of daniel", kept.body])


def test_a_lesson_shared_twice_at_the_same_instant_has_one_grant(database: Database, world: World) -> None:
    given = in_units(
        database,
        lambda unit: unit.lessons.share(world.viewer(unit, "mia"), world.lesson, world.ungranted_pairing, at=world.at),
    )
    assert all(isinstance(each, Grant) and each == given[0] for each in given)
    with database._engine.connect() as connection:
        found = select(func.count()).where(lesson_grant.c.pairing_id == world.ungranted_pairing)
        assert connection.scalar(found) == 1


def test_a_recording_added_twice_at_the_same_instant_is_one(database: Database, world: World) -> None:
    sha256 = Sha256("cd" * 32)
    added = in_units(
        database,
        lambda unit: unit.lessons.add_recording(
            lesson_id=world.lesson,
            sha256=sha256,
            byte_count=1,
            file_name="x.mov",
            media_key=build_key("recordings", sha256, ".mov"),
            uploaded_by=world.mia,
            at=world.at,
        ),
    )
    assert all(isinstance(each, Recording) and each == added[0] for each in added)
    with database._engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(recording.c.sha256 == sha256)) == 1


def test_a_run_added_twice_at_the_same_instant_is_one(database: Database, world: World) -> None:
    with database.unit() as unit:
        unit.runs.finish(MACHINE, world.run, RunState.DONE, at=world.at)
    added = in_units(database, lambda unit: unit.runs.add_run(recording_id=world.recording, at=world.at))
    assert all(isinstance(each, Run) and each == added[0] for each in added)
    with database._engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(run)) == 2


def test_a_run_taken_up_twice_at_the_same_instant_is_one_attempt(database: Database, world: World) -> None:
    with database.unit() as unit:
        unit.runs.finish(MACHINE, world.run, RunState.FAILED, at=world.at)
    again = in_units(database, lambda unit: unit.runs.restart(world.viewer(unit, "mia"), world.recording))
    assert [each.attempt for each in again if isinstance(each, Run)] == [2] * WRITERS


def test_a_step_done_twice_at_the_same_instant_leaves_its_results_once(database: Database, world: World) -> None:
    spoken = replace(TRANSCRIPT, language="de")
    sha256 = Sha256("ef" * 32)

    def step(unit: Unit) -> object:
        unit.lessons.add_rendition(
            MACHINE,
            recording_id=world.recording,
            kind=RenditionKind.AUDIO,
            media_key=build_key("renditions", sha256, ".wav"),
            sha256=sha256,
            byte_count=1,
            content_type="audio/wav",
        )
        unit.clips.replace_proposed(MACHINE, world.recording, CLIPS, at=world.at)
        return unit.transcripts.add(MACHINE, world.recording, spoken, at=world.at)

    stored = in_units(database, step)
    assert [each.version for each in stored if isinstance(each, StoredTranscript)] == [2] * WRITERS
    with database._engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(clip)) == len(CLIPS)
        audio = select(func.count()).where(rendition.c.kind == RenditionKind.AUDIO)
        assert connection.scalar(audio) == 1
