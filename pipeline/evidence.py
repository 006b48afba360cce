"""What speaks for a new clip at a place, besides its words: pauses, cue phrases, who speaks, what was seen. Pure."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.clip import Event, EventKind
from models.timing import Ms
from models.transcript import Segment

PAUSE_MS = 1500
"""A pause that is worth a word in the reason."""

WEIGHTS = {
    "board_change": 1.5,
    "camera": 0.8,
    "cue": 1.2,
    "long_pause": 1.0,
    "new_speaker": 0.2,
    "host_asks": 1.2,
}
"""How much each kind of evidence speaks for a beginning, in log odds."""

_NEAR_EVENT_MS = 4000
_CAMERA = frozenset({EventKind.CAMERA_COVERED, EventKind.CAMERA_MOVED, EventKind.BLACK})
_CUE = re.compile(
    r"(?:(?:ok(?:ay)?|so|right|alright|all right|well|now|and now|good|great)[,.!]?\s+){0,2}"
    r"(?:now (?:let|we|i|you)|let'?s|let us|next|today|the next|another|finally|first(?:ly)?\b|second(?:ly)?\b"
    r"|to (?:begin|start|finish|sum)|in summary|moving on|we(?:'ll| will) (?:now|look|talk|start|begin|turn)"
    r"|i(?:'d| would) like to|i want to|the question|the last|last question|before we|how about|what about"
    r"|welcome|hello|good morning|thank you|thanks)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found at a place: how much it speaks for a beginning, and in words."""

    score: float
    reasons: tuple[str, ...]


def find_evidence(segments: Sequence[Segment], events: Sequence[Event]) -> tuple[Evidence, ...]:
    """For each segment, in order of time, what speaks for a clip to begin with it."""
    host = _find_host(segments)
    board = sorted(each.start_ms for each in events if each.kind is EventKind.BOARD_CHANGE)
    camera = sorted(each.start_ms for each in events if each.kind in _CAMERA)
    pauses = [0, *(max(0, later.start_ms - earlier.end_ms) for earlier, later in _pairs(segments))]
    usual = sorted(pauses)[len(pauses) * 9 // 10] if pauses else 0
    found = []
    for index, segment in enumerate(segments):
        earlier = segments[index - 1] if index else None
        gap = (earlier.end_ms if earlier else 0, segment.start_ms)
        found.append(_judge(segment, earlier, gap, pauses[index], usual, host, (board, camera)))
    return tuple(found)


def _pairs(segments: Sequence[Segment]) -> Sequence[tuple[Segment, Segment]]:
    return list(zip(segments, segments[1:], strict=False))


def _judge(
    segment: Segment,
    earlier: Segment | None,
    gap: tuple[Ms, Ms],
    pause_ms: int,
    usual_ms: int,
    host: str,
    seen: tuple[list[Ms], list[Ms]],
) -> Evidence:
    score, reasons = 0.0, []
    if _near(seen[0], gap):
        score += WEIGHTS["board_change"]
        reasons.append("board changed")
    if _near(seen[1], gap):
        score += WEIGHTS["camera"]
        reasons.append("camera moved")
    if pause_ms >= max(PAUSE_MS, usual_ms):
        score += WEIGHTS["long_pause"] * min(2.0, pause_ms / 2000)
        reasons.append(f"pause of {round(pause_ms / 1000)} s")
    if _CUE.match(segment.text.lstrip()):
        score += WEIGHTS["cue"]
    if earlier and segment.speaker and earlier.speaker and segment.speaker != earlier.speaker:
        score += WEIGHTS["new_speaker"]
        reasons.append(f"{segment.speaker} takes over")
        if segment.speaker == host and "?" in segment.text:
            score += WEIGHTS["host_asks"]
    return Evidence(score=score, reasons=tuple(reasons))


def _near(positions: list[Ms], gap: tuple[Ms, Ms]) -> bool:
    """Whether one of the positions lies in the gap or close before or behind it."""
    place = bisect.bisect_left(positions, gap[0] - _NEAR_EVENT_MS)
    return place < len(positions) and positions[place] <= gap[1] + _NEAR_EVENT_MS


def _find_host(segments: Sequence[Segment]) -> str:
    """Who asks most of the questions, where several people speak by turns."""
    asked = Counter(each.speaker for each in segments if each.speaker and "?" in each.text)
    return asked.most_common(1)[0][0] if len({each.speaker for each in segments if each.speaker}) > 1 and asked else ""
