"""What is to be done with a recording so that every browser plays it: decided from what probing found, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.lesson import AudioStream, MediaInfo, VideoStream

HIGHEST_RATE = 30
_LOWEST_RATE = 5
_RATES = (
    *(Fraction(each) for each in (5, 6, 8, 10, 12)),
    Fraction(25, 2),
    Fraction(15000, 1001),
    *(Fraction(each) for each in (15, 20)),
    Fraction(24000, 1001),
    *(Fraction(each) for each in (24, 25)),
    Fraction(30000, 1001),
    Fraction(30),
)
_SAME_RATE = 0.0004
_NEAR_RATE = 0.03
_LOST_FRAMES = 0.05
_CLOSE_KEYFRAMES_MS = 4_500
_SHORTEST_LEVELLED_MS = 4_000
"""Loudness is measured over three seconds; below that there is none to speak of."""
_MOST_BITS_PER_SECOND = 8_000_000
_PLAYED_RATE = 61
_PLAYED_FORMATS = {"yuv420p", "yuvj420p"}
_COPIED_CONTAINERS = {"mov", "matroska", "flv"}
_STILL_EQUAL_RATIO = 16 / 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What listening to samples of one sound track told.

    `level_db` is its level in decibels below full scale. `only_channel` is the one that carries the sound, where the
    others are silent or cancel it out.
    """

    stream: AudioStream
    level_db: float = -20.0
    only_channel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the web rendition is made. `copy_picture` and `copy_sound` take the stream over as it is.

    `level_sound` brings it to the usual loudness. `sounds` are the tracks that are heard, mixed where there are several. `width`, `height` and `rate` (frames per
    second) are the web rendition's picture. `note` says in words what was chosen and why.
    """

    video: VideoStream | None
    sounds: tuple[Sound, ...]
    copy_picture: bool
    copy_sound: bool
    level_sound: bool
    width: int
    height: int
    rate: Fraction
    channels: int
    note: str


def build_plan(
    media: MediaInfo,
    sounds: Sequence[Sound],
    *,
    web_height: int,
    may_copy: bool = True,
    picture: bool = True,
    level: bool = True,
) -> Plan:
    """The plan for this recording, whose picture is to be at most `web_height` high (upright: as wide).

    With `may_copy`, `picture` or `level` off nothing is taken over as it is, the picture is left out, or the sound
    keeps its loudness.
    """
    video = media.video if picture else None
    heard = choose_sounds(sounds)
    width, height = fit_size(video, web_height) if video else (0, 0)
    hindrance = "it could not be taken over" if not may_copy else _picture_hindrance(media, web_height)
    copy_picture = video is not None and not hindrance
    deaf = _sound_hindrance(heard)
    copy_sound = copy_picture and bool(heard) and not deaf
    return Plan(
        video=video,
        sounds=heard,
        copy_picture=copy_picture,
        copy_sound=copy_sound,
        level_sound=level and not copy_sound and media.duration_ms >= _SHORTEST_LEVELLED_MS,
        width=width,
        height=height,
        rate=choose_rate(video) if video else Fraction(HIGHEST_RATE),
        channels=_channels(heard),
        note=_note(video, heard, hindrance, deaf),
    )


def choose_sounds(sounds: Sequence[Sound]) -> tuple[Sound, ...]:
    """The tracks to hear: all that are not silent; only the first of them where they speak different languages."""
    loudest = max((each.level_db for each in sounds), default=0.0)
    heard = tuple(each for each in sounds if each.level_db > max(-70.0, loudest - 45.0))
    if not heard:
        return tuple(sounds[:1])
    languages = {each.stream.language for each in heard} - {"", "und"}
    return heard[:1] if len(languages) > 1 else heard


def fit_size(video: VideoStream, web_height: int) -> tuple[int, int]:
    """The even size in square pixels that fits in a 16:9 frame of that height, lying or standing; never enlarged."""
    long_side = round(web_height * _STILL_EQUAL_RATIO)
    most_width, most_height = (long_side, web_height) if video.width >= video.height else (web_height, long_side)
    shrink = min(1.0, most_width / video.width, most_height / video.height)
    return _even(video.width * shrink, most_width), _even(video.height * shrink, most_height)


def _even(length: float, most: int) -> int:
    return max(2, min(round(length / 2) * 2, most - most % 2))


def choose_rate(video: VideoStream) -> Fraction:
    """The constant rate: the recording's own where it is a usual one, halved (or more) until it is at most 30."""
    nominal, real = video.nominal_rate, video.real_rate
    named = nominal is not None and (video.variable_rate or real is None or abs(nominal / real - 1) < _LOST_FRAMES)
    own = (nominal if named else real) or HIGHEST_RATE
    part = 1
    while own / part > HIGHEST_RATE + 0.5:
        part += 1
    wanted = own / part
    nearest = min(_RATES, key=lambda each: abs(float(each) / wanted - 1))
    if abs(float(nearest) / wanted - 1) < (_NEAR_RATE if video.variable_rate else _SAME_RATE):
        return nearest
    if video.variable_rate:
        return next((each for each in _RATES if each >= wanted), _RATES[-1])
    return max(Fraction(_LOWEST_RATE), Fraction(min(wanted, HIGHEST_RATE)).limit_denominator(1001))


