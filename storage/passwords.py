"""Passwords as they are kept: argon2 through pwdlib."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


def hash_password(password: str) -> str:
    """The password's hash, salted; takes some tens of milliseconds on purpose."""
    return _hasher().hash(password)


def verify_password(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the kept hash; takes as long where there is none, so that nobody can tell."""
    correct = _hasher().verify(password, kept or _decoy())
    return correct and kept is not None


@cache
def _decoy() -> str:
    return _hasher().hash("nobody has this password")
