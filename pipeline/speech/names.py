"""Who speaks, as meeting programs and captioners write it at the beginning of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_PREFIX = re.compile(
    r"(?:>{1,3}\s*|[-–—]\s*)?"
    r"(?:[\[(](?P<square>[^\[\]():]{1,60})[\])]\s*:?\s+|(?P<name>[^\[\]:：<>]{1,60}?)\s*(?::\s+|：\s*))"
    r"(?P<rest>\S.*)"
)
_TURN = re.compile(r">{2,3}\s*(?P<rest>\S.*)")
_NUMBERED = re.compile(r"(?:speaker|student|pupil|teacher|sprecher|lehrer|schüler)\s*\d{1,2}", re.IGNORECASE)
_SMALL = {"al", "bin", "da", "de", "del", "der", "di", "du", "el", "la", "le", "of", "the", "van", "von", "und", "and"}
_SOUNDS = re.compile(
    r"music|applause|laugh\w*|silence|noise|inaudible|unintelligible|crosstalk|cough\w*|sigh\w*|bell\w*|musik|gelächter",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"(?:note|notice|remember|question|answer|example|for example|step|task|part|chapter|page|exercise|rule|hint|tip"
    r"|time|date|today|tomorrow|homework|reminder|warning|first|second|third|next|finally|so|and|but|ok|okay|yes|no"
    r"|http|https|ps|nb)(?:\s+\d+)?",
    re.IGNORECASE,
)
_LONGEST_NAME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Text with the name that stood before it, "" where none did."""

    speaker: str
    text: str


def find_names(lines: Iterable[str]) -> frozenset[str]:
    """The beginnings of these lines that are names, judged over the whole file.

    "Remember: the test is on Monday" has the form of a name with words; that it comes once, in a file where lines
    hardly ever begin so, tells it from one.
    """
    found = [_candidate(each) for each in lines]
    counts = Counter(each for each in found if each)
    named = sum(counts[each] for each in counts if _looks_like_a_name(each))
    formal = named >= 0.3 * len(found)
    prefixed = sum(counts.values()) >= 0.5 * len(found)
    return frozenset(
        name
        for name, count in counts.items()
        if _NUMBERED.fullmatch(name)
        or (_looks_like_a_name(name) and (formal or (count >= 2 and named >= 0.04 * len(found))))
        or (prefixed and count >= 3 and not _NOT_NAMES.fullmatch(name))
    )


def split_name(line: str, names: frozenset[str]) -> Said:
    """The line without the name before it, if it begins with one of these names."""
    found = _PREFIX.fullmatch(line.strip())
    if found and (name := _name_in(found)) in names:
        return Said(speaker=name, text=found["rest"])
    turn = _TURN.fullmatch(line.strip())
    return Said(speaker="", text=turn["rest"] if turn else line.strip())


def _candidate(line: str) -> str:
    found = _PREFIX.fullmatch(line.strip())
    return _name_in(found) if found else ""


def _name_in(found: re.Match[str]) -> str:
    return " ".join((found["square"] or found["name"]).split())


def _looks_like_a_name(text: str) -> bool:
    words = re.split(r"[\s/|]+", text)
    if not 1 <= len(words) <= _LONGEST_NAME or _NOT_NAMES.fullmatch(text) or _SOUNDS.search(text):
        return False
    if not any(each.isalpha() for each in text):
        return False
    # A script without capitals (Chinese, Arabic) has no lower case either, so its words pass.
    return all(not each.strip("(\"'")[:1].islower() or each.lower() in _SMALL for each in words)
