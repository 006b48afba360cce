"""What is shown beside the player: small pictures over the timeline, the poster and the waveform."""

from __future__ import annotations

import itertools
import json
import math
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from models.errors import DamagedMedia
from models.timing import format_clock

PEAKS_PER_SECOND = 10
_LEAST_INTERVAL_MS = 2_000
_MOST_PICTURES = 400
_COLUMNS = 5
_ROWS = 5
_TILE_SIDE = 160
_POSTER_TRIES = 64
_SHORT_S = 300
_DARK = 20
_BINS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """How the small pictures lie: one for each `interval_ms`, in sheets of `columns` by `rows`."""

    interval_ms: int
    count: int
    tile_width: int
    tile_height: int
    columns: int = _COLUMNS
    rows: int = _ROWS

    @property
    def sheets(self) -> int:
        """How many sheets there are."""
        return math.ceil(self.count / (self.columns * self.rows))


def build_board(duration_ms: int, width: int, height: int) -> Board:
    """The board for a recording of that length and size."""
    interval_ms = max(_LEAST_INTERVAL_MS, math.ceil(duration_ms / _MOST_PICTURES / 100) * 100)
    shrink = _TILE_SIDE / max(width, height, 1)
    return Board(
        interval_ms=interval_ms,
        count=max(1, math.ceil(duration_ms / interval_ms)),
        tile_width=max(2, round(width * shrink)),
        tile_height=max(2, round(height * shrink)),
    )


def build_thumbnails(board: Board, duration_ms: int) -> str:
    """The WebVTT track that names the part of a sheet for each stretch of time, relative to the recording's address."""
    per_sheet = board.columns * board.rows
    cues = ["WEBVTT", ""]
    for number in range(board.count):
        sheet, place = divmod(number, per_sheet)
        row, column = divmod(place, board.columns)
        start_ms = number * board.interval_ms
        end_ms = max(start_ms + 1, min(start_ms + board.interval_ms, duration_ms))
        area = f"{column * board.tile_width},{row * board.tile_height},{board.tile_width},{board.tile_height}"
        cues += [
            f"{format_clock(start_ms, millis=True)} --> {format_clock(end_ms, millis=True)}",
            f"storyboard/{sheet}#xywh={area}",
            "",
        ]
    return "\n".join(cues)


def build_peaks(path: Path) -> str:
    """The loudest sample of each tenth of a second of a mono 16-bit WAV as JSON: 0 to 255, 255 being the loudest."""
    peaks: list[int] = []
    with wave.open(str(path), "rb") as sound:
        step = sound.getframerate() // PEAKS_PER_SECOND
        while chunk := sound.readframes(step * 600):
            samples = np.abs(np.frombuffer(chunk[: len(chunk) // 2 * 2], dtype="<i2").astype(np.int32))
            padded = np.pad(samples, (0, -len(samples) % step))
            peaks += padded.reshape(-1, step).max(axis=1).tolist()
    most = max(max(peaks, default=0), 1)
    scaled = [round(255 * each / most) for each in peaks]
    return json.dumps({"peaks_per_second": PEAKS_PER_SECOND, "peaks": scaled}, separators=(",", ":"))


def make_poster(frames: Path, web: Path, poster: Path) -> None:
    """Write the most usual picture that is neither dark nor empty as JPEG, in the web rendition's size.

    Raises DamagedMedia where no picture can be read.
    """
    position_s = _choose_moment(frames)
    frame = _picture_at(web, position_s)
    if frame is None:
        raise DamagedMedia
    Image.fromarray(frame.to_ndarray(format="rgb24")).save(poster, quality=82, optimize=True, progressive=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """How bright one frame is: the shares of its brightnesses, their mean and their spread."""

    at_s: float
    shares: NDArray[np.float64]
    mean: float
    spread: float


def _choose_moment(frames: Path) -> float:
    """The position of the frame whose brightnesses are most like the recording's as a whole, in seconds."""
    with av.open(str(frames)) as container:
        seen = [_see(each) for each in _samples(container)]
    if not seen:
        return 0.0
    lit = [each for each in seen if each.mean >= _DARK]
    contrast = float(np.median([each.spread for each in lit or seen]))
    fit = [each for each in lit if each.spread >= 0.6 * contrast]
    if not fit:
        return max(seen, key=lambda each: each.spread).at_s
    usual = np.mean([each.shares for each in fit], axis=0)
    return min(fit, key=lambda each: float(np.abs(each.shares - usual).sum())).at_s


def _samples(container: InputContainer) -> Iterator[VideoFrame]:
    """Frames from the whole length: of a short recording every one, of a long one key frames, which are found at once."""
    length = container.duration or 0
    if length <= _SHORT_S * av.time_base:
        yield from container.decode(container.streams.video[0])
        return
    for number in range(_POSTER_TRIES):
        container.seek(length * number // _POSTER_TRIES, backward=True)
        yield from itertools.islice(container.decode(container.streams.video[0]), 1)


def _see(frame: VideoFrame) -> _Seen:
    grey = frame.to_ndarray(format="gray")
    shares = np.histogram(grey, bins=_BINS, range=(0, 256))[0] / grey.size
    return _Seen(at_s=float(frame.time or 0.0), shares=shares, mean=float(grey.mean()), spread=float(grey.std()))


def _picture_at(web: Path, position_s: float) -> VideoFrame | None:
    """The picture that the web rendition shows then."""
    found: VideoFrame | None = None
    with av.open(str(web)) as container:
        container.seek(int(position_s * av.time_base), backward=True)
        for frame in container.decode(container.streams.video[0]):
            found = frame
            if (frame.time or 0.0) >= position_s - 0.02:
                break
    return found
