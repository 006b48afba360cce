"""The WHERE clauses against the permission table, in schools made up at random: many lessons, pairings and grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from models.access import Action, Relation, Viewer, decide
from models.ids import PairingId, PersonId, ProgrammeId
from models.people import Pairing, PairingState
from storage.database import Database
from storage.scope import comment_visible, lesson_visible, relation_holds
from storage.tables import (
    comment,
    lesson,
    metadata,
    person,
    programme,
    recording,
)
from tests.storage.conftest import AT

PEOPLE, PROGRAMMES, LESSONS, PAIRINGS = 4, 2, 3, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From and until, in days from now; until None means no end is set."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """Everything by its number: who taught which lesson, who coordinates what, who is paired, and what is shared."""

    taught: frozenset[tuple[int, int]]
    coordinated: frozenset[tuple[int, int]]
    paired: frozenset[tuple[int, int]]
    pairings: tuple[tuple[Days, int | None], ...]
    grants: tuple[tuple[int, int, Days, bool], ...]

    def pairing_state(self, number: int) -> PairingState:
        days, closes = self.pairings[number]
        return Pairing(
            id=PairingId(""),
            programme_id=ProgrammeId(""),
            members=(),
            from_at=AT + timedelta(days=days.start),
            until_at=None if days.end is None else AT + timedelta(days=days.end),
            closes_at=None if closes is None else AT + timedelta(days=closes),
        ).state(AT)

    def relations(self, who: int, which: int) -> frozenset[Relation]:
        """How a person stands to a lesson, worked out from the school without a database."""
        states = {
            self.pairing_state(number)
            for granted, number, days, withdrawn in self.grants
            if granted == which and (number, who) in self.paired
            if not withdrawn and days.start <= 0 and (days.end is None or days.end > 0)
        }
        held = {
            Relation.TEACHER: (which, who) in self.taught,
            Relation.COORDINATOR: (which % PROGRAMMES, who) in self.coordinated,
            Relation.PARTNER_ACTIVE: PairingState.ACTIVE in states,
            Relation.PARTNER_READ_ONLY: PairingState.READ_ONLY in states,
        }
        return frozenset(relation for relation, holds in held.items() if holds)

    def reads(self, who: int, which: int, number: int | None, author: int) -> bool:
        """Whether a person reads the comment that an author wrote about a lesson in a pairing, or as a note."""
        if not decide(self.relations(who, which), Action.COMMENT_READ):
            return False
        if number is None:
            return who == author
        return (number, who) in self.paired and self.pairing_state(number) is not PairingState.CLOSED


days = st.builds(Days, start=st.integers(-2, 1), end=st.none() | st.integers(-1, 2))
schools = st.builds(
    School,
    taught=st.frozensets(st.tuples(st.integers(0, LESSONS - 1), st.integers(0, PEOPLE - 1)), max_size=3),
    coordinated=st.frozensets(st.tuples(st.integers(0, PROGRAMMES - 1), st.integers(0, PEOPLE - 1)), max_size=2),
    paired=st.frozensets(st.tuples(st.integers(0, PAIRINGS - 1), st.integers(0, PEOPLE - 1)), max_size=7),
    pairings=st.tuples(*[st.tuples(days, st.none() | st.integers(-1, 2))] * PAIRINGS),
    grants=st.lists(
        st.tuples(st.integers(0, LESSONS - 1), st.integers(0, PAIRINGS - 1), days, st.booleans()), max_size=5
    ).map(tuple),
)
ALWAYS = Days(start=-1, end=None)
SHARED_ONCE = School(
    taught=frozenset({(0, 0), (1, 0), (2, 3)}),
    coordinated=frozenset(),
    paired=frozenset({(0, 0), (0, 1), (1, 0), (1, 2)}),
    pairings=((ALWAYS, None),) * PAIRINGS,
    grants=((0, 0, ALWAYS, False),),
)
"""Two lessons of one teacher, of which a mentor is given one."""


def fill(connection: Connection, school: School) -> None:
    """The school's rows, with a recording for each lesson and a comment of everybody in every conversation."""
    people = [{"id": f"p{n}", "email": f"{n}@x", "name": f"P{n}"} for n in range(PEOPLE)]
    connection.execute(insert(person), [each | {"is_administrator": False, "created_at": AT} for each in people])
    connection.execute(
        insert(programme), [{"id": f"g{n}", "name": f"G{n}", "read_only_days": 30} for n in range(PROGRAMMES)]
    )
    plain = {"subject": "", "grade": "", "created_at": AT}
    lessons = [{"id": f"l{n}", "programme_id": f"g{n % PROGRAMMES}", "title": f"L{n}"} for n in range(LESSONS)]
    connection.execute(insert(lesson), [each | plain for each in lessons])
    recorded = {"sha256": "", "byte_count": 1, "file_name": "", "media_key": "", "uploaded_by": "p0", "created_at": AT}
    connection.execute(insert(recording), [{"id": f"r{n}", "lesson_id": f"l{n}"} | recorded for n in range(LESSONS)])
    rows: dict[str, list[dict[str, object]]] = {
        "pairing": [
            {"id": f"a{n}", "programme_id": "g0", "levels_on": False, "closes_at": at(closes), **span(each)}
            for n, (each, closes) in enumerate(school.pairings)
        ],
        "pairing_member": [
            {"pairing_id": f"a{n}", "person_id": f"p{who}", "role": "mentor"} for n, who in school.paired
        ],
        "lesson_teacher": [{"lesson_id": f"l{n}", "person_id": f"p{who}", "position": 0} for n, who in school.taught],
        "programme_coordinator": [{"programme_id": f"g{n}", "person_id": f"p{who}"} for n, who in school.coordinated],
        "lesson_grant": [
            {
                "id": f"s{n}",
                "lesson_id": f"l{which}",
                "pairing_id": f"a{number}",
                "given_by": "p0",
                "withdrawn_at": AT if withdrawn else None,
                **span(each),
            }
            for n, (which, number, each, withdrawn) in enumerate(school.grants)
        ],
        "comment": [comment_row(which, number, who) for which, number, who in COMMENTS],
    }
    for name, values in rows.items():
        if values:
            connection.execute(insert(metadata.tables[name]), values)


