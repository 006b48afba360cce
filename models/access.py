"""Who may do what: the whole permission table, as data, and the one function that reads it.

Nothing here knows a database. Repositories turn `relations_allowed` into SQL, pages and routes ask `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from models.ids import PairingId, PersonId, ProgrammeId
from models.people import PairingRole, PairingState


class Action(StrEnum):
    """What can be done, as resource:action, in the order of the alphabet."""

    CLIP_READ = "clip:read"
    COMMENT_READ = "comment:read"
    COMMENT_WRITE = "comment:write"
    LESSON_READ = "lesson:read"
    """Open the lesson: see its people, its recordings and its own page."""
    LESSON_SHARE = "lesson:share"
    LESSON_STATUS = "lesson:status"
    """See that the lesson exists, whose it is and how far its processing is; nothing of its content."""
    MEDIA_READ = "media:read"
    RUN_CONTROL = "run:control"
    TRANSCRIPT_READ = "transcript:read"


class Relation(StrEnum):
    """How a viewer stands to a lesson. A viewer may stand in several relations at once; having none is an outsider."""

    COORDINATOR = "coordinator"
    """Coordinates the programme that the lesson belongs to."""
    PARTNER_ACTIVE = "partner_active"
    """Member of a pairing that a teacher of the lesson has let in, while the pairing lasts."""
    PARTNER_READ_ONLY = "partner_read_only"
    """The same after the pairing ended, until it closes."""
    TEACHER = "teacher"
    """Taught the lesson."""


TABLE: Final[dict[Relation, frozenset[Action]]] = {
    Relation.COORDINATOR: frozenset({Action.LESSON_STATUS}),
    Relation.PARTNER_ACTIVE: frozenset(
        {
            Action.CLIP_READ,
            Action.COMMENT_READ,
            Action.COMMENT_WRITE,
            Action.LESSON_READ,
            Action.LESSON_STATUS,
            Action.MEDIA_READ,
            Action.TRANSCRIPT_READ,
        }
    ),
    Relation.PARTNER_READ_ONLY: frozenset(
        {
            Action.CLIP_READ,
            Action.COMMENT_READ,
            Action.LESSON_READ,
            Action.LESSON_STATUS,
            Action.MEDIA_READ,
            Action.TRANSCRIPT_READ,
        }
    ),
    Relation.TEACHER: frozenset(Action),
}
"""Everything that is allowed. What does not stand here is refused; an administrator stands nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One part of the viewer in one pairing, as it stood when the viewer was made."""

    pairing_id: PairingId
    role: PairingRole
    state: PairingState


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The signed-in person with her pairings at one instant: the proof that every read takes.

    Only `storage.people.People.viewer` makes one, from the rows as they are at `at`, so that an ended pairing counts
    at once.
    """

    person_id: PersonId
    name: str
    at: datetime
    is_administrator: bool
    memberships: tuple[Membership, ...]
    coordinates: frozenset[ProgrammeId]

    def pairings(self, *states: PairingState) -> tuple[PairingId, ...]:
        """The viewer's pairings that are in one of these states."""
        return tuple(each.pairing_id for each in self.memberships if each.state in states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The pipeline's own proof: reads what a run needs and shows it to nobody.

    Only the composition root makes one.
    """


def relations_allowed(action: Action) -> frozenset[Relation]:
    """The relations in which the action is allowed."""
    return frozenset(relation for relation, actions in TABLE.items() if action in actions)


def decide(relations: frozenset[Relation], action: Action) -> bool:
    """Whether a viewer who stands in these relations to a lesson may do this with it."""
    return any(action in TABLE[relation] for relation in relations)
