"""Media: what making a recording playable costs beside a bare ffmpeg that does only the picture and the sound."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.ffmpeg import find_ffmpeg
from pipeline.probe import run_probe
from pipeline.transcode import TranscodeOptions, run_transcode

Row = dict[str, object]

_SECONDS = 120
_ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-c:a", "aac", "-movflags", "+faststart"]


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([str(find_ffmpeg()), "-v", "error", "-nostdin", "-y", *arguments], check=True)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _source(path: Path, *codec: str) -> Path:
    """Two minutes of moving 1080p with a tone, encoded as asked."""
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=25:d={_SECONDS}"]
    sound = ["-f", "lavfi", "-i", f"sine=frequency=300:sample_rate=48000:d={_SECONDS}"]
    _ffmpeg(*picture, *sound, *codec, "-c:a", "aac", str(path))
    return path


def _transcode(source: Path, into: Path) -> str:
    media = run_probe(source)
    return run_transcode(source, media, into, options=TranscodeOptions(nice=0), progress=lambda _share: None).note


def run() -> list[Row]:
    """Every figure of the group."""
    with tempfile.TemporaryDirectory(prefix="debrief-bench-") as folder:
        work = Path(folder)
        source = _source(work / "source.mp4", "-c:v", "mpeg4", "-q:v", "4")
        scale = ["-vf", "scale=1280:720", "-pix_fmt", "yuv420p", *_ENCODE]
        bare = _timed(lambda: _ffmpeg("-i", str(source), *scale, str(work / "bare.mp4")))
        full = _timed(lambda: _transcode(source, work / "full"))
        ready = work / "ready.mp4"
        _ffmpeg("-i", str(source), *scale, "-g", "50", str(ready))
        remux = _timed(lambda: _transcode(ready, work / "remux"))
    how = f"bare {bare:.1f} s, ours {full:.1f} s, taken over {remux:.1f} s; {_SECONDS} s of 1080p, one run"
    common: Row = {"group": "media", "unit": "ratio", "compare": "bare ffmpeg, web rendition only", "how": how}
    return [
        {
            **common,
            "figure": "all renditions / the web rendition alone",
            "value": full / bare,
            "goal": "<= 1.10",
            "holds": full / bare <= 1.10,
        },
        {
            **common,
            "figure": "a source that browsers play / the same encode",
            "value": remux / bare,
            "goal": "<= 0.05",
            "holds": remux / bare <= 0.05,
        },
    ]
