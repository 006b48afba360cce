"""What a list of lessons and a lesson's page say about it: its card, and how the viewer stands to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from models.access import Action, Relation, Viewer, decide
from models.ids import LessonId, PairingId, PersonId, ProgrammeId, RecordingId
from models.lesson import Lesson
from models.people import Pairing, PairingMember, PairingRole, PairingState
from models.run import Run
from storage.people import People
from storage.rows import AnyRow, media_from_json, run_of
from storage.scope import comment_visible, grant_live, lesson_visible, relation_holds
from storage.tables import comment, lesson, lesson_grant, lesson_teacher, person, recording, run, run_step


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonCard:
    """A lesson in a list. Who may see its state only finds `may_open` False, and no comment is counted.

    `recording_id` is that of its first recording, None while there is none.
    """

    lesson: Lesson
    teachers: tuple[str, ...]
    recording_id: RecordingId | None
    duration_ms: int | None
    run: Run | None
    may_open: bool
    comment_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A pairing in which the viewer talks about a lesson, or did while it was shared with the pairing."""

    pairing: Pairing
    can_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a viewer stands to a lesson; `reasons` say in sentences why she may see it."""

    relations: frozenset[Relation]
    reasons: tuple[str, ...]
    conversations: tuple[Conversation, ...]


def list_cards(connection: Connection, viewer: Viewer) -> tuple[LessonCard, ...]:
    """The cards of all lessons of which the viewer may at least see the state, newest first, in a fixed number of
    queries.
    """
    rows = connection.execute(
        select(lesson, lesson_visible(viewer, Action.LESSON_READ).label("may_open"))
        .where(lesson_visible(viewer, Action.LESSON_STATUS))
        .order_by(lesson.c.created_at.desc(), lesson.c.id)
    ).all()
    ids = [LessonId(row.id) for row in rows]
    teachers = _teachers(connection, ids)
    recordings = _first_recordings(connection, ids)
    runs = _newest_runs(connection, [each for each, _ in recordings.values()])
    counts = _comment_counts(connection, viewer, ids)
    cards = []
    for row in rows:
        lesson_id = LessonId(row.id)
        names = teachers.get(lesson_id, [])
        recording_id, duration_ms = recordings.get(lesson_id, (None, None))
        cards.append(
            LessonCard(
                lesson=Lesson(
                    id=lesson_id,
                    programme_id=ProgrammeId(row.programme_id),
                    title=row.title,
                    teacher_ids=tuple(each for each, _ in names),
                    subject=row.subject,
                    grade=row.grade,
                    taught_on=row.taught_on,
                    created_at=row.created_at,
                ),
                teachers=tuple(name for _, name in names),
                recording_id=recording_id,
                duration_ms=duration_ms,
                run=runs.get(recording_id) if recording_id else None,
                may_open=bool(row.may_open),
                comment_count=counts.get(lesson_id, 0),
            )
        )
    return tuple(cards)


def _teachers(connection: Connection, ids: list[LessonId]) -> dict[LessonId, list[tuple[PersonId, str]]]:
    rows = connection.execute(
        select(lesson_teacher.c.lesson_id, person.c.id, person.c.name)
        .join(person, person.c.id == lesson_teacher.c.person_id)
        .where(lesson_teacher.c.lesson_id.in_(ids))
        .order_by(lesson_teacher.c.position)
    )
    found: dict[LessonId, list[tuple[PersonId, str]]] = {}
    for row in rows:
        found.setdefault(LessonId(row.lesson_id), []).append((PersonId(row.id), row.name))
    return found


def _first_recordings(connection: Connection, ids: list[LessonId]) -> dict[LessonId, tuple[RecordingId, int | None]]:
    rows = connection.execute(
        select(recording.c.lesson_id, recording.c.id, recording.c.media)
        .where(recording.c.lesson_id.in_(ids))
        .order_by(recording.c.created_at.desc(), recording.c.id.desc())
    )
    return {
        LessonId(row.lesson_id): (
            RecordingId(row.id),
            media_from_json(row.media).duration_ms if row.media else None,
        )
        for row in rows
    }


def _newest_runs(connection: Connection, ids: list[RecordingId]) -> dict[RecordingId, Run]:
    # The newest comes last and stays.
    ordered = select(run).where(run.c.recording_id.in_(ids)).order_by(run.c.created_at, run.c.id.desc())
    rows = {row.recording_id: row for row in connection.execute(ordered)}
    steps: dict[str, list[AnyRow]] = {row.id: [] for row in rows.values()}
    for step in connection.execute(select(run_step).where(run_step.c.run_id.in_(steps))):
        steps[step.run_id].append(step)
    return {RecordingId(recording_id): run_of(row, steps[row.id]) for recording_id, row in rows.items()}


def _comment_counts(connection: Connection, viewer: Viewer, ids: list[LessonId]) -> dict[LessonId, int]:
    rows = connection.execute(
        select(comment.c.lesson_id, func.count())
        .join(lesson, lesson.c.id == comment.c.lesson_id)
        .where(lesson.c.id.in_(ids), comment.c.deleted_at.is_(None), comment_visible(viewer))
        .group_by(comment.c.lesson_id)
    )
    return {LessonId(lesson_id): count for lesson_id, count in rows}


def read_standing(connection: Connection, viewer: Viewer, lesson_id: LessonId) -> Standing:
    """How the viewer stands to a lesson that she may read."""
    held = connection.execute(
        select(*(relation_holds(viewer, each).label(each.value) for each in Relation)).where(lesson.c.id == lesson_id)
    ).one()
    relations = frozenset(each for each in Relation if getattr(held, each.value))
    granted = set(
        connection.scalars(
            select(lesson_grant.c.pairing_id).where(lesson_grant.c.lesson_id == lesson_id, grant_live(viewer))
        )
    )
    # What was said stays readable for those who may read it, also when the lesson is no longer shared with the pairing.
    spoken = set(
        connection.scalars(
            select(comment.c.pairing_id)
            .join(lesson, lesson.c.id == comment.c.lesson_id)
            .where(comment.c.lesson_id == lesson_id, comment.c.deleted_at.is_(None), comment_visible(viewer))
        )
    )
    pairings = People(connection).list_pairings(viewer)
    return Standing(
        relations=relations,
        reasons=_reasons(viewer, relations, [each for each in pairings if each.id in granted]),
        conversations=tuple(
            Conversation(pairing=each, can_write=each.id in granted and _can_write(viewer, relations, each))
            for each in pairings
            if each.id in granted | spoken
        ),
    )


def _can_write(viewer: Viewer, relations: frozenset[Relation], pairing: Pairing) -> bool:
    return decide(relations, Action.COMMENT_WRITE) and pairing.state(viewer.at) is PairingState.ACTIVE


def _reasons(viewer: Viewer, relations: frozenset[Relation], pairings: list[Pairing]) -> tuple[str, ...]:
    taught = ("You taught this lesson.",) if Relation.TEACHER in relations else ()
    return (*taught, *(_pairing_reason(viewer, each) for each in pairings))


def _pairing_reason(viewer: Viewer, pairing: Pairing) -> str:
    mine = next(each for each in pairing.members if each.person.id == viewer.person_id)
    other_role = PairingRole.MENTEE if mine.role is PairingRole.MENTOR else PairingRole.MENTOR
    names = _names([each for each in pairing.members if each.role is other_role])
    until = f" until {_day(pairing.until_at)}" if pairing.until_at else ""
    if pairing.state(viewer.at) is PairingState.READ_ONLY:
        return f"You were a {mine.role} with {names}{until}; you can still read it until {_day(pairing.closes_at)}."
    return f"It is shared with your pairing: you are a {mine.role} with {names}{until}."


def _names(members: list[PairingMember]) -> str:
    names = [each.person.name for each in members]
    return " and ".join(names) if names else "others"


def _day(at: datetime | None) -> str:
    return f"{at.day} {at:%B %Y}" if at else ""


def live_pairing_ids(connection: Connection, viewer: Viewer, lesson_id: LessonId) -> frozenset[PairingId]:
    """The viewer's active pairings that the lesson is shared with."""
    return frozenset(
        each.pairing.id for each in read_standing(connection, viewer, lesson_id).conversations if each.can_write
    )
