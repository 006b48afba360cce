"""Looking at a recording: what it holds, how long it is, how it is to be shown, or why it can't be used."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import av
import av.error
from av.audio.stream import AudioStream as AvAudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as AvVideoStream

from models.errors import (
    DamagedMedia,
    MediaError,
    MediaTooLarge,
    MediaTooLong,
    NotMedia,
    ProtectedMedia,
    TooManyPixels,
    TooManyStreams,
    UnsupportedCodec,
)
from models.lesson import AudioStream, MediaInfo, VideoStream
from models.timing import ms
from pipeline.probe_open import (
    GUESSED_FORMATS,
    check_file,
    is_encrypted_matroska,
    open_media,
    read_head,
)
from pipeline.probe_timing import Timing, measure_timing

_FRAMES_LOOKED_AT = 6
_PACKETS_LOOKED_AT = 2000
_BYTES_LOOKED_AT = 64 * 1024**2
_TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
_HDR_TRANSFERS = {"smpte2084", "arib-std-b67"}
_LOCKED_TAGS = {"drms", "drmi", "drmt", "aavd", "enca", "encv"}
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a recording may have."""

    most_bytes: int = 16 * 1024**3
    longest_ms: int = 240 * 60_000
    most_pixels: int = 36_000_000
    most_streams: int = 32


@dataclass(slots=True)
class _Look:
    """What decoding the first frames showed, by the tracks' indexes."""

    pictures: dict[int, list[VideoFrame]] = field(default_factory=dict)
    sounds: set[int] = field(default_factory=set)


def run_probe(path: Path, *, limits: Limits | None = None) -> MediaInfo:
    """What the recording holds. Reads the file, decodes a few frames, changes nothing.

    Raises FileMissing, EmptyFile, NotMedia, TruncatedMedia, DamagedMedia, ProtectedMedia, UnsupportedCodec,
    MediaTooLarge, MediaTooLong, TooManyPixels or TooManyStreams.
    """
    most = limits or Limits()
    byte_count = check_file(path)
    if byte_count > most.most_bytes:
        raise MediaTooLarge
    found = _describe(path, byte_count, most)
    video = found.video
    indexes = [*([video.index] if video else []), *(each.index for each in found.audio)]
    timing = measure_timing(path, indexes)
    if ms(timing.duration_s) > most.longest_ms:
        raise MediaTooLong
    return replace(
        found,
        duration_ms=ms(timing.duration_s),
        video=_timed(video, timing) if video else None,
        audio=tuple(replace(each, start_ms=_start_ms(each.index, timing)) for each in found.audio),
    )


def _describe(path: Path, byte_count: int, most: Limits) -> MediaInfo:
    """All but the times."""
    with open_media(path) as container:
        _check_streams(container, most)
        streams = _usable(container)
        look = _Look()
        if streams:
            _look(container, streams, look)
        video = _main_picture(streams, look)
        audio = [each for each in streams if isinstance(each, AvAudioStream) and each.index in look.sounds]
        if video is None and not audio:
            raise _why_nothing(container, path, streams)
        return MediaInfo(
            container=container.format.name,
            duration_ms=0,
            byte_count=byte_count,
            video=_describe_video(video, look.pictures[video.index]) if video else None,
            audio=tuple(_describe_audio(each) for each in audio),
            recorded_at=_recorded_at(container),
            subtitle_count=sum(each.type == "subtitle" for each in container.streams),
        )


def _timed(video: VideoStream, timing: Timing) -> VideoStream:
    rhythm = timing.rhythm
    return replace(
        video,
        real_rate=rhythm.real_rate,
        variable_rate=rhythm.variable,
        start_ms=_start_ms(video.index, timing),
        keyframe_ms=None if rhythm.keyframe_s is None else ms(rhythm.keyframe_s),
    )


def _start_ms(index: int, timing: Timing) -> int:
    return ms(timing.starts_s.get(index, 0.0))


def _check_streams(container: InputContainer, most: Limits) -> None:
    if sum(each.type != "attachment" for each in container.streams) > most.most_streams:
        raise TooManyStreams
    for stream in container.streams:
        if not isinstance(stream, AvVideoStream) or not _is_known(stream):
            continue
        if stream.codec_context.width * stream.codec_context.height > most.most_pixels:
            raise TooManyPixels


def _is_known(stream: Stream) -> bool:
    """Whether there is a decoder for it; the library's types do not say that there may be none."""
    return getattr(stream, "codec_context", None) is not None


def _usable(container: InputContainer) -> list[Stream]:
    """The picture and sound tracks whose codec is known; covers and previews are no picture tracks."""
    still = Disposition.attached_pic | Disposition.timed_thumbnails
    return [
        each
        for each in container.streams
        if isinstance(each, AvVideoStream | AvAudioStream)
        and _is_known(each)
        and not (isinstance(each, AvVideoStream) and each.disposition & still)
    ]


