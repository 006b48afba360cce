"""The arguments for the one ffmpeg call that makes every rendition: pure, from the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from pipeline.probe_open import FORMATS, PROTOCOLS, input_address
from pipeline.storyboard import Board
from pipeline.transcode_plan import Plan, Sound

AUDIO_RATE = 48_000
ASR_RATE = 16_000
LOUDNESS_LUFS = -16
KEYFRAME_S = 2
FRAMES_PER_SECOND = 2
_FRAMES_SIDE = 320

WEB_PICTURE = {
    "c:v": "libx264",
    "preset": "veryfast",
    "crf": "23",
    "profile:v": "high",
    "pix_fmt": "yuv420p",
}
"""How the web rendition's picture is encoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The files of one call, relative to the folder it runs in."""

    web: str
    audio: str = "audio.wav"
    frames: str = "frames.mkv"
    sheets: str = "storyboard-%d.jpg"


def build_arguments(
    source: Path, plan: Plan, names: Names, board: Board, *, threads: int, tone_mapping: bool
) -> list[str]:
    """All of ffmpeg's arguments after its global ones."""
    reading: dict[str, Any] = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS, "threads": threads}
    if plan.copy_picture:
        # The picture is taken over, so only the key frames have to be decoded for the small pictures.
        reading["skip_frame"] = "nokey"
    source_node = ffmpeg.input(input_address(source), **reading)
    web: list[Any] = []
    outputs: list[Any] = []
    if plan.video is not None:
        shown, small = _picture(source_node[str(plan.video.index)], plan, tone_mapping=tone_mapping)
        web.append(shown)
        outputs += _small_pictures(small, plan, names, board)
    if plan.sounds:
        heard, recognised = _sound(source_node, plan)
        web.append(heard)
        outputs.append(_asr_output(recognised, names))
    outputs.insert(0, ffmpeg.output(*web, f"file:{names.web}", **_web_options(plan, threads)))
    arguments: list[str] = ffmpeg.merge_outputs(*outputs).get_args()
    return ["-max_error_rate", "1", *arguments]


def build_audio_arguments(source: Path, sounds: tuple[Sound, ...], names: Names, *, threads: int) -> list[str]:
    """The arguments that make the recogniser's sound alone."""
    reading = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS, "threads": threads}
    source_node = ffmpeg.input(input_address(source), **reading)
    arguments: list[str] = _asr_output(_mixed(source_node, sounds, channels=1), names).get_args()
    return ["-max_error_rate", "1", *arguments]


def _picture(stream: Any, plan: Plan, *, tone_mapping: bool) -> tuple[Any, Any]:
    """The web rendition's picture, and the one from which the small pictures are made."""
    video = plan.video
    if video is None or plan.copy_picture:
        return stream, stream
    node = stream
    if video.interlaced:
        node = node.filter("bwdif", mode="send_frame", deint="interlaced")
    own_rate = video.real_rate or video.nominal_rate or 0.0
    # Fewer frames are made before the costly steps, more only after them.
    fewer_first = own_rate >= float(plan.rate) * 1.2
    if fewer_first:
        node = _constant_rate(node, plan.rate)
    if video.hdr and tone_mapping:
        node = _tone_mapped(node, plan)
    else:
        node = node.filter("scale", plan.width, plan.height, out_range="tv")
    node = node.filter("setsar", 1).filter("format", "yuv420p")
    if not fewer_first:
        node = _constant_rate(node, plan.rate)
    split = node.filter_multi_output("split", 2)
    return split[0], split[1]


def _constant_rate(node: Any, rate: Fraction) -> Any:
    return node.filter("fps", str(rate), start_time=0)


def _tone_mapped(node: Any, plan: Plan) -> Any:
    """HDR to the ordinary range: to linear light, mapped by Hable's curve, and back as BT.709."""
    transfer = plan.video.colour_transfer if plan.video else ""
    return (
        node.filter(
            "zscale",
            w=plan.width,
            h=plan.height,
            tin=transfer or "smpte2084",
            min="2020_ncl",
            pin="2020",
            transfer="linear",
            npl=203,
        )
        .filter("format", "gbrpf32le")
        .filter("zscale", primaries="709")
        .filter("tonemap", "hable", desat=0)
        .filter("zscale", transfer="709", matrix="709", range="limited")
        .filter("sidedata", mode="delete")
    )


