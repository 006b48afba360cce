"""Listening to samples of the sound tracks: which carry sound, and on which channels."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from numpy.typing import NDArray

from models.lesson import AudioStream, MediaInfo
from pipeline.probe_open import open_media
from pipeline.transcode_plan import Sound

_WINDOWS = 8
_WINDOW_S = 1.5
_MOST_PACKETS = 4000
_SILENT_RATIO = 1e-4
"""A channel with less than this share of the other's power (40 dB below it) is silent."""
_CANCELLED_RATIO = 0.02


class _Powers:
    """Sums over samples: each channel's power, and that of the first two channels' sum."""

    def __init__(self) -> None:
        self.channels: NDArray[np.float64] | None = None
        self.together = 0.0
        self.count = 0

    def add(self, samples: NDArray[np.float64]) -> None:
        """Samples as (channels, count), full scale at 1."""
        powers = np.square(samples).sum(axis=1)
        if self.channels is not None and len(powers) != len(self.channels):
            return
        self.channels = powers if self.channels is None else self.channels + powers
        if len(samples) == 2:
            self.together += float(np.square(samples.mean(axis=0)).sum())
        self.count += samples.shape[1]


def listen(path: Path, media: MediaInfo) -> tuple[Sound, ...]:
    """What samples from the whole length tell of each sound track; a track that gives none counts as silent."""
    if not media.audio:
        return ()
    powers = {each.index: _Powers() for each in media.audio}
    with open_media(path) as container:
        length_s = media.duration_ms / 1000
        begin_s = (container.start_time or 0) / av.time_base
        for window in range(_WINDOWS):
            position = begin_s + length_s * window / _WINDOWS
            with contextlib.suppress(av.error.FFmpegError):
                if window:
                    container.seek(int(position * av.time_base), backward=True)
                _listen_here(container, media.audio, powers)
            if length_s < _WINDOWS * _WINDOW_S:
                break  # the first window has heard it all
    return tuple(_judge(each, powers[each.index]) for each in media.audio)


def _listen_here(container: InputContainer, streams: Sequence[AudioStream], powers: dict[int, _Powers]) -> None:
    wanted = {each.index: int(_WINDOW_S * each.sample_rate * _WINDOWS) for each in streams}
    if (container.duration or 0) / av.time_base > _WINDOWS * _WINDOW_S:
        wanted = {index: count // _WINDOWS for index, count in wanted.items()}
    tracks = [container.streams[each.index] for each in streams]
    for count, packet in enumerate(container.demux(*tracks)):
        with contextlib.suppress(av.error.FFmpegError):
            for frame in packet.decode():
                if isinstance(frame, AudioFrame) and wanted[packet.stream_index] > 0:
                    powers[packet.stream_index].add(_samples(frame))
                    wanted[packet.stream_index] -= frame.samples
        if count > _MOST_PACKETS or all(left <= 0 for left in wanted.values()):
            return


def _samples(frame: AudioFrame) -> NDArray[np.float64]:
    raw = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, len(frame.layout.channels)).T
    samples = raw.astype(np.float64)
    if raw.dtype == np.uint8:
        return (samples - 128) / 128
    if np.issubdtype(raw.dtype, np.integer):
        return samples / float(2 ** (8 * raw.dtype.itemsize - 1))
    return np.nan_to_num(samples)


def _judge(stream: AudioStream, heard: _Powers) -> Sound:
    if heard.channels is None or not heard.count:
        return Sound(stream=stream, level_db=-120.0)
    power = float(heard.channels.max()) / heard.count
    level = 10 * math.log10(max(power, 1e-12))
    only: int | None = None
    loud = int(heard.channels.argmax())
    if len(heard.channels) == 2 and power > 1e-9:
        quiet = float(heard.channels[1 - loud])
        cancelled = heard.together < _CANCELLED_RATIO * float(heard.channels.sum()) / 2
        only = loud if quiet < _SILENT_RATIO * float(heard.channels[loud]) or cancelled else None
    return Sound(stream=stream, level_db=level, only_channel=only)
