"""Recordings of every odd kind, made on the spot: a flash and a beep at each even second."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from av.video.stream import VideoStream

from models.lesson import MadeFile, MediaInfo, RenditionKind
from pipeline.ffmpeg import find_ffmpeg
from pipeline.probe import run_probe
from pipeline.transcode import Transcoded, TranscodeOptions, run_transcode

FAST = TranscodeOptions(web_height=360, nice=0)
LENGTH_S = 8

Maker = Callable[[Path], None]


def make(target: Path, *arguments: str | Path) -> None:
    """Run ffmpeg with these arguments and this output."""
    flags = ["-v", "error", "-nostdin", "-y"]
    subprocess.run([find_ffmpeg(), *flags, *arguments, f"file:{target}"], check=True, env={**os.environ, "LC_ALL": "C"})


def picture(size: str = "320x180", rate: str = "25", seconds: float = LENGTH_S) -> list[str]:
    """The input that shows a grey picture with something moving, white in the first 0.2 s of each even second."""
    source = f"testsrc=s={size}:r={rate}:d={seconds},eq=brightness=-0.35"
    flash = "drawbox=c=white:t=fill:enable='lt(mod(t,2),0.199)'"
    return ["-f", "lavfi", "-i", f"{source},{flash}"]


def sound(seconds: float = LENGTH_S, rate: int = 48000, level: float = 0.5) -> list[str]:
    """The input that beeps in the first 0.2 s of each even second."""
    return ["-f", "lavfi", "-i", f"aevalsrc='{level}*lt(mod(t,2),0.2)*sin(2*PI*1000*t)':s={rate}:d={seconds}"]


H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac"]


def _web_ready(path: Path) -> None:
    make(path, *picture(), *sound(), *H264, "-g", "50", *AAC)


def _long_gaps(path: Path) -> None:
    make(path, *picture(), *sound(), *H264, "-g", "500", "-keyint_min", "500", "-sc_threshold", "0", *AAC)


def _moov_first(path: Path) -> None:
    make(path, *picture(), *sound(), *H264, "-g", "50", *AAC, "-movflags", "+faststart")


def _rotated(path: Path) -> None:
    upright = path.with_name("upright for turning.mp4")
    make(upright, *picture(), *sound(), *H264, *AAC)
    with av.open(str(upright)) as source, av.open(str(path), "w") as target:
        tracks = {each.index: target.add_stream_from_template(each) for each in source.streams}
        turned = tracks[0]
        assert isinstance(turned, VideoStream)
        turned.set_display_rotation(90)
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream_index]
                target.mux(packet)
    upright.unlink()


def _variable(path: Path) -> None:
    kept = "select='lt(mod(n,50),25)+not(mod(n,3))'"
    make(path, *picture(), *sound(), "-vf", kept, "-fps_mode", "vfr", *H264, *AAC)


def _fast(path: Path) -> None:
    make(path, *picture(rate="60"), *sound(), *H264, "-g", "500", *AAC)


def _hdr(path: Path) -> None:
    colours = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"]
    bits = ["-vf", "format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"]
    codec = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1"]
    make(path, *picture(), *sound(), *bits, *codec, *colours, *AAC)


def _camera(path: Path) -> None:
    fields = [
        "-vf",
        "tinterlace=interleave_top,fieldorder=tff,setsar=16/15",
        "-flags",
        "+ildct+ilme",
        "-c:v",
        "mpeg2video",
        "-b:v",
        "2M",
    ]
    make(path, *picture("720x576", "50"), *sound(), *fields, "-c:a", "ac3", "-f", "mpegts", "-output_ts_offset", "10")


def _wide_pixels(path: Path) -> None:
    make(path, *picture("360x288"), *sound(), "-vf", "setsar=16/11", *H264, *AAC)


def _left_only(path: Path) -> None:
    make(path, *picture(), *sound(), "-af", "pan=stereo|c0=c0|c1=0*c0", *H264, "-g", "50", *AAC)


def _cancelling(path: Path) -> None:
    make(path, *picture(), *sound(), "-af", "pan=stereo|c0=c0|c1=-1*c0", *H264, "-g", "50", "-c:a", "pcm_s16le")


def _late_sound(path: Path) -> None:
    make(path, *picture(), "-itsoffset", "2", *sound(), *H264, "-g", "500", *AAC)


def _late_picture(path: Path) -> None:
    make(path, "-itsoffset", "2", *picture(), *sound(10), *H264, "-g", "500", *AAC)


def _two_tracks(path: Path) -> None:
    silence = ["-f", "lavfi", "-i", f"anullsrc=r=48000:cl=mono:d={LENGTH_S}"]
    maps = ["-map", "0:v", "-map", "1:a", "-map", "2:a"]
    make(path, *picture(), *silence, *sound(), *maps, *H264, "-g", "50", *AAC)


def _no_sound(path: Path) -> None:
    make(path, *picture(), *H264, "-g", "50")


def _sound_only(path: Path) -> None:
    make(path, *sound(), *AAC)


def _cover(path: Path) -> None:
    cover = ["-f", "lavfi", "-i", "testsrc=s=200x200:d=1:r=1"]
    make(path, *sound(), *cover, "-map", "0", "-map", "1", "-c:v", "mjpeg", "-disposition:v:0", "attached_pic", *AAC)


def _odd_size(path: Path) -> None:
    make(path, *picture("321x181"), *sound(), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", *AAC)


def _browser(path: Path) -> None:
    codecs = [
        "-c:v",
        "libvpx",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-c:a",
        "libopus",
        "-f",
        "webm",
        "-live",
        "1",
    ]
    make(path, *picture(), *sound(), *codecs)


def _fragments(path: Path) -> None:
    make(path, *picture(), *sound(), *H264, "-g", "50", *AAC, "-movflags", "+frag_keyframe+empty_moov")


def _opus_in_matroska(path: Path) -> None:
    make(path, *picture(), *sound(), *H264, "-g", "50", "-c:a", "libopus")


MAKERS: dict[str, Maker] = {
    "web ready.mp4": _web_ready,
    "moov first.mp4": _moov_first,
    "long gaps.mp4": _long_gaps,
    "rotated.mp4": _rotated,
    "variable.mp4": _variable,
    "fast.mp4": _fast,
    "hdr.mov": _hdr,
    "camera.mts": _camera,
    "wide pixels.mp4": _wide_pixels,
    "left only.mp4": _left_only,
    "cancelling.mkv": _cancelling,
    "late sound.mp4": _late_sound,
    "late picture.mkv": _late_picture,
    "two tracks.mp4": _two_tracks,
    "no sound.mp4": _no_sound,
    "sound only.m4a": _sound_only,
    "cover.m4a": _cover,
    "odd size.mp4": _odd_size,
    "browser.webm": _browser,
    "fragments.mp4": _fragments,
    "opus.mkv": _opus_in_matroska,
}


class Recordings:
    """The recordings by name, each made when it is first asked for; and what became of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._probed: dict[str, MediaInfo] = {}
        self._made: dict[str, Transcoded] = {}

    def path(self, name: str) -> Path:
        target = self.folder / name
        if not target.exists():
            MAKERS[name](target)
        return target

    def probed(self, name: str) -> MediaInfo:
        if name not in self._probed:
            self._probed[name] = run_probe(self.path(name))
        return self._probed[name]

    def transcoded(self, name: str) -> Transcoded:
        if name not in self._made:
            into = self.folder / f"{name} out"
            self._made[name] = run_transcode(
                self.path(name), self.probed(name), into, options=FAST, progress=lambda _share: None
            )
        return self._made[name]

    def file(self, name: str, kind: RenditionKind) -> Path:
        return file_of(self.transcoded(name), kind).path


def file_of(made: Transcoded, kind: RenditionKind) -> MadeFile:
    """The first of that kind among those made."""
    return next(each for each in made.files if each.kind is kind)


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    """Every odd kind of recording."""
    return Recordings(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(params=["path", "packaged"])
def either_ffmpeg(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The ffmpeg on PATH, then the one from the package; the first is skipped on a machine that has none."""
    if request.param == "path":
        chosen = find_ffmpeg()
        if chosen == Path(imageio_ffmpeg.get_ffmpeg_exe()):
            pytest.skip("there is no ffmpeg on PATH")
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
        chosen = find_ffmpeg()
        assert chosen == Path(imageio_ffmpeg.get_ffmpeg_exe())
    return chosen


def rate_of(path: Path) -> Fraction:
    """The frame rate that a file's header names."""
    with av.open(str(path)) as container:
        return Fraction(container.streams.video[0].average_rate or 0)
