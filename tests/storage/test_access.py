"""Who sees what: every part in the school, every read and write, against the permission table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from models.access import Action, Relation, Viewer, decide
from models.errors import NotFound
from models.feedback import CommentKind
from models.ids import CommentId, GrantId, LessonId, PairingId, RecordingId, RunId
from models.lesson import RenditionKind
from models.people import PairingState
from models.run import RunState
from storage.database import Database, Unit
from tests.builders import MACHINE, PARTS, World, build_draft

RELATIONS: dict[str, frozenset[Relation]] = {
    "mia": frozenset({Relation.TEACHER, Relation.PARTNER_ACTIVE, Relation.PARTNER_READ_ONLY}),
    "co_teacher": frozenset({Relation.TEACHER}),
    "daniel": frozenset({Relation.PARTNER_ACTIVE}),
    "ines": frozenset({Relation.PARTNER_READ_ONLY}),
    "coordinator": frozenset({Relation.COORDINATOR}),
}
"""How the school's people stand to the lesson; who is not here stands in no relation."""

Call = Callable[[Unit, Viewer, World], object]
"""One read or write in the name of a person; what was found, or NotFound."""

READS: dict[str, tuple[Action, Call]] = {
    "lessons.list_lessons": (
        Action.LESSON_STATUS,
        lambda unit, viewer, world: unit.lessons.list_lessons(viewer),
    ),
    "lessons.get_lesson": (
        Action.LESSON_READ,
        lambda unit, viewer, world: unit.lessons.get_lesson(viewer, world.lesson),
    ),
    "lessons.get_standing": (
        Action.LESSON_READ,
        lambda unit, viewer, world: unit.lessons.get_standing(viewer, world.lesson),
    ),
    "lessons.get_recording": (
        Action.LESSON_READ,
        lambda unit, viewer, world: unit.lessons.get_recording(viewer, world.recording),
    ),
    "lessons.list_recordings": (
        Action.LESSON_READ,
        lambda unit, viewer, world: unit.lessons.list_recordings(viewer, world.lesson),
    ),
    "lessons.list_renditions": (
        Action.MEDIA_READ,
        lambda unit, viewer, world: unit.lessons.list_renditions(viewer, world.recording),
    ),
    "lessons.get_rendition": (
        Action.MEDIA_READ,
        lambda unit, viewer, world: unit.lessons.get_rendition(viewer, world.recording, RenditionKind.WEB),
    ),
    "runs.get_run": (Action.LESSON_STATUS, lambda unit, viewer, world: unit.runs.get_run(viewer, world.run)),
    "runs.find_newest_run": (
        Action.LESSON_STATUS,
        lambda unit, viewer, world: unit.runs.find_newest_run(viewer, world.recording),
    ),
    "transcripts.find_newest": (
        Action.TRANSCRIPT_READ,
        lambda unit, viewer, world: unit.transcripts.find_newest(viewer, world.recording),
    ),
    "transcripts.get_newest": (
        Action.TRANSCRIPT_READ,
        lambda unit, viewer, world: unit.transcripts.get_newest(viewer, world.recording),
    ),
    "clips.list_clips": (Action.CLIP_READ, lambda unit, viewer, world: unit.clips.list_clips(viewer, world.recording)),
    "feedback.list_comments": (
        Action.COMMENT_READ,
        lambda unit, viewer, world: unit.feedback.list_comments(viewer, world.lesson),
    ),
}

WRITES: dict[str, tuple[Action, Call]] = {
    "lessons.share": (
        Action.LESSON_SHARE,
        # Only Mia is in a pairing that could be given it; the co-teacher has none, which is tested below.
        lambda unit, viewer, world: unit.lessons.share(viewer, world.lesson, world.ungranted_pairing, at=world.at),
    ),
    "lessons.withdraw": (
        Action.LESSON_SHARE,
        lambda unit, viewer, world: done(partial(unit.lessons.withdraw, viewer, world.grant, at=world.at)),
    ),
    "runs.request_cancel": (
        Action.RUN_CONTROL,
        lambda unit, viewer, world: done(partial(unit.runs.request_cancel, viewer, world.run)),
    ),
    "runs.restart": (Action.RUN_CONTROL, lambda unit, viewer, world: unit.runs.restart(viewer, world.recording)),
    "feedback.add_comment": (
        Action.COMMENT_WRITE,
        lambda unit, viewer, world: unit.feedback.add_comment(viewer, build_draft(world.recording, None), at=world.at),
    ),
}

