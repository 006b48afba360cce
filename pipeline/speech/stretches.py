"""What the recogniser is given at a time: stretches of speech, long ones cut where it is quietest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from models.timing import Ms, TimeRange
from pipeline.speech.sound import SAMPLES_PER_MS, Sound

LONGEST_MS = 16_000
_HOP_MS = 20
_QUIET_MS = 200


def plan_stretches(sound: Sound, speech: Iterable[TimeRange], *, longest_ms: Ms = LONGEST_MS) -> tuple[TimeRange, ...]:
    """The stretches of speech, none longer than `longest_ms`; a longer one is cut where it is quietest."""
    return tuple(part for each in speech for part in _cut(sound, each, longest_ms))


def _cut(sound: Sound, stretch: TimeRange, longest_ms: Ms) -> Iterator[TimeRange]:
    start = stretch.start_ms
    while stretch.end_ms - start > longest_ms:
        # Not in the first third, so that no crumbs are cut off one after another.
        window = TimeRange(start_ms=start + longest_ms // 3, end_ms=start + longest_ms)
        edge = window.start_ms + _find_quietest(sound, window)
        yield TimeRange(start_ms=start, end_ms=edge)
        start = edge
    yield TimeRange(start_ms=start, end_ms=stretch.end_ms)


def _find_quietest(sound: Sound, window: TimeRange) -> Ms:
    """The middle of the quietest fifth of a second in the window, from the window's start."""
    hop = _HOP_MS * SAMPLES_PER_MS
    samples = sound.read(window).astype(np.float64)
    power = (samples[: len(samples) // hop * hop].reshape(-1, hop) ** 2).mean(axis=1)
    width = _QUIET_MS // _HOP_MS
    if len(power) <= width:
        return window.duration_ms // 2
    smooth = np.convolve(power, np.ones(width) / width, mode="valid")
    return (int(np.argmin(smooth)) + width // 2) * _HOP_MS
