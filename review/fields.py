"""Taking single fields out of what was sent, each with its kind checked and a sentence when it is not right."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from models.errors import InvalidInput

_LARGEST = 2**53 - 1
"""The largest whole number that survives every JSON reader."""

_LONGEST_ID = 64

Chosen = TypeVar("Chosen", bound=StrEnum)


def text(sent: Mapping[str, object], name: str) -> str:
    """A text that must be there. Raises InvalidInput."""
    value = sent.get(name)
    if not isinstance(value, str):
        raise InvalidInput(f"{name} must be a text")
    return value


def identifier(sent: Mapping[str, object], name: str) -> str:
    """A row's id that must be there. Raises InvalidInput."""
    value = text(sent, name)
    if not value or len(value) > _LONGEST_ID or not value.isascii() or not value.isprintable():
        raise InvalidInput(f"{name} is not an id")
    return value


def optional_identifier(sent: Mapping[str, object], name: str) -> str | None:
    """A row's id, None where none was sent. Raises InvalidInput."""
    return None if sent.get(name) is None else identifier(sent, name)


def whole_number(sent: Mapping[str, object], name: str) -> int:
    """A whole number of any sign that must be there. Raises InvalidInput."""
    value = sent.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise InvalidInput(f"{name} must be a whole number")
    return value


def switch(sent: Mapping[str, object], name: str) -> bool:
    """Yes or no that must be there. Raises InvalidInput."""
    value = sent.get(name)
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} must be true or false")
    return value


def choice(sent: Mapping[str, object], name: str, kinds: type[Chosen]) -> Chosen:
    """One of a few words that must be there. Raises InvalidInput."""
    value = text(sent, name)
    if value not in set(kinds):
        raise InvalidInput(f"{name} must be one of {', '.join(kinds)}")
    return kinds(value)


def tables(sent: Mapping[str, object], name: str, *, most: int) -> list[Mapping[str, object]]:
    """A list of objects, empty where none was sent. Raises InvalidInput, also for more than `most`."""
    value = sent.get(name, [])
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise InvalidInput(f"{name} must be a list")
    if len(value) > most:
        raise InvalidInput(f"{name} has more than {most} entries")
    return value
