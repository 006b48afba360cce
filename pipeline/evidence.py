"""What speaks for a new clip at each place: a table of signs, each with its weight, and the reasons in words. Pure.

The weights of what is said are a logistic regression on transcripts whose topics people had marked (maths lessons,
interviews, lectures, recorded meetings), each kind counting the same; those of picture and pause are set by hand.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.clip import Event, EventKind
from models.timing import Ms
from models.transcript import Segment
from pipeline.cohesion import distance, freshness, silence, split_gain, standardised
from pipeline.words import count_words, stems_of

SAID = {
    "split_gain_45_s": 0.51,
    "split_gain_90_s": 0.02,
    "split_gain_180_s": 0.04,
    "split_gain_300_s": 0.12,
    "distance_60_s": 0.13,
    "distance_180_s": 0.08,
    "fresh_words": 0.22,
    "gone_words": 0.11,
    "cue": 0.67,
    "opening": 0.36,
    "new_speaker": 0.12,
    "host_asks": 0.88,
    "question": 0.24,
    "question_before": -0.35,
    "length_before": -0.05,
    "length": 0.08,
    "silence": 0.15,
}
"""Weights in log odds: measures by the standard deviation, signs by being there."""

SEEN = {"board_change": 1.2, "camera": 1.0, "pause": 0.2}
"""Weights of what the picture and a measured pause show; the pause's is for each two seconds, twice at most."""

_PAUSE_MS = 1500
_NEAR_EVENT_MS = 4000
_CAMERA = frozenset({EventKind.CAMERA_COVERED, EventKind.CAMERA_MOVED, EventKind.BLACK})
_FILLER = r"(?:(?:ok(?:ay)?|so|right|all ?right|well|now|and now|good|great|yeah|yes|cool|perfect|um|uh)[,.!]?\s+){0,3}"
_CUE = re.compile(
    _FILLER + r"(?:now (?:let|we|i|you)|let'?s|let us|let me|next|today|the next|another|finally|first(?:ly)?\b"
    r"|second(?:ly)?\b|to (?:begin|start|finish|sum)|in summary|moving on|we(?:'ll| will| are going| can| want)"
    r"|i(?:'d| would) like|i want to|i(?:'m| am) going|the question|the last|last question|before we|how about"
    r"|what about|welcome|hello|hi\b|good morning|thank you|thanks|what is|how do|how did|can you|could you|do you"
    r"|tell|speaking)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:ok(?:ay)?|so|right|alright|all right|now|well|and so|and now)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found at a place: how much it speaks for a beginning, in log odds, and why in words."""

    score: float
    reasons: tuple[str, ...]


def find_evidence(segments: Sequence[Segment], events: Sequence[Event]) -> tuple[Evidence, ...]:
    """For each segment, in order of time, what speaks for a clip to begin with it."""
    said = _said(segments)
    pauses = [0, *(max(0, later.start_ms - earlier.end_ms) for earlier, later in pairwise(segments))]
    usual_ms = sorted(pauses)[len(pauses) * 9 // 10]
    board = sorted(each.start_ms for each in events if each.kind is EventKind.BOARD_CHANGE)
    camera = sorted(each.start_ms for each in events if each.kind in _CAMERA)
    found = []
    for index, segment in enumerate(segments):
        score, reasons = float(said[index]), []
        gap = (segments[index - 1].end_ms if index else 0, segment.start_ms)
        if _near(board, gap):
            score += SEEN["board_change"]
            reasons.append("board changed")
        if _near(camera, gap):
            score += SEEN["camera"]
            reasons.append("camera moved")
        if pauses[index] >= max(_PAUSE_MS, usual_ms):
            score += SEEN["pause"] * min(2.0, pauses[index] / 2000)
            reasons.append(f"pause of {round(pauses[index] / 1000)} s")
        if index and segment.speaker and segment.speaker != segments[index - 1].speaker:
            reasons.append(f"{segment.speaker} takes over")
        found.append(Evidence(score=score, reasons=tuple(reasons)))
    return tuple(found)


def _said(segments: Sequence[Segment]) -> NDArray[np.float64]:
    """The weighted sum of everything that the words, the speakers and the pace tell of each place."""
    measures = {**_measures(segments), **_signs(segments)}
    score = np.zeros(len(segments))
    for name, weight in SAID.items():
        score += weight * np.asarray(measures[name], dtype=np.float64)
    return score


def _measures(segments: Sequence[Segment]) -> dict[str, NDArray[np.float64]]:
    stems = [stems_of(each.text) for each in segments]
    starts = [each.start_ms for each in segments]
    ends = [max(each.end_ms, later.start_ms) for each, later in pairwise(segments)]
    ends.append(segments[-1].end_ms)
    words = [count_words(each.text) for each in segments]
    lengths = standardised(np.log(np.maximum(1, words)))
    fresh, gone = freshness(stems, starts, 60_000)
    gains = {f"split_gain_{span}_s": split_gain(stems, starts, ends, span * 1000) for span in (45, 90, 180, 300)}
    distances = {f"distance_{span}_s": distance(stems, starts, ends, span * 1000) for span in (60, 180)}
    return {
        **gains,
        **distances,
        "fresh_words": fresh,
        "gone_words": gone,
        "length": lengths,
        "length_before": np.concatenate([[0.0], lengths[:-1]]),
        "silence": silence(words, starts, ends),
    }


def _signs(segments: Sequence[Segment]) -> dict[str, list[bool]]:
    host = _find_host(segments)
    asks = ["?" in each.text for each in segments]
    new = [False, *(bool(later.speaker) and later.speaker != earlier.speaker for earlier, later in pairwise(segments))]
    return {
        "cue": [bool(_CUE.match(each.text.lstrip())) for each in segments],
        "opening": [bool(_OPENING.match(each.text.lstrip())) for each in segments],
        "new_speaker": new,
        "host_asks": [
            changed and asked and each.speaker == host for each, changed, asked in zip(segments, new, asks, strict=True)
        ],
        "question": asks,
        "question_before": [False, *asks[:-1]],
    }


def _near(positions: list[Ms], gap: tuple[Ms, Ms]) -> bool:
    """Whether one of the positions lies in the gap or close before or behind it."""
    place = bisect.bisect_left(positions, gap[0] - _NEAR_EVENT_MS)
    return place < len(positions) and positions[place] <= gap[1] + _NEAR_EVENT_MS


def _find_host(segments: Sequence[Segment]) -> str | None:
    """Who asks most of the questions, where several people speak by turns."""
    asked = Counter(each.speaker for each in segments if each.speaker and "?" in each.text)
    several = len({each.speaker for each in segments if each.speaker}) > 1
    return asked.most_common(1)[0][0] if several and asked else None