OWN_WRITES = {
    "people.set_levels",  # a member's, below
    "feedback.edit_comment",  # the author's, in test_feedback.py
    "feedback.delete_comment",
    "feedback.restore_comment",
}

MACHINE_READS = {"lessons.find_recording_by_sha256", "runs.list_unfinished", "runs.is_cancel_requested"}
OTHER_READS = {
    "people.list_pairings",  # the viewer's own, below
    "people.find_sign_in",
    "people.find_person_by_email",
    "sessions.find",
}


def found(call: Call, unit: Unit, viewer: Viewer, world: World) -> bool:
    """Whether the call finds or does something; a refusal says the same words as always."""
    refusals: list[str] = []
    got: object = None
    try:
        got = call(unit, viewer, world)
    except NotFound as refused:
        refusals.append(refused.message)
    assert refusals in ([], [NotFound().message])
    return bool(got)


def done(call: Callable[[], None]) -> bool:
    """A write that returns nothing, for `found`."""
    call()
    return True


def expected(action: Action) -> dict[str, bool]:
    return {part: decide(RELATIONS.get(part, frozenset()), action) for part in PARTS}


def outcomes(database: Database, world: World, call: Call) -> dict[str, bool]:
    """What each person of the school gets; each tries in a unit of her own, of which nothing is kept."""
    got = {}
    for part in PARTS:
        with database.view() as unit:
            got[part] = found(call, unit, world.viewer(unit, part), world)
    return got


@pytest.mark.parametrize("name", READS)
def test_a_read_finds_what_the_table_allows_and_nothing_else(database: Database, world: World, name: str) -> None:
    action, call = READS[name]
    assert outcomes(database, world, call) == expected(action)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_done_for_whom_the_table_allows_and_nobody_else(database: Database, world: World, name: str) -> None:
    action, call = WRITES[name]
    allowed = expected(action)
    if name == "lessons.share":
        allowed["co_teacher"] = False
    assert outcomes(database, world, call) == allowed


def test_every_method_that_reads_or_takes_a_viewer_is_tried_here(database: Database) -> None:
    with database.view() as unit:
        methods = {
            f"{repository}.{name}": getattr(type(getattr(unit, repository)), name)
            for repository in unit.__slots__
            for name in vars(type(getattr(unit, repository)))
            if not name.startswith("_")
        }
    takes_a_viewer = {name for name, each in methods.items() if "Viewer" in each.__annotations__.get("viewer", "")}
    reads = {name for name in methods if name.split(".")[1].partition("_")[0] in {"find", "get", "list", "is"}}
    tried = set(READS) | set(WRITES) | OWN_WRITES | MACHINE_READS | OTHER_READS
    assert takes_a_viewer | reads == tried


def test_a_lesson_in_a_list_says_whether_it_may_be_opened(database: Database, world: World) -> None:
    def may_open(unit: Unit, viewer: Viewer, world: World) -> bool:
        return any(each.may_open for each in unit.lessons.list_lessons(viewer))

    assert outcomes(database, world, may_open) == expected(Action.LESSON_READ)


NOWHERE: dict[str, Call] = {
    "lesson": lambda unit, viewer, world: unit.lessons.get_lesson(viewer, LessonId("nowhere")),
    "standing": lambda unit, viewer, world: unit.lessons.get_standing(viewer, LessonId("nowhere")),
    "recording": lambda unit, viewer, world: unit.lessons.get_recording(viewer, RecordingId("nowhere")),
    "rendition": lambda unit, viewer, world: unit.lessons.get_rendition(
        viewer, RecordingId("nowhere"), RenditionKind.WEB
    ),
    "run": lambda unit, viewer, world: unit.runs.get_run(viewer, RunId("nowhere")),
    "transcript": lambda unit, viewer, world: unit.transcripts.get_newest(viewer, RecordingId("nowhere")),
    "comments": lambda unit, viewer, world: unit.feedback.list_comments(viewer, LessonId("nowhere")),
    "share": lambda unit, viewer, world: unit.lessons.share(
        viewer, LessonId("nowhere"), world.ungranted_pairing, at=world.at
    ),
    "share with": lambda unit, viewer, world: unit.lessons.share(
        viewer, world.lesson, PairingId("nowhere"), at=world.at
    ),
    "withdraw": lambda unit, viewer, world: unit.lessons.withdraw(viewer, GrantId("nowhere"), at=world.at),
    "cancel": lambda unit, viewer, world: unit.runs.request_cancel(viewer, RunId("nowhere")),
    "restart": lambda unit, viewer, world: unit.runs.restart(viewer, RecordingId("nowhere")),
    "levels": lambda unit, viewer, world: unit.people.set_levels(viewer, PairingId("nowhere"), on=True),
    "comment on": lambda unit, viewer, world: unit.feedback.add_comment(
        viewer, build_draft(RecordingId("nowhere"), None), at=world.at
    ),
    "comment in": lambda unit, viewer, world: unit.feedback.add_comment(
        viewer, build_draft(world.recording, PairingId("nowhere")), at=world.at
    ),
    "reply to": lambda unit, viewer, world: unit.feedback.add_comment(
        viewer, build_draft(world.recording, world.pairing, reply_to=CommentId("nowhere")), at=world.at
    ),
    "edit": lambda unit, viewer, world: unit.feedback.edit_comment(
        viewer, CommentId("nowhere"), body="Other", kind=CommentKind.PRAISE, tags=(), revision=1, at=world.at
    ),
    "delete": lambda unit, viewer, world: unit.feedback.delete_comment(viewer, CommentId("nowhere"), at=world.at),
    "restore": lambda unit, viewer, world: unit.feedback.restore_comment(viewer, CommentId("nowhere"), at=world.at),
}


