"""Where somebody speaks: Silero's voice detector from the faster-whisper package, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from models.run import Progress
from models.timing import Ms, TimeRange, merge_ranges
from pipeline.speech.sound import RATE_HZ, Samples, Sound

WINDOW = 512
"""Samples that the detector judges at a time: 32 ms."""
_CONTEXT = 64
_BLOCK_WINDOWS = 2048
"""Windows judged in one call: 65 s, so that memory stays flat however long the recording is."""
_WINDOW_MS = WINDOW * 1000 // RATE_HZ

Probabilities = NDArray[np.float32]
_State = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOptions:
    """What counts as speech.

    It begins where the probability reaches `threshold` and ends where it stays below `release` for `pause_ms`;
    shorter than `shortest_ms` it is none. `pad_ms` is kept on each side, since words begin and end softly.
    """

    threshold: float = 0.5
    release: float = 0.35
    pause_ms: Ms = 300
    shortest_ms: Ms = 120
    pad_ms: Ms = 60


class _Session(Protocol):
    def run(self, names: None, inputs: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]: ...


def find_speech(
    sound: Sound, *, options: VoiceOptions = VoiceOptions(), progress: Progress | None = None
) -> tuple[TimeRange, ...]:
    """The stretches of the sound in which somebody speaks, in order of time, not touching each other."""
    probabilities = list(_judge(sound, progress))
    if not probabilities:
        return ()
    return build_stretches(np.concatenate(probabilities), duration_ms=sound.duration_ms, options=options)


def build_stretches(
    probabilities: Probabilities, *, duration_ms: Ms, options: VoiceOptions = VoiceOptions()
) -> tuple[TimeRange, ...]:
    """The stretches of speech from the probability of each window of 32 ms, by two thresholds."""
    found: list[TimeRange] = []
    begin: int | None = None
    last = 0
    for at, probability in enumerate(probabilities):
        if begin is None:
            if probability >= options.threshold:
                begin = last = at
        elif probability >= options.release:
            last = at
        if begin is not None and (at - last) * _WINDOW_MS >= options.pause_ms:
            found.append(_stretch(begin, last))
            begin = None
    if begin is not None:
        found.append(_stretch(begin, last))
    padded = [
        TimeRange(start_ms=max(0, each.start_ms - options.pad_ms), end_ms=each.end_ms + options.pad_ms).clamped(
            duration_ms
        )
        for each in found
        if each.duration_ms >= options.shortest_ms
    ]
    return merge_ranges(padded)


def _stretch(first: int, last: int) -> TimeRange:
    return TimeRange(start_ms=first * _WINDOW_MS, end_ms=(last + 1) * _WINDOW_MS)


def _judge(sound: Sound, progress: Progress | None) -> Iterator[Probabilities]:
    """The detector's probability of speech for each window.

    It carries its state from block to block, so that the blocks' edges leave no trace. The package's own call takes
    a whole recording as one array; its session takes a block with the state before.
    """
    from faster_whisper.vad import get_vad_model

    session = cast("_Session", get_vad_model().session)
    memory: _State = np.zeros((1, 1, 128), dtype=np.float32)
    cell: _State = np.zeros((1, 1, 128), dtype=np.float32)
    context: NDArray[np.float32] = np.zeros(_CONTEXT, dtype=np.float32)
    done = 0
    for block in sound.blocks(_BLOCK_WINDOWS * WINDOW):
        windows = _windows(block)
        before = np.vstack([context, windows[:-1, -_CONTEXT:]])
        output, memory, cell = session.run(None, {"input": np.hstack([before, windows]), "h": memory, "c": cell})
        context = windows[-1, -_CONTEXT:]
        done += len(block)
        if progress is not None:
            progress(min(1.0, done / max(1, sound.sample_count)))
        yield output.reshape(-1)


def _windows(block: Samples) -> NDArray[np.float32]:
    """The block as rows of one window each, scaled to +-1, filled with silence at the end of the recording."""
    filled = np.zeros(-(-len(block) // WINDOW) * WINDOW, dtype=np.float32)
    filled[: len(block)] = block / np.float32(32768)
    return filled.reshape(-1, WINDOW)
