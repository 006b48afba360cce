"""Signing in and out: who is behind a request, and the tokens that say so."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.access import Viewer
from models.errors import NotFound, WrongCredentials
from pipeline.bootstrap import Services
from review.attempts import Attempts
from storage.passwords import verify_password

_LONGEST_EMAIL = 254
_LONGEST_PASSWORD = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is behind a request. `csrf` has to come back with every request of theirs that changes something."""

    viewer: Viewer
    csrf: str


def sign_in(
    services: Services, attempts: Attempts, *, email: str, password: str, client: str, old_token: str, at: datetime
) -> str:
    """Begin a session and return its token, which only the person's browser keeps.

    The session of `old_token`, if there is one, ends, so that no token outlives a sign-in. Takes as long for an unknown
    address as for a wrong password. Raises WrongCredentials, and TooManyAttempts after several of those from `client`.
    """
    address = email.strip().lower()
    place = f"{client} {address[:_LONGEST_EMAIL]}"
    attempts.check(place, at=at)
    usable = len(address) <= _LONGEST_EMAIL and len(password) <= _LONGEST_PASSWORD
    with services.database.unit() as unit:
        found = unit.people.find_sign_in(address) if usable else None
    correct = verify_password(password[:_LONGEST_PASSWORD], found.password_hash if found else None)
    if found is None or not correct or not usable or found.person.disabled_at is not None:
        attempts.note_miss(place, at=at)
        raise WrongCredentials
    attempts.note_hit(place)
    token = secrets.token_urlsafe(32)
    with services.database.unit() as unit:
        if old_token:
            unit.sessions.end(_digest(old_token), at=at)
        unit.sessions.start(
            _digest(token),
            person_id=found.person.id,
            csrf=secrets.token_urlsafe(32),
            at=at,
            idle=timedelta(minutes=services.settings.session_idle_minutes),
            absolute=timedelta(days=services.settings.session_days),
        )
    return token


def find_signed_in(services: Services, token: str, *, at: datetime) -> SignedIn | None:
    """Who holds this token, as things stand at `at`; None when the session ended or never was."""
    if not token:
        return None
    with services.database.unit() as unit:
        session = unit.sessions.find(_digest(token), at=at)
        if session is None:
            return None
        try:
            viewer = unit.people.viewer(session.person_id, at=at)
        except NotFound:
            return None
    return SignedIn(viewer=viewer, csrf=session.csrf)


def sign_out(services: Services, token: str, *, at: datetime) -> None:
    """End the session of this token; harmless when it is over already."""
    with services.database.unit() as unit:
        unit.sessions.end(_digest(token), at=at)


def sign_out_everywhere(services: Services, viewer: Viewer, *, at: datetime) -> None:
    """End every session of this person."""
    with services.database.unit() as unit:
        unit.sessions.end_all(viewer.person_id, at=at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