def test_what_does_not_exist_is_refused_in_the_same_words(database: Database, world: World) -> None:
    for part in ("mia", "outsider"):
        for call in NOWHERE.values():
            with database.view() as unit:
                assert not found(call, unit, world.viewer(unit, part), world)


def test_a_list_or_search_of_what_does_not_exist_is_empty(database: Database, world: World) -> None:
    with database.view() as unit:
        mia, nowhere = world.viewer(unit, "mia"), RecordingId("nowhere")
        assert unit.lessons.list_recordings(mia, LessonId("nowhere")) == ()
        assert unit.lessons.list_renditions(mia, nowhere) == ()
        assert unit.clips.list_clips(mia, nowhere) == ()
        assert unit.transcripts.find_newest(mia, nowhere) is None
        assert unit.runs.find_newest_run(mia, nowhere) is None


def test_the_machine_reads_what_a_run_needs(database: Database, world: World) -> None:
    with database.view() as unit:
        assert unit.lessons.get_lesson(MACHINE, world.lesson).id == world.lesson
        assert unit.lessons.get_recording(MACHINE, world.recording).id == world.recording
        assert len(unit.lessons.list_renditions(MACHINE, world.recording)) == 2
        assert unit.runs.get_run(MACHINE, world.run).state is RunState.WAITING
        assert unit.transcripts.get_newest(MACHINE, world.recording).version == 1
        assert len(unit.clips.list_clips(MACHINE, world.recording)) == 2


# At once ----------------------------------------------------------------------------------------------------------


def states(database: Database, world: World, part: str) -> tuple[bool, bool]:
    """Whether the person may read the lesson, and write to it."""
    with database.view() as unit:
        viewer = world.viewer(unit, part)
        return (
            found(READS["lessons.get_lesson"][1], unit, viewer, world),
            found(WRITES["feedback.add_comment"][1], unit, viewer, world),
        )


def test_a_withdrawn_grant_counts_at_once(database: Database, world: World) -> None:
    assert states(database, world, "daniel") == (True, True)
    with database.unit() as unit:
        stale = world.viewer(unit, "daniel")
        unit.lessons.withdraw(world.viewer(unit, "co_teacher"), world.grant, at=world.at)
        assert not found(READS["lessons.get_lesson"][1], unit, stale, world)
    assert states(database, world, "daniel") == (False, False)


def test_a_lesson_shared_again_after_it_was_withdrawn_can_be_read_again(database: Database, world: World) -> None:
    with database.unit() as unit:
        mia = world.viewer(unit, "mia")
        unit.lessons.withdraw(mia, world.grant, at=world.at)
        again = unit.lessons.share(mia, world.lesson, world.pairing, at=world.at)
        assert again.id != world.grant
        assert unit.lessons.share(mia, world.lesson, world.pairing, at=world.at) == again
    assert states(database, world, "daniel") == (True, True)


def test_a_pairing_that_ends_can_be_read_and_no_longer_written_to(database: Database, world: World) -> None:
    with database.unit() as unit:
        stale = world.viewer(unit, "daniel")
        unit.people.end_pairing(world.pairing, at=world.at)
        assert not found(WRITES["feedback.add_comment"][1], unit, stale, world)
    assert states(database, world, "daniel") == (True, False)


