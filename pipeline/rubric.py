"""Reading a rubric from its TOML file: the starter set that comes with Debrief, or a school's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from models.errors import BadRubric
from models.rubric import Criterion, Level, Rubric

STARTER = Path(__file__).with_name("starter.toml")
"""Our own starter set."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LONGEST_TEXT = 400
_OPTIONAL_TEXTS = ("licence", "attribution")


def read_rubric(path: Path | None) -> Rubric:
    """The rubric of that file, the starter set for None.

    Raises BadRubric, naming the place, for a file that is not there or does not have the shape of `starter.toml`.
    """
    source = path or STARTER
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRubric(f"{source.name} is not there or can't be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRubric(f"{source.name} is not valid TOML") from error
    return parse_rubric(table)


def parse_rubric(table: Mapping[str, object]) -> Rubric:
    """The rubric that a TOML table describes. Raises BadRubric for what is missing, unknown, or there twice."""
    _check_keys(table, {"id", "version", "title", "levels", "criteria", *_OPTIONAL_TEXTS}, "the file")
    levels = tuple(
        Level(code=_code(each, where), title=_text(each, "title", where))
        for where, each in _tables(table, "levels", {"code", "title"})
    )
    criteria = tuple(
        Criterion(
            code=_code(each, where),
            category=_text(each, "category", where),
            title=_text(each, "title", where),
            indicators=_texts(each, "indicators", where),
        )
        for where, each in _tables(table, "criteria", {"code", "category", "title", "indicators"})
    )
    if not criteria:
        raise BadRubric("it has no criteria")
    _check_unique((each.code for each in levels), "level")
    _check_unique((each.code for each in criteria), "criterion")
    return Rubric(
        id=_code(table, "the file", key="id"),
        version=_code(table, "the file", key="version"),
        title=_text(table, "title", "the file"),
        licence=_text(table, "licence", "the file", optional=True),
        attribution=_text(table, "attribution", "the file", optional=True),
        levels=levels,
        criteria=criteria,
    )


def _tables(table: Mapping[str, object], key: str, known: set[str]) -> list[tuple[str, Mapping[str, object]]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise BadRubric(f"{key} must be a list of tables")
    named = [(f"number {number} of {key}", each) for number, each in enumerate(rows, start=1)]
    for where, each in named:
        _check_keys(each, known, where)
    return named


def _check_keys(table: Mapping[str, object], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise BadRubric(f"{where} has an unknown key {unknown[0]!r}")


def _check_unique(codes: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise BadRubric(f"the {what} {code!r} is there twice")
        seen.add(code)


def _text(table: Mapping[str, object], key: str, where: str, *, optional: bool = False) -> str:
    value = table.get(key, "" if optional else None)
    if not isinstance(value, str) or not (optional or value.strip()):
        raise BadRubric(f"{where} has no {key}")
    if len(value) > _LONGEST_TEXT:
        raise BadRubric(f"the {key} of {where} is longer than {_LONGEST_TEXT} characters")
    return value.strip()


def _texts(table: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list):
        raise BadRubric(f"the {key} of {where} must be a list of texts")
    return tuple(_text({key: value}, key, where) for value in values)


def _code(table: Mapping[str, object], where: str, *, key: str = "code") -> str:
    value = _text(table, key, where)
    if not _CODE.fullmatch(value):
        raise BadRubric(f"the {key} of {where} may have letters, digits, dots and dashes only")
    return value
