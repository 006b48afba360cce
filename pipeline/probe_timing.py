"""When the tracks of a recording start and end, and how regular their frames are: found without decoding.

What a header claims is checked against the last packets; where it claims nothing, or something that the packets do not
bear out, the whole file is read once.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av.error
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream as AvVideoStream
from numpy.typing import NDArray

from models.errors import ProtectedMedia
from pipeline.probe_open import GUESSED_FORMATS, list_boxes, open_media

Times = NDArray[np.float64]

_TAIL_S = 3.0
_HEAD_S = 20.0
_CLOSE_S = 0.1
_JUMP_S = 10.0
_BACK_S = 0.1
_JUMPING_FORMATS = {"mpegts", "mpeg"}
_MOST_TIMES = 2_000_000
_FEW_PACKETS = 20_000
_ONE_FRAME_S = 0.0025
_SAME_RATE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How the frames of a picture track follow one another.

    `real_rate` is counted in frames per second, `keyframe_s` is the longest stretch between key frames in seconds; None
    where too little was seen.
    """

    real_rate: float | None = None
    variable: bool = False
    keyframe_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds: how long the recording is, and how much later than it each of its tracks starts, by their index."""

    duration_s: float
    starts_s: dict[int, float]
    rhythm: Rhythm


@dataclass(slots=True)
class _Track:
    """What the packets of one track told so far, in seconds; each one's time only where they are `counted`."""

    first: float | None = None
    end: float | None = None
    last: float | None = None
    step: float = 0.0
    counted: bool = False
    times: array[float] = field(default_factory=lambda: array("d"))
    keys: array[float] = field(default_factory=lambda: array("d"))

    def add(self, time: float, duration: float, *, key: bool) -> None:
        """One more packet."""
        if duration > 0:
            self.step = duration
        self.first = time if self.first is None else min(self.first, time)
        end = time + (duration or self.step)
        self.end = end if self.end is None else max(self.end, end)
        if self.counted and len(self.times) < _MOST_TIMES:
            self.times.append(time)
            if key:
                self.keys.append(time)


class _Reader:
    """Reads packets of the wanted tracks and tells each one's time, over jumps of the clock."""

    def __init__(self, container: InputContainer, streams: Sequence[Stream]) -> None:
        self._container = container
        self._streams = streams
        self._jumps = container.format.name in _JUMPING_FORMATS
        self._shift = 0.0
        self.tracks = {each.index: _Track(counted=isinstance(each, AvVideoStream)) for each in streams}

    def read(self, *, until_s: float | None = None) -> None:
        """Read on to the end, or until the first wanted track has passed `until_s` from its start."""
        main = self.tracks[self._streams[0].index]
        with contextlib.suppress(av.error.FFmpegError):  # what is broken from here on can't be counted
            for count, packet in enumerate(self._container.demux(*self._streams)):
                if packet.size == 0 and packet.dts is None:
                    continue
                if packet.has_sidedata("encryption_info"):
                    raise ProtectedMedia
                self._count(packet)
                passed = main.first is not None and main.end is not None and main.end - main.first > (until_s or 0)
                if until_s is not None and (passed or count > _FEW_PACKETS):
                    break

    def _count(self, packet: Packet[Any]) -> None:
        track = self.tracks[packet.stream_index]
        base = float(packet.time_base)
        clock = packet.dts if packet.dts is not None else packet.pts
        if clock is None:
            clock_s = (track.last or 0.0) + (track.step if track.last is not None else 0.0)
            shown_s = clock_s
        else:
            clock_s = clock * base + self._shift
            shown_s = (packet.pts if packet.pts is not None else clock) * base + self._shift
        if self._jumps and track.last is not None and not -_BACK_S <= clock_s - track.last <= _JUMP_S:
            correction = track.last + track.step - clock_s
            self._shift += correction
            clock_s += correction
            shown_s += correction
        track.last = clock_s
        duration_s = (packet.duration or 0) * base
        if not packet.is_discard:
            track.add(shown_s, duration_s, key=packet.is_keyframe)