def test_ending_a_pairing_that_is_closed_opens_nothing(database: Database, world: World) -> None:
    with database.unit() as unit:
        unit.people.end_pairing(world.closed_pairing, at=world.at)
    assert states(database, world, "otto") == (False, False)


def test_ending_a_pairing_twice_lengthens_nothing(database: Database, world: World) -> None:
    def until(unit: Unit) -> object:
        pairings = unit.people.list_pairings(world.viewer(unit, "ines"))
        return [(each.until_at, each.closes_at) for each in pairings]

    with database.unit() as unit:
        before = until(unit)
        unit.people.end_pairing(world.ended_pairing, at=world.at)
        assert until(unit) == before


@pytest.mark.parametrize("late", [timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1)])
def test_a_pairing_is_read_as_its_state_says_to_the_microsecond(
    database: Database, world: World, late: timedelta
) -> None:
    with database.view() as unit:
        [pairing] = unit.people.list_pairings(world.viewer(unit, "ines"))
        assert pairing.until_at
        assert pairing.closes_at
        for moment in (pairing.from_at, pairing.until_at, pairing.closes_at):
            at = moment + late
            viewer = world.viewer(unit, "ines", at=at)
            state = pairing.state(at)
            assert found(READS["lessons.get_lesson"][1], unit, viewer, world) is (state is not PairingState.CLOSED)
            assert found(WRITES["feedback.add_comment"][1], unit, viewer, world) is (state is PairingState.ACTIVE)


def test_a_grant_for_later_opens_nothing_now(database: Database, world: World) -> None:
    tomorrow = world.at + timedelta(days=1)
    with database.unit() as unit:
        unit.lessons.share(world.viewer(unit, "mia"), world.lesson, world.ungranted_pairing, at=tomorrow)
        assert not found(READS["lessons.get_lesson"][1], unit, world.viewer(unit, "lena"), world)
        assert found(READS["lessons.get_lesson"][1], unit, world.viewer(unit, "lena", at=tomorrow), world)


def test_a_lesson_is_shared_with_an_active_pairing_of_ones_own_only(database: Database, world: World) -> None:
    for part, pairing in (
        ("mia", world.ended_pairing),
        ("mia", world.closed_pairing),
        ("co_teacher", world.ungranted_pairing),
    ):
        with database.view() as unit, pytest.raises(NotFound):
            unit.lessons.share(world.viewer(unit, part), world.lesson, pairing, at=world.at)


def test_levels_are_turned_on_by_a_member_of_an_active_pairing_only(database: Database, world: World) -> None:
    def turn_on(pairing: PairingId) -> dict[str, bool]:
        return outcomes(
            database, world, lambda unit, viewer, _: done(partial(unit.people.set_levels, viewer, pairing, on=True))
        )

    assert turn_on(world.pairing) == {part: part in {"mia", "daniel"} for part in PARTS}
    assert not any(turn_on(world.ended_pairing).values())
    assert not any(turn_on(world.closed_pairing).values())


def test_a_person_lists_her_own_open_pairings_only(database: Database, world: World) -> None:
    with database.view() as unit:
        listed = {part: {each.id for each in unit.people.list_pairings(world.viewer(unit, part))} for part in PARTS}
    assert listed == {part: set() for part in PARTS} | {
        "mia": {world.pairing, world.ended_pairing, world.ungranted_pairing},
        "daniel": {world.pairing},
        "ines": {world.ended_pairing},
        "lena": {world.ungranted_pairing},
    }


def test_a_page_can_say_why_the_viewer_sees_it(database: Database, world: World) -> None:
    with database.view() as unit:
        standings = {
            part: unit.lessons.get_standing(world.viewer(unit, part), world.lesson)
            for part in ("mia", "co_teacher", "daniel", "ines")
        }
    assert {part: each.relations for part, each in standings.items()} == {part: RELATIONS[part] for part in standings}
    assert standings["co_teacher"].reasons == ("You taught this lesson.",)
    assert standings["daniel"].reasons == ("It is shared with your pairing: you are a mentor with Mia.",)
    assert standings["ines"].reasons == (
        "You were a mentor with Mia until 29 August 2026; you can still read it until 28 September 2026.",
    )
    writable = {
        part: {each.pairing.id: each.can_write for each in one.conversations} for part, one in standings.items()
    }
    assert writable == {
        "mia": {world.pairing: True, world.ended_pairing: False},
        "co_teacher": {},
        "daniel": {world.pairing: True},
        "ines": {world.ended_pairing: False},
    }