COMMENTS = [
    (which, number, who) for which in range(LESSONS) for number in (None, *range(PAIRINGS)) for who in range(PEOPLE)
]


def comment_row(which: int, number: int | None, who: int) -> dict[str, object]:
    return {
        "id": f"{which} {number} {who}",
        "lesson_id": f"l{which}",
        "recording_id": f"r{which}",
        "pairing_id": None if number is None else f"a{number}",
        "author_id": f"p{who}",
        "kind": "noticing",
        "start_ms": 0,
        "end_ms": 0,
        "body": "x",
        "created_at": AT,
        "revision": 1,
        "change": 1,
    }


def at(number: int | None) -> object:
    return None if number is None else AT + timedelta(days=number)


def span(each: Days) -> dict[str, object]:
    return {"from_at": at(each.start), "until_at": at(each.end)}


def seen(connection: Connection, viewer: Viewer, action: Action) -> tuple[set[str], set[str]]:
    """The lessons, and the lessons of the recordings, with which the viewer may do this."""
    visible = lesson_visible(viewer, action)
    lessons = connection.scalars(select(lesson.c.id).where(visible))
    recordings = connection.scalars(select(recording.c.lesson_id).join(lesson).where(visible))
    return set(lessons), set(recordings)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(school=schools)
@example(school=SHARED_ONCE)
def test_the_clauses_let_through_what_the_table_allows(database: Database, school: School) -> None:
    with database.view() as unit:
        connection = unit.lessons._connection
        fill(connection, school)
        for who in range(PEOPLE):
            viewer = unit.people.viewer(PersonId(f"p{who}"), at=AT)
            relations = {which: school.relations(who, which) for which in range(LESSONS)}
            for relation in Relation:
                holding = connection.scalars(select(lesson.c.id).where(relation_holds(viewer, relation)))
                assert set(holding) == {f"l{which}" for which, held in relations.items() if relation in held}
            for action in Action:
                allowed = {f"l{which}" for which, held in relations.items() if decide(held, action)}
                assert seen(connection, viewer, action) == (allowed, allowed)
            read = connection.scalars(select(comment.c.id).join(lesson).where(comment_visible(viewer)))
            assert set(read) == {
                f"{which} {number} {author}"
                for which, number, author in COMMENTS
                if school.reads(who, which, number, author)
            }
