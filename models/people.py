"""Who there is: people, programmes, pairings and the parts they play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.ids import PairingId, PersonId, ProgrammeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account. `is_administrator` runs the server and opens no content."""

    id: PersonId
    email: str
    name: str
    is_administrator: bool = False
    disabled_at: datetime | None = None


class PairingRole(StrEnum):
    """The part a person plays in one pairing; in another she may play the other."""

    MENTEE = "mentee"
    MENTOR = "mentor"


class PairingState(StrEnum):
    """What a pairing allows today."""

    ACTIVE = "active"
    READ_ONLY = "read_only"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A mentoring programme: who coordinates it and how long an ended pairing can still be read."""

    id: ProgrammeId
    name: str
    read_only_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingMember:
    """One person's part in a pairing."""

    person: Person
    role: PairingRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Mentors and mentees from one instant until another: the unit of access.

    `until_at` None means no end is set. After it the pairing can be read until `closes_at`, then not at all. Levels of
    the rubric are offered only where the pair has turned `levels_on`.
    """

    id: PairingId
    programme_id: ProgrammeId
    members: tuple[PairingMember, ...]
    from_at: datetime
    until_at: datetime | None = None
    closes_at: datetime | None = None
    levels_on: bool = False

    def state(self, at: datetime) -> PairingState:
        """What the pairing allows at that instant; before it begins it is closed."""
        if at < self.from_at:
            return PairingState.CLOSED
        if self.until_at is None or at < self.until_at:
            return PairingState.ACTIVE
        if self.closes_at is not None and at < self.closes_at:
            return PairingState.READ_ONLY
        return PairingState.CLOSED
