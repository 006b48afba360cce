"""Sessions of signed-in people. Of the token only its SHA-256 is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from models.ids import PersonId
from storage.tables import web_session

_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is behind a token, and what has to come back with every change she asks for."""

    person_id: PersonId
    csrf: str


class Sessions:
    """Who is signed in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(
        self, token_sha256: str, *, person_id: PersonId, csrf: str, at: datetime, idle: timedelta, absolute: timedelta
    ) -> None:
        """Begin a session that ends after `idle` without use, and in any case after `absolute`."""
        self._connection.execute(
            insert(web_session).values(
                token_sha256=token_sha256,
                person_id=person_id,
                csrf=csrf,
                created_at=at,
                seen_at=at,
                idle_seconds=int(idle.total_seconds()),
                expires_at=at + absolute,
            )
        )

    def find(self, token_sha256: str, *, at: datetime) -> Session | None:
        """The session of this token, None when it ended, ran out or never was; notes its use once a minute."""
        row = self._connection.execute(
            select(web_session).where(
                web_session.c.token_sha256 == token_sha256,
                web_session.c.ended_at.is_(None),
                web_session.c.expires_at > at,
            )
        ).one_or_none()
        if row is None or at - row.seen_at >= timedelta(seconds=row.idle_seconds):
            return None
        if at - row.seen_at >= _TOUCH_EVERY:
            self._connection.execute(
                update(web_session).where(web_session.c.token_sha256 == token_sha256).values(seen_at=at)
            )
        return Session(person_id=PersonId(row.person_id), csrf=row.csrf)

    def end(self, token_sha256: str, *, at: datetime) -> None:
        """End one session; harmless when it has ended."""
        self._connection.execute(
            update(web_session)
            .where(web_session.c.token_sha256 == token_sha256, web_session.c.ended_at.is_(None))
            .values(ended_at=at)
        )

    def end_all(self, person_id: PersonId, *, at: datetime) -> None:
        """End every session of the person."""
        self._connection.execute(
            update(web_session)
            .where(web_session.c.person_id == person_id, web_session.c.ended_at.is_(None))
            .values(ended_at=at)
        )

    def sweep(self, *, before: datetime) -> int:
        """Remove sessions that ran out before then; says how many."""
        return self._connection.execute(delete(web_session).where(web_session.c.expires_at < before)).rowcount
