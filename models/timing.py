"""Positions in media: whole milliseconds from the start, ranges half-open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self, TypeAlias

from models.errors import InvalidRange

Ms: TypeAlias = int
"""A position or length in media, in whole milliseconds. An alias: arithmetic stays readable, the suffix tells."""

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?")


def ms(seconds: float) -> Ms:
    """Seconds of an outside tool (ffmpeg, a recogniser) as our milliseconds, rounded to the nearest."""
    return round(seconds * 1000)


def seconds(position: int) -> float:
    """Our milliseconds as the seconds an outside tool wants."""
    return position / 1000


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TimeRange:
    """A half-open stretch of media: `start_ms` belongs to it, `end_ms` no longer does.

    A range of length zero is a moment. Raises InvalidRange when it starts before zero or ends before it starts.
    """

    start_ms: Ms
    end_ms: Ms

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms < self.start_ms:
            raise InvalidRange

    @property
    def duration_ms(self) -> Ms:
        """Its length."""
        return self.end_ms - self.start_ms

    def contains(self, position: Ms) -> bool:
        """Whether the position lies inside."""
        return self.start_ms <= position < self.end_ms

    def overlaps(self, other: TimeRange) -> bool:
        """Whether the two share at least one millisecond."""
        return self.start_ms < other.end_ms and other.start_ms < self.end_ms

    def overlap_ms(self, other: TimeRange) -> Ms:
        """How many milliseconds the two share."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))

    def touches(self, other: TimeRange) -> bool:
        """Whether the two overlap or one begins exactly where the other ends."""
        return self.start_ms <= other.end_ms and other.start_ms <= self.end_ms

    def clamped(self, end_ms: Ms) -> Self:
        """The same range cut to media that ends at `end_ms`."""
        return type(self)(start_ms=min(self.start_ms, end_ms), end_ms=min(self.end_ms, end_ms))


def merge_ranges(ranges: Iterable[TimeRange], *, gap_ms: int = 0) -> tuple[TimeRange, ...]:
    """The ranges in order of time, those that touch or lie at most `gap_ms` apart joined to one."""
    merged: list[TimeRange] = []
    for each in sorted(ranges):
        if merged and each.start_ms - merged[-1].end_ms <= gap_ms:
            last = merged[-1]
            merged[-1] = TimeRange(start_ms=last.start_ms, end_ms=max(last.end_ms, each.end_ms))
        else:
            merged.append(each)
    return tuple(merged)


def format_clock(position: int, *, millis: bool = False) -> str:
    """`12:40` or `1:02:03` for people; with `millis` the `HH:MM:SS.mmm` of WebVTT."""
    whole, rest = divmod(int(position), 1000)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if millis:
        return f"{hours:02d}:{minutes:02d}:{secs:02d}.{rest:03d}"
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"


def parse_clock(text: str) -> Ms:
    """The position that `12:40`, `1:02:03` or `00:12:40.500` names. Raises InvalidRange for other text."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise InvalidRange
    hours, minutes, secs, fraction = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(secs)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))