def _look(container: InputContainer, streams: Sequence[Stream], look: _Look) -> None:
    """Decode a little of each track at the start and, for those that give nothing there, further on."""
    _look_here(container, streams, look)
    for part in (0.25, 0.5, 0.75):
        missing = [each for each in streams if each.index not in look.sounds and each.index not in look.pictures]
        if not missing or not container.duration:
            return
        with contextlib.suppress(av.error.FFmpegError):
            container.seek(int((container.start_time or 0) + part * container.duration), backward=True)
            _look_here(container, missing, look)


def _look_here(container: InputContainer, streams: Sequence[Stream], look: _Look) -> None:
    wanted = {each.index for each in streams}
    read = 0
    with contextlib.suppress(av.error.FFmpegError):
        for count, packet in enumerate(container.demux(*streams)):
            if packet.has_sidedata("encryption_info"):
                raise ProtectedMedia
            stream = packet.stream
            if stream.index in wanted and _decode(packet, stream, look):
                wanted.discard(stream.index)
            read += packet.size
            if not wanted or count > _PACKETS_LOOKED_AT or read > _BYTES_LOOKED_AT:
                return


def _decode(packet: Packet[Stream], stream: Stream, look: _Look) -> bool:
    """Decode one packet; whether enough of its track was seen."""
    try:
        frames = packet.decode()
    except av.error.FFmpegError:
        return False
    for frame in frames:
        if isinstance(frame, VideoFrame):
            look.pictures.setdefault(stream.index, []).append(frame)
        else:
            look.sounds.add(stream.index)
    return stream.index in look.sounds or len(look.pictures.get(stream.index, [])) >= _FRAMES_LOOKED_AT


def _main_picture(streams: Sequence[Stream], look: _Look) -> AvVideoStream | None:
    """The picture track to show: the one marked as default, else the largest."""
    shown = [each for each in streams if isinstance(each, AvVideoStream) and each.index in look.pictures]
    return max(
        shown,
        key=lambda each: (bool(each.disposition & Disposition.default), each.width * each.height, -each.index),
        default=None,
    )


def _why_nothing(container: InputContainer, path: Path, streams: Sequence[Stream]) -> MediaError:
    """Which error a file is that opens and yet shows and plays nothing."""
    if is_encrypted_matroska(read_head(path)):
        return ProtectedMedia()
    if any(each.codec_context.codec_tag in _LOCKED_TAGS for each in streams):
        return ProtectedMedia()
    unknown = [each for each in container.streams if each.type in {"audio", "video"} and not _is_known(each)]
    if unknown:
        first = next((packet for packet in container.demux(*unknown)), None)
        encrypted = first is not None and first.has_sidedata("encryption_info")
        return ProtectedMedia() if encrypted else UnsupportedCodec()
    if not streams or container.format.name in GUESSED_FORMATS:
        return NotMedia()
    return DamagedMedia()


def _describe_video(stream: AvVideoStream, frames: Sequence[VideoFrame]) -> VideoStream:
    first = frames[0]
    ratio = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    stretch = float(ratio) if ratio and 0.1 <= ratio <= 10 else 1.0
    rotation = round(-first.rotation / 90) * 90 % 360
    width, height = max(1, round(first.width * stretch)), first.height
    if rotation in {90, 270}:
        width, height = height, width
    transfer = _TRANSFERS.get(int(first.color_trc), "")
    return VideoStream(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        width=width,
        height=height,
        coded_width=first.width,
        coded_height=first.height,
        rotation=rotation,
        nominal_rate=_nominal_rate(stream),
        pixel_format=first.format.name,
        bit_depth=first.format.components[0].bits,
        colour_transfer=transfer,
        hdr=transfer in _HDR_TRANSFERS,
        interlaced=any(each.interlaced_frame for each in frames),
    )


def _nominal_rate(stream: AvVideoStream) -> float | None:
    rates = [float(each) for each in (stream.base_rate, stream.average_rate) if each]
    return next((each for each in rates if 0 < each <= 300), None)


def _describe_audio(stream: AvAudioStream) -> AudioStream:
    return AudioStream(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        sample_rate=stream.codec_context.sample_rate,
        channels=stream.codec_context.channels,
        language=stream.language or "",
    )


def _recorded_at(container: InputContainer) -> datetime | None:
    """When the device says that it recorded; a date from before such devices is a clock that was never set."""
    written = {key.lower(): value for key, value in container.metadata.items()}
    for key in ("com.apple.quicktime.creationdate", "creation_time", "date"):
        with contextlib.suppress(ValueError):
            moment = datetime.fromisoformat(written.get(key, ""))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if moment >= _OLDEST:
                return moment.astimezone(UTC)
    return None
