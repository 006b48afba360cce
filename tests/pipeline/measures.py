"""What came out of a media file, measured by decoding it: lengths, flashes and beeps, loudness, colours."""

from __future__ import annotations

import itertools
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.ffmpeg import find_ffmpeg


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """One track as decoding shows it; seconds from the file's start."""

    begin_s: float
    end_s: float
    count: int
    width: int = 0
    height: int = 0


def decode_picture(path: Path) -> Decoded | None:
    """The picture track, None if nothing of it can be decoded. Width and height are upright."""
    return _decode(path, "video")


def decode_sound(path: Path) -> Decoded | None:
    """The sound track, None if nothing of it can be decoded."""
    return _decode(path, "audio")


def _decode(path: Path, kind: str) -> Decoded | None:
    times: list[float] = []
    last = 0.0
    size = (0, 0)
    with av.open(str(path)) as container:
        stream = next((each for each in container.streams if each.type == kind), None)
        if stream is None:
            return None
        for frame in container.decode(stream):
            if isinstance(frame, av.AudioFrame):
                last = frame.samples / frame.sample_rate
            elif isinstance(frame, av.VideoFrame):
                last = 1 / float(container.streams.video[0].average_rate or 25)
                turned = round(frame.rotation / 90) % 2
                size = (frame.height, frame.width) if turned else (frame.width, frame.height)
            else:
                continue
            times.append(float(frame.time or 0.0))
    if not times:
        return None
    return Decoded(begin_s=min(times), end_s=max(times) + last, count=len(times), width=size[0], height=size[1])


def longest_keyframe_gap(path: Path) -> float:
    """Seconds between key frames, at most."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        base = float(stream.time_base or 0)
        keys = [float(each.pts) * base for each in container.demux(stream) if each.is_keyframe and each.pts is not None]
    return max((after - before for before, after in itertools.pairwise(keys)), default=0.0)


def frame_steps(path: Path) -> NDArray[np.float64]:
    """The distances of shown frames in seconds."""
    with av.open(str(path)) as container:
        times = sorted(float(frame.time or 0.0) for frame in container.decode(video=0))
    return np.diff(np.asarray(times))


def flashes(path: Path) -> list[float]:
    """When the picture turns from dark to bright, in seconds."""
    found: list[float] = []
    bright = False
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            level = float(frame.to_ndarray(format="gray").mean())
            if level > 100 and not bright:
                found.append(float(frame.time or 0.0))
            bright = level > 100
    return found


def beeps(path: Path) -> list[float]:
    """When a sound begins after silence, in seconds."""
    found: list[float] = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=16000)
        quiet_until = -1.0
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                samples = np.abs(part.to_ndarray()[0])
                begin = float(part.time or 0.0)
                for index in np.nonzero(samples > 0.05)[0]:
                    at = begin + index / 16000
                    if at > quiet_until:
                        found.append(at)
                    quiet_until = at + 0.2
    return found


def sync_error(path: Path) -> float:
    """The most that a beep is away from its flash, in seconds; what has no partner within half a second is left out."""
    seen, heard = flashes(path), beeps(path)
    away = [min(abs(flash - beep) for beep in heard) for flash in seen]
    paired = [each for each in away if each < 0.5]
    assert len(paired) >= 2, (seen, heard)
    return max(paired)


def loudness(path: Path) -> float:
    """The integrated loudness in LUFS, by ffmpeg's own meter."""
    command = [
        find_ffmpeg(),
        "-nostdin",
        "-hide_banner",
        "-i",
        path,
        "-map",
        "0:a:0",
        "-af",
        "ebur128",
        "-f",
        "null",
        "-",
    ]
    done = subprocess.run([str(each) for each in command], capture_output=True, check=True, text=True)
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", done.stderr)[-1])


def mean_colour(path: Path, at_s: float = 0.0) -> NDArray[np.float64]:
    """The mean red, green and blue of the frame at that second, 0 to 255."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if float(frame.time or 0.0) >= at_s:
                colours: NDArray[np.float64] = frame.to_ndarray(format="rgb24").astype(np.float64).mean(axis=(0, 1))
                return colours
    raise AssertionError
