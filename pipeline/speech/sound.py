"""The sound that speech is recognised in: 16 kHz mono WAV of 16-bit samples, read in stretches."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import NotMedia
from models.timing import Ms, TimeRange

RATE_HZ = 16_000
SAMPLES_PER_MS = RATE_HZ // 1000

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A WAV file whose form was checked; nothing of it is kept in memory."""

    path: Path
    sample_count: int

    @property
    def duration_ms(self) -> Ms:
        """Its length."""
        return self.sample_count // SAMPLES_PER_MS

    def read(self, stretch: TimeRange) -> Samples:
        """The samples of a stretch, fewer where the file ends inside it."""
        start = stretch.start_ms * SAMPLES_PER_MS
        count = max(0, min(stretch.end_ms * SAMPLES_PER_MS, self.sample_count) - start)
        with wave.open(str(self.path), "rb") as file:
            file.setpos(min(start, self.sample_count))
            return np.frombuffer(file.readframes(count), dtype="<i2")

    def blocks(self, sample_count: int) -> Iterator[Samples]:
        """The whole sound in blocks of that many samples, the last one shorter."""
        with wave.open(str(self.path), "rb") as file:
            while content := file.readframes(sample_count):
                yield np.frombuffer(content, dtype="<i2")


def open_sound(path: Path) -> Sound:
    """The WAV file. Raises NotMedia when it is not one of 16 kHz, one channel and 16 bits."""
    try:
        with wave.open(str(path), "rb") as file:
            form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            count = file.getnframes()
    except (OSError, EOFError, wave.Error) as error:
        raise NotMedia(f"{path.name} is no WAV file") from error
    if form != (RATE_HZ, 1, 2):
        raise NotMedia(f"{path.name} must have 16 kHz, one channel and 16 bits")
    # A header may promise more than was written before the disk was full or the machine died.
    written = max(0, (path.stat().st_size - 44) // 2)
    return Sound(path=path, sample_count=min(count, written))
