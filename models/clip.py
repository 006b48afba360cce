"""Clips: ranges of a recording put forward for review."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.ids import ClipId, PersonId, RecordingId
from models.timing import Ms, TimeRange


class ClipOrigin(StrEnum):
    """Who put a clip forward."""

    MARKED = "marked"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedClip:
    """What the pipeline puts forward: a range, its title and why it begins there."""

    start_ms: Ms
    end_ms: Ms
    title: str
    reason: str

    @property
    def range(self) -> TimeRange:
        """Its range."""
        return TimeRange(start_ms=self.start_ms, end_ms=self.end_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A clip as kept: proposed by the pipeline, or marked by a person (`marked_by`)."""

    id: ClipId
    recording_id: RecordingId
    origin: ClipOrigin
    start_ms: Ms
    end_ms: Ms
    title: str
    reason: str
    marked_by: PersonId | None = None


class EventKind(StrEnum):
    """What the picture or the sound level shows."""

    BLACK = "black"
    BOARD_CHANGE = "board_change"
    CAMERA_COVERED = "camera_covered"
    CAMERA_MOVED = "camera_moved"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something seen in the recording at a position; `strength` is 0 to 1."""

    kind: EventKind
    start_ms: Ms
    end_ms: Ms
    strength: float = 1.0
