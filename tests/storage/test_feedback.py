"""Comments: never lost, never doubled, seen by their conversation only, and numbered in the order of their changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.errors import Conflict, NotFound
from models.feedback import Comment, CommentKind
from models.ids import PairingId
from models.people import PairingRole
from storage.database import Database, Unit
from storage.tables import comment_version
from tests.builders import DURATION_MS, SHA256, World, build_draft, new_comment_id
from tests.storage.calls import OTHER_TAG, TAG, add, edit, listed, newest

# Who reads what ---------------------------------------------------------------------------------------------------


def test_each_conversation_and_each_note_is_read_by_its_own_people_only(database: Database, world: World) -> None:
    assert sorted(listed(database, world, "mia")) == ["A note of mia", "A word of daniel", "A word of ines"]
    assert sorted(listed(database, world, "daniel")) == ["A note of daniel", "A word of daniel"]
    assert listed(database, world, "ines") == ["A word of ines"]
    assert listed(database, world, "co_teacher") == []
    for part in ("otto", "lena", "coordinator", "administrator", "outsider"):
        with pytest.raises(NotFound):
            listed(database, world, part)


def test_a_card_counts_what_its_viewer_may_read(database: Database, world: World) -> None:
    with database.view() as unit:
        counts = {
            part: [each.comment_count for each in unit.lessons.list_lessons(world.viewer(unit, part))]
            for part in ("mia", "co_teacher", "daniel", "ines", "otto", "coordinator", "outsider")
        }
    assert counts == {
        "mia": [3],
        "co_teacher": [0],
        "daniel": [2],
        "ines": [1],
        "otto": [],
        "coordinator": [0],
        "outsider": [],
    }


def test_a_private_note_is_its_authors_even_for_the_people_of_her_pairing(database: Database, world: World) -> None:
    for part in ("mia", "co_teacher"):
        assert "A note of daniel" not in listed(database, world, part)
    with pytest.raises(NotFound):
        edit(database, world, "mia", world.daniels_note, "Read it")
    with pytest.raises(NotFound):
        add(database, world, "mia", build_draft(world.recording, None, reply_to=world.daniels_note))


def test_comments_come_in_order_of_time(database: Database, world: World) -> None:
    for start_ms in (9_000, 3_000, 6_000):
        add(database, world, "co_teacher", build_draft(world.recording, None, f"{start_ms}", start_ms=start_ms))
    assert listed(database, world, "co_teacher") == ["3000", "6000", "9000"]


# Writing ----------------------------------------------------------------------------------------------------------


def test_a_comment_comes_back_as_it_was_written(database: Database, world: World) -> None:
    draft = replace(
        build_draft(world.recording, world.pairing, "Línea uno\nзвёзды 😀 '; --", tags=(TAG, OTHER_TAG)),
        kind=CommentKind.PRAISE,
    )
    kept = add(database, world, "mia", draft)
    assert kept == Comment(
        id=draft.id,
        lesson_id=world.lesson,
        recording_id=world.recording,
        pairing_id=world.pairing,
        author_id=world.mia,
        author_name="Mia",
        kind=CommentKind.PRAISE,
        start_ms=draft.start_ms,
        end_ms=draft.end_ms,
        body=draft.body,
        tags=(TAG, OTHER_TAG),
        created_at=world.at,
        revision=1,
        change=kept.change,
    )
    with database.view() as unit:
        found, change = unit.feedback.list_comments(world.viewer(unit, "daniel"), world.lesson, after=kept.change - 1)
    assert found == (kept,)
    assert change == kept.change


def test_a_second_click_changes_nothing(database: Database, world: World) -> None:
    draft = build_draft(world.recording, world.pairing, "Once")
    first = add(database, world, "daniel", draft)
    again = add(database, world, "daniel", replace(draft, body="Twice"), at=world.at + timedelta(minutes=1))
    assert again == first
    assert newest(database, world) == first.change
    assert listed(database, world, "daniel").count("Once") == 1


def test_a_second_click_after_an_edit_returns_what_was_edited(database: Database, world: World) -> None:
    draft = build_draft(world.recording, world.pairing, "First")
    add(database, world, "daniel", draft)
    edited = edit(database, world, "daniel", draft.id, "Second")
    assert add(database, world, "daniel", draft) == edited


def test_an_id_that_is_anothers_is_refused_and_changes_nothing(database: Database, world: World) -> None:
    for taken in (world.comment, world.daniels_note):
        with pytest.raises(NotFound):
            add(database, world, "mia", build_draft(world.recording, world.pairing, "Mine", comment_id=taken))
    assert sorted(listed(database, world, "daniel")) == ["A note of daniel", "A word of daniel"]


def conversations(world: World) -> dict[str, tuple[str, PairingId | None]]:
    return {
        "a pairing of others": ("ines", world.pairing),
        "a pairing of others, by a teacher": ("co_teacher", world.pairing),
        "one's own that ended": ("mia", world.ended_pairing),
        "one's own that is closed": ("mia", world.closed_pairing),
        "one's own that the lesson is not shared with": ("mia", world.ungranted_pairing),
        "one that ended, by its mentor": ("ines", world.ended_pairing),
        "a note after the pairing ended": ("ines", None),
        "a note of somebody who sees the state only": ("coordinator", None),
    }


def test_nothing_is_written_into_a_conversation_that_is_not_open_to_its_author(
    database: Database, world: World
) -> None:
    before = newest(database, world)
    for part, pairing in conversations(world).values():
        with pytest.raises(NotFound):
            add(database, world, part, build_draft(world.recording, pairing))
    assert newest(database, world) == before


def test_what_was_said_before_a_grant_was_withdrawn_stays_with_the_teacher(database: Database, world: World) -> None:
    with database.unit() as unit:
        unit.lessons.withdraw(world.viewer(unit, "mia"), world.grant, at=world.at)
    assert "A word of daniel" in listed(database, world, "mia")
    with pytest.raises(NotFound):
        listed(database, world, "daniel")
    for part in ("mia", "daniel"):
        with pytest.raises(NotFound):
            add(database, world, part, build_draft(world.recording, world.pairing))
    with pytest.raises(NotFound):
        edit(database, world, "daniel", world.comment, "After all")


# Replies ----------------------------------------------------------------------------------------------------------


def test_a_reply_hangs_on_a_comment_of_its_own_conversation_only(database: Database, world: World) -> None:
    reply = add(database, world, "mia", build_draft(world.recording, world.pairing, "Yes", reply_to=world.comment))
    assert reply.reply_to == world.comment
    strange = {
        "another conversation's": ("mia", world.pairing, world.ended_comment),
        "a closed conversation's": ("mia", world.pairing, world.closed_comment),
        "a note from the conversation": ("daniel", world.pairing, world.daniels_note),
        "the conversation from a note": ("daniel", None, world.comment),
        "a reply": ("daniel", world.pairing, reply.id),
    }
    for part, pairing, parent in strange.values():
        with pytest.raises(NotFound):
            add(database, world, part, build_draft(world.recording, pairing, reply_to=parent))


def test_a_reply_does_not_hang_on_a_comment_of_another_lesson(database: Database, world: World) -> None:
    with database.unit() as unit:
        mia = world.viewer(unit, "mia")
        lesson = unit.lessons.add_lesson(
            programme_id=world.programme, title="Another", teacher_ids=[world.mia], at=world.at
        )
        unit.lessons.share(mia, lesson.id, world.pairing, at=world.at)
        other = unit.lessons.add_recording(
            lesson_id=lesson.id,
            sha256=SHA256,
            byte_count=1,
            file_name="x.mov",
            media_key=unit.lessons.get_recording(mia, world.recording).media_key,
            uploaded_by=world.mia,
            at=world.at,
        )
    with pytest.raises(NotFound):
        add(database, world, "mia", build_draft(other.id, world.pairing, reply_to=world.comment))
    assert add(database, world, "mia", build_draft(other.id, world.pairing)).lesson_id == lesson.id


# Changing ---------------------------------------------------------------------------------------------------------


def test_an_edit_keeps_what_was_said_before(database: Database, world: World) -> None:
    draft = build_draft(world.recording, world.pairing, "First", tags=(TAG,))
    first = add(database, world, "daniel", draft)
    second = edit(database, world, "daniel", draft.id, "Second")
    third = edit(database, world, "daniel", draft.id, "Third", revision=2)
    assert (second.body, second.revision, second.tags, second.kind) == ("Second", 2, (OTHER_TAG,), CommentKind.QUESTION)
    assert (third.body, third.revision, third.edited_at) == ("Third", 3, world.at)
    assert first.change < second.change < third.change
    with database._engine.connect() as connection:
        history = connection.execute(
            select(comment_version.c.revision, comment_version.c.body, comment_version.c.tags)
            .where(comment_version.c.comment_id == draft.id)
            .order_by(comment_version.c.revision)
        ).all()
    assert [(row.revision, row.body, row.tags[0]["criterion"]) for row in history] == [
        (1, "First", TAG.criterion),
        (2, "Second", OTHER_TAG.criterion),
        (3, "Third", OTHER_TAG.criterion),
    ]


def test_an_edit_of_an_older_revision_is_a_conflict_and_changes_nothing(database: Database, world: World) -> None:
    edit(database, world, "daniel", world.comment, "Second")
    before = newest(database, world)
    for revision in (1, 3):
        with pytest.raises(Conflict):
            edit(database, world, "daniel", world.comment, "Lost", revision=revision)
    assert newest(database, world) == before
    assert "Second" in listed(database, world, "daniel")


def test_only_the_author_changes_a_comment(database: Database, world: World) -> None:
    def delete(unit: Unit, part: str) -> object:
        return unit.feedback.delete_comment(world.viewer(unit, part), world.comment, at=world.at)

    def restore(unit: Unit, part: str) -> object:
        return unit.feedback.restore_comment(world.viewer(unit, part), world.comment, at=world.at)

    calls: tuple[Callable[[Unit, str], object], ...] = (delete, restore)
    for part in ("mia", "co_teacher", "ines", "coordinator", "administrator", "outsider"):
        with pytest.raises(NotFound):
            edit(database, world, part, world.comment, "Other words")
        for call in calls:
            with database.unit() as unit, pytest.raises(NotFound):
                call(unit, part)
    assert "A word of daniel" in listed(database, world, "daniel")


def test_a_comment_of_a_pairing_that_ended_stays_as_it_is(database: Database, world: World) -> None:
    with pytest.raises(NotFound):
        edit(database, world, "ines", world.ended_comment, "Later")
    with database.unit() as unit, pytest.raises(NotFound):
        unit.feedback.delete_comment(world.viewer(unit, "ines"), world.ended_comment, at=world.at)
    assert listed(database, world, "ines") == ["A word of ines"]


def test_a_deleted_comment_is_gone_from_the_list_and_seen_as_deleted_by_who_asks_for_changes(
    database: Database, world: World
) -> None:
    before = newest(database, world)
    with database.unit() as unit:
        daniel = world.viewer(unit, "daniel")
        deleted = unit.feedback.delete_comment(daniel, world.comment, at=world.at)
        again = unit.feedback.delete_comment(daniel, world.comment, at=world.at + timedelta(minutes=1))
    assert deleted.deleted_at == world.at
    assert again == deleted
    assert sorted(listed(database, world, "mia")) == ["A note of mia", "A word of ines"]
    with database.view() as unit:
        changed, _ = unit.feedback.list_comments(world.viewer(unit, "mia"), world.lesson, after=before)
    assert changed == (deleted,)


def test_a_restored_comment_is_back_as_it_was(database: Database, world: World) -> None:
    with database.unit() as unit:
        daniel = world.viewer(unit, "daniel")
        [kept] = [each for each in unit.feedback.list_comments(daniel, world.lesson)[0] if each.id == world.comment]
        deleted = unit.feedback.delete_comment(daniel, world.comment, at=world.at)
        restored = unit.feedback.restore_comment(daniel, world.comment, at=world.at)
        assert unit.feedback.restore_comment(daniel, world.comment, at=world.at) == restored
    assert kept.change < deleted.change < restored.change
    assert replace(restored, change=kept.change) == kept
    assert "A word of daniel" in listed(database, world, "mia")


def test_a_page_that_asks_for_changes_gets_each_once(database: Database, world: World) -> None:
    seen = newest(database, world)
    assert listed(database, world, "daniel", after=seen) == []
    first = add(database, world, "mia", build_draft(world.recording, world.pairing, "New"))
    assert listed(database, world, "daniel", after=seen) == ["New"]
    assert listed(database, world, "daniel", after=first.change) == []
    edit(database, world, "daniel", world.comment, "Changed")
    assert listed(database, world, "daniel", after=first.change) == ["Changed"]


def test_a_pairing_may_have_several_mentors_who_share_one_conversation(database: Database, world: World) -> None:
    with database.unit() as unit:
        members = {
            world.mia: PairingRole.MENTEE,
            world.lena: PairingRole.MENTOR,
            world.outsider: PairingRole.MENTOR,
        }
        pairing = unit.people.add_pairing(programme_id=world.programme, members=members, from_at=world.at).id
        unit.lessons.share(world.viewer(unit, "mia"), world.lesson, pairing, at=world.at)
    said = build_draft(world.recording, pairing, "Hello", comment_id=new_comment_id(), start_ms=DURATION_MS)
    add(database, world, "lena", said)
    assert listed(database, world, "outsider") == ["Hello"]
    assert "Hello" not in listed(database, world, "daniel")
