"""People, programmes and pairings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.access import Membership, Viewer
from models.errors import EmailTaken, InvalidInput, NotFound
from models.ids import PairingId, PersonId, ProgrammeId
from models.people import Pairing, PairingMember, PairingRole, PairingState, Person, Programme
from storage.rows import AnyRow, person_of
from storage.scope import pairing_open
from storage.tables import pairing, pairing_member, person, programme, programme_coordinator


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What signing in needs: the person, and the hash of her password if she has one."""

    person: Person
    password_hash: str | None


class People:
    """Who there is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_person(
        self, *, email: str, name: str, is_administrator: bool = False, password_hash: str | None = None, at: datetime
    ) -> Person:
        """A new account. Its address is kept in lower case and belongs to one account only. Raises EmailTaken."""
        added = Person(
            id=PersonId(str(uuid4())), email=email.strip().lower(), name=name, is_administrator=is_administrator
        )
        row = insert(person).values(
            id=added.id,
            email=added.email,
            name=added.name,
            is_administrator=is_administrator,
            password_hash=password_hash,
            created_at=at,
        )
        try:
            with self._connection.begin_nested():
                self._connection.execute(row)
        except IntegrityError as error:
            raise EmailTaken from error
        return added

    def find_sign_in(self, email: str) -> SignIn | None:
        """The account with this address and its password's hash: for signing in, when there is no viewer yet."""
        row = self._connection.execute(select(person).where(person.c.email == email.strip().lower())).one_or_none()
        return SignIn(person=person_of(row), password_hash=row.password_hash) if row else None

    def find_person_by_email(self, email: str) -> Person | None:
        """The account with this address: for commands that set people up."""
        found = self.find_sign_in(email)
        return found.person if found else None

    def set_password_hash(self, person_id: PersonId, password_hash: str) -> None:
        """Give the account another password."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(password_hash=password_hash))

    def viewer(self, person_id: PersonId, *, at: datetime) -> Viewer:
        """The person as a viewer at this instant. Raises NotFound for an unknown or disabled account."""
        row = self._connection.execute(
            select(person).where(person.c.id == person_id, person.c.disabled_at.is_(None))
        ).one_or_none()
        if row is None:
            raise NotFound
        parts = self._connection.execute(
            select(pairing, pairing_member.c.role)
            .join(pairing_member, pairing_member.c.pairing_id == pairing.c.id)
            .where(pairing_member.c.person_id == person_id)
            .order_by(pairing.c.from_at, pairing.c.id)
        ).all()
        coordinated = self._connection.scalars(
            select(programme_coordinator.c.programme_id).where(programme_coordinator.c.person_id == person_id)
        )
        return Viewer(
            person_id=person_id,
            name=row.name,
            at=at,
            is_administrator=row.is_administrator,
            memberships=tuple(
                Membership(
                    pairing_id=PairingId(part.id),
                    role=PairingRole(part.role),
                    state=_pairing_of(part, ()).state(at),
                )
                for part in parts
            ),
            coordinates=frozenset(ProgrammeId(each) for each in coordinated),
        )

    def add_programme(self, *, name: str, read_only_days: int = 30) -> Programme:
        """A new programme."""
        added = Programme(id=ProgrammeId(str(uuid4())), name=name, read_only_days=read_only_days)
        self._connection.execute(
            insert(programme).values(id=added.id, name=added.name, read_only_days=added.read_only_days)
        )
        return added

    def add_coordinator(self, programme_id: ProgrammeId, person_id: PersonId) -> None:
        """Let the person coordinate the programme."""
        self._connection.execute(insert(programme_coordinator).values(programme_id=programme_id, person_id=person_id))

    def add_pairing(
        self,
        *,
        programme_id: ProgrammeId,
        members: Mapping[PersonId, PairingRole],
        from_at: datetime,
        until_at: datetime | None = None,
        levels_on: bool = False,
    ) -> Pairing:
        """A new pairing. After `until_at` it can be read for as many days as the programme says.

        Raises NotFound for an unknown programme, InvalidInput where there are no members.
        """
        if not members:
            raise InvalidInput("a pairing needs members")
        pairing_id = PairingId(str(uuid4()))
        closes_at = until_at + self._read_only_time(programme_id) if until_at else None
        self._connection.execute(
            insert(pairing).values(
                id=pairing_id,
                programme_id=programme_id,
                from_at=from_at,
                until_at=until_at,
                closes_at=closes_at,
                levels_on=levels_on,
            )
        )
        self._connection.execute(
            insert(pairing_member),
            [{"pairing_id": pairing_id, "person_id": each, "role": role} for each, role in members.items()],
        )
        row = self._connection.execute(select(pairing).where(pairing.c.id == pairing_id)).one()
        return _pairing_of(row, self._members([pairing_id])[pairing_id])

    def end_pairing(self, pairing_id: PairingId, *, at: datetime) -> None:
        """End the pairing now; it can still be read for as many days as its programme says.

        One that has ended already stays as it is, so that nothing closed opens again. Raises NotFound.
        """
        programme_id = self._connection.scalar(select(pairing.c.programme_id).where(pairing.c.id == pairing_id))
        if programme_id is None:
            raise NotFound
        closes_at = at + self._read_only_time(ProgrammeId(programme_id))
        self._connection.execute(
            update(pairing)
            .where(pairing.c.id == pairing_id, or_(pairing.c.until_at.is_(None), pairing.c.until_at > at))
            .values(until_at=at, closes_at=closes_at)
        )

    def set_levels(self, viewer: Viewer, pairing_id: PairingId, *, on: bool) -> None:
        """Turn the rubric's levels on or off for an active pairing of the viewer's. Raises NotFound."""
        done = self._connection.execute(
            update(pairing)
            .where(pairing.c.id == pairing_id, pairing_open(viewer, PairingState.ACTIVE))
            .values(levels_on=on)
        )
        if done.rowcount == 0:
            raise NotFound

    def list_pairings(self, viewer: Viewer) -> tuple[Pairing, ...]:
        """The viewer's own pairings that are open, with everybody in them."""
        rows = self._connection.execute(
            select(pairing)
            .where(pairing_open(viewer, PairingState.ACTIVE, PairingState.READ_ONLY))
            .order_by(pairing.c.from_at, pairing.c.id)
        ).all()
        members = self._members([PairingId(row.id) for row in rows])
        return tuple(_pairing_of(row, members[PairingId(row.id)]) for row in rows)

    def _read_only_time(self, programme_id: ProgrammeId) -> timedelta:
        days = self._connection.scalar(select(programme.c.read_only_days).where(programme.c.id == programme_id))
        if days is None:
            raise NotFound
        return timedelta(days=days)

    def _members(self, pairing_ids: Iterable[PairingId]) -> dict[PairingId, tuple[PairingMember, ...]]:
        wanted = list(pairing_ids)
        rows = self._connection.execute(
            select(pairing_member.c.pairing_id, pairing_member.c.role, person)
            .join(person, person.c.id == pairing_member.c.person_id)
            .where(pairing_member.c.pairing_id.in_(wanted))
            .order_by(pairing_member.c.role.desc(), person.c.name)
        ).all()
        return {
            each: tuple(
                PairingMember(person=person_of(row), role=PairingRole(row.role))
                for row in rows
                if row.pairing_id == each
            )
            for each in wanted
        }


def _pairing_of(row: AnyRow, members: tuple[PairingMember, ...]) -> Pairing:
    return Pairing(
        id=PairingId(row.id),
        programme_id=ProgrammeId(row.programme_id),
        members=members,
        from_at=row.from_at,
        until_at=row.until_at,
        closes_at=row.closes_at,
        levels_on=row.levels_on,
    )