def measure_timing(path: Path, indexes: Sequence[int]) -> Timing:
    """The timing of the tracks with these indexes, the main one first. Raises ProtectedMedia and what opening raises."""
    with open_media(path) as container:
        streams = [container.streams[index] for index in indexes]
        head = _Reader(container, streams)
        claimed = _claimed_end(container, path)
        if claimed is None:
            head.read()
            return _timing(streams, head, head)
        head.read(until_s=_HEAD_S)
        tail = _Reader(container, streams)
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(int(max(0.0, claimed - _TAIL_S) * av.time_base), backward=True)
            tail.read()
        end = _latest(tail)
        if end is not None and abs(end - claimed) <= _CLOSE_S:
            return _timing(streams, head, tail)
    with open_media(path) as container:
        streams = [container.streams[index] for index in indexes]
        whole = _Reader(container, streams)
        whole.read()
        return _timing(streams, whole, whole)


def _claimed_end(container: InputContainer, path: Path) -> float | None:
    """Where the header says that the recording ends, in seconds; None where nothing it says is worth checking."""
    names = set(container.format.name.split(","))
    if not container.duration or names & (GUESSED_FORMATS | _JUMPING_FORMATS):
        return None
    if "mov" in names and "moof" in list_boxes(path)[0]:
        return None
    return (container.duration + (container.start_time or 0)) / av.time_base


def _latest(reader: _Reader) -> float | None:
    return max((each.end for each in reader.tracks.values() if each.end is not None), default=None)


def _timing(streams: Sequence[Stream], head: _Reader, tail: _Reader) -> Timing:
    firsts = {index: each.first for index, each in head.tracks.items() if each.first is not None}
    begin = min(firsts.values(), default=0.0)
    end = _latest(tail)
    video = next((each for each in streams if isinstance(each, AvVideoStream)), None)
    rhythm = Rhythm() if video is None else _rhythm(video, head.tracks[video.index], tail.tracks[video.index])
    return Timing(
        duration_s=max(0.0, (end if end is not None else begin) - begin),
        starts_s={index: first - begin for index, first in firsts.items()},
        rhythm=rhythm,
    )


def _rhythm(stream: AvVideoStream, head: _Track, tail: _Track) -> Rhythm:
    """From the packets that were read, and from the file's own index for what lies beyond them."""
    base = float(stream.time_base or 0)
    every = np.fromiter((entry.timestamp for entry in stream.index_entries), np.float64) * base
    keys = every[np.fromiter((entry.is_keyframe for entry in stream.index_entries), np.bool_, len(every))]
    if head is tail or len(keys) < 2:
        return build_rhythm(np.array(head.times), np.array(head.keys), end=head.end)
    end = tail.end
    overall = None
    if len(keys) < len(every):  # it lists every frame, by the times of decoding
        end = float(every.max())
        overall = (len(every) - 1) / max(end - float(every[0]), 1e-3)
    return build_rhythm(np.array(head.times), keys, end=end, overall_rate=overall)


def build_rhythm(times: Times, keys: Times, *, end: float | None, overall_rate: float | None = None) -> Rhythm:
    """The rhythm of frames at these times with key frames at those, in seconds, in any order.

    `overall_rate` is the rate of the whole recording where the times are only its beginning.
    """
    steps = _steps(times)
    if not len(steps):
        return Rhythm()
    usual = float(np.median(steps))
    # Containers round to whole milliseconds, and a device may lose a frame now and then.
    odd = int((np.abs(steps - usual) > max(0.25 * usual, 0.002)).sum())
    rate = overall_rate or float(len(steps) / steps.sum())
    changes = abs(rate * float(steps.sum()) / len(steps) - 1) > _SAME_RATE
    between = _steps(np.append(keys, [end] if end is not None and len(keys) and end > keys.max() else []))
    return Rhythm(
        real_rate=rate,
        variable=odd > max(1, len(steps) // 100) or changes,
        keyframe_s=float(between.max()) if len(between) else None,
    )


def _steps(times: Times) -> Times:
    """The distances of neighbours; frames that lie less than 2.5 ms apart are one that is shown and one that is not."""
    ordered = np.sort(times)
    kept = ordered[np.append(True, np.diff(ordered) > _ONE_FRAME_S)] if len(ordered) else ordered
    steps: Times = np.diff(kept)
    return steps