def _small_pictures(node: Any, plan: Plan, names: Names, board: Board) -> list[Any]:
    width, height = _inside(plan, _FRAMES_SIDE)
    if not plan.copy_picture:
        # Rounded up, each frame shows what is seen at its own time.
        node = node.filter("fps", FRAMES_PER_SECOND, start_time=0, round="up", eof_action="pass")
    node = node.filter("scale", width, height, flags="area", out_range="tv").filter("setsar", 1)
    split = node.filter("format", "yuv420p").filter_multi_output("split", 2)
    frames = ffmpeg.output(
        split[0],
        f"file:{names.frames}",
        **{"c:v": "libx264", "preset": "ultrafast", "crf": "24", "g": 20, "threads": 1, "f": "matroska"},
        fps_mode="passthrough",
        **_stripped(),
    )
    sheets = (
        split[1]
        .filter("fps", str(Fraction(1000, board.interval_ms)), start_time=0, eof_action="pass")
        .filter("tpad", stop_mode="clone", stop=1)
        .filter("scale", board.tile_width, board.tile_height, flags="area", out_range="pc")
        .filter("format", "yuvj420p")
        .filter("tile", f"{board.columns}x{board.rows}")
    )
    tiles = ffmpeg.output(
        sheets,
        names.sheets,
        **{"c:v": "mjpeg", "q:v": 5, "threads": 1, "f": "image2"},
        start_number=0,
        fps_mode="passthrough",
    )
    return [frames, tiles]


def _inside(plan: Plan, side: int) -> tuple[int, int]:
    shrink = min(1.0, side / max(plan.width, plan.height))
    return max(2, round(plan.width * shrink / 2) * 2), max(2, round(plan.height * shrink / 2) * 2)


def _sound(source_node: Any, plan: Plan) -> tuple[Any, Any]:
    """The web rendition's sound, and the recogniser's."""
    mixed = _mixed(source_node, plan.sounds, channels=plan.channels)
    if plan.copy_sound:
        return source_node[str(plan.sounds[0].stream.index)], mixed
    split = mixed.filter_multi_output("asplit", 2)
    return _levelled(split[0], plan.channels) if plan.level_sound else split[0], split[1]


def _levelled(node: Any, channels: int) -> Any:
    """The sound at the loudness of EBU R 128, so that pupils far from the microphone are heard."""
    loud = node.filter("loudnorm", I=LOUDNESS_LUFS, TP=-1.5, LRA=11).filter("aresample", AUDIO_RATE)
    # The filter gives as many samples as it takes, but some versions of it put a gap into their times.
    return loud.filter("aformat", sample_fmts="fltp", channel_layouts=_layout(channels)).filter("asetpts", "N/SR/TB")


def _mixed(source_node: Any, sounds: tuple[Sound, ...], *, channels: int) -> Any:
    """All tracks that are heard as one, without gaps, from the recording's very start."""
    tracks = []
    for each in sounds:
        node = source_node[str(each.stream.index)]
        if each.only_channel is not None:
            node = node.filter("pan", f"mono|c0<c{each.only_channel}")
        # The resampler is kept on: starting it only when the clocks drift apart would begin again at the first sample.
        node = node.filter("aresample", AUDIO_RATE, flags="res", first_pts=0, **{"async": 400})
        tracks.append(node.filter("aformat", sample_fmts="fltp", channel_layouts=_layout(channels)))
    if len(tracks) == 1:
        return tracks[0]
    return ffmpeg.filter(tracks, "amix", inputs=len(tracks), duration="longest", normalize=0)


def _layout(channels: int) -> str:
    return "stereo" if channels == 2 else "mono"


def _asr_output(node: Any, names: Names) -> Any:
    plain = node.filter("aresample", ASR_RATE).filter("aformat", sample_fmts="s16", channel_layouts="mono")
    return ffmpeg.output(plain, f"file:{names.audio}", **{"c:a": "pcm_s16le", "f": "wav"}, **_stripped())


def _web_options(plan: Plan, threads: int) -> dict[str, Any]:
    options: dict[str, Any] = {"f": "mp4", "movflags": "+faststart", "threads": threads, **_stripped()}
    if plan.copy_picture:
        options["c:v"] = "copy"
    elif plan.video is not None:
        options |= WEB_PICTURE
        options |= {"g": max(1, math.floor(KEYFRAME_S * plan.rate)), "fps_mode": "passthrough"}
        if plan.video.hdr:
            options |= {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
    if plan.copy_sound:
        options["c:a"] = "copy"
    elif plan.sounds:
        options |= {"c:a": "aac", "b:a": "128k" if plan.channels == 2 else "96k"}
    return options


def _stripped() -> dict[str, Any]:
    """Without names, places and programs; the same input gives the same bytes."""
    return {
        "map_metadata": -1,
        "map_chapters": -1,
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
        "flags:a": "+bitexact",
    }