def _picture_hindrance(media: MediaInfo, web_height: int) -> str:
    """Why the picture can't be taken over as it is; empty when it can."""
    video = media.video
    if video is None:
        return ""
    long_side = round(web_height * _STILL_EQUAL_RATIO)
    rate = video.real_rate or video.nominal_rate or 0.0
    bits_per_second = media.byte_count * 8000 / max(media.duration_ms, 1)
    reasons = (
        (video.codec != "h264", f"{_shown(video.codec)} does not play in every browser"),
        (video.hdr or video.bit_depth > 8, "the picture is HDR or has more than 8 bits"),
        (video.pixel_format not in _PLAYED_FORMATS, f"{video.pixel_format} does not play in every browser"),
        (video.interlaced, "the picture is interlaced"),
        (video.rotation != 0, "the picture lies on its side"),
        (video.width != video.coded_width or video.height != video.coded_height, "its pixels are not square"),
        (
            max(video.width, video.height) > long_side or min(video.width, video.height) > web_height,
            f"the picture is larger than {web_height}p",
        ),
        (video.width % 2 + video.height % 2 > 0, "its size is odd"),
        (video.variable_rate, "its frame rate varies"),
        (not 1 <= rate <= _PLAYED_RATE, "its frame rate is unusual"),
        (video.keyframe_ms is None or video.keyframe_ms > _CLOSE_KEYFRAMES_MS, "its key frames are too far apart"),
        (bits_per_second > _MOST_BITS_PER_SECOND, "its bit rate is too high"),
        (not _COPIED_CONTAINERS & set(media.container.split(",")), f"{media.container} does not play in every browser"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _sound_hindrance(heard: Sequence[Sound]) -> str:
    """Why the sound can't be taken over as it is; empty when it can."""
    if len(heard) > 1:
        return "there are several sound tracks"
    if heard and heard[0].stream.codec != "aac":
        return f"{_shown(heard[0].stream.codec)} sound does not play in every browser"
    if heard and heard[0].stream.channels > 2:
        return "the sound has more than two channels"
    if heard and heard[0].only_channel is not None:
        return "the sound is on one channel only"
    return ""


def _channels(heard: Sequence[Sound]) -> int:
    return 2 if any(each.stream.channels > 1 and each.only_channel is None for each in heard) else 1


def _note(video: VideoStream | None, heard: Sequence[Sound], hindrance: str, deaf: str) -> str:
    if video is None:
        return "encoded: a sound recording"
    if hindrance:
        return f"encoded: {hindrance}"
    if not heard:
        return "remuxed: H.264 already fits"
    if deaf:
        return f"remuxed: H.264 already fits; encoded the sound: {deaf}"
    return "remuxed: H.264 and AAC already fit"


def _shown(codec: str) -> str:
    names = {"h264": "H.264", "hevc": "HEVC", "av1": "AV1", "mpeg2video": "MPEG-2", "mpeg4": "MPEG-4 part 2"}
    return names.get(codec, codec.upper())
