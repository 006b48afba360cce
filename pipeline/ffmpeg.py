"""Calling ffmpeg: the only module that starts other people's programs."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import imageio_ffmpeg

from models.errors import DiskFull, ToolFailed, ToolMissing, ToolStalled
from models.run import Progress

ENCODER = "libx264"
"""What an ffmpeg must be able to do to be of use here."""

_TICK_S = 0.2
_REPORT_EVERY_S = 0.4
_GRACE_S = 1.0
_KEPT_LINES = 60
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")

# Runs in a Python of its own, since code between fork and exec is not safe in a program with threads. It asks Linux
# to end the child together with the process that started it, however that one ends.
_LAUNCHER = """
import os, sys
parent, nice = int(sys.argv[1]), int(sys.argv[2])
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
if nice:
    os.nice(nice)
os.execv(sys.argv[3], sys.argv[3:])
"""


def find_ffmpeg() -> Path:
    """The ffmpeg on PATH if it can encode H.264, else the one that imageio-ffmpeg brings. Raises ToolMissing."""
    found = shutil.which("ffmpeg")
    if found and ENCODER in _listing(Path(found), "-encoders"):
        return Path(found)
    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolMissing("ffmpeg") from error


def ffmpeg_version() -> str:
    """The version that the ffmpeg in use gives itself. Raises ToolMissing or ToolFailed."""
    words = _listing(find_ffmpeg(), "-version").split()
    if len(words) < 3:
        raise ToolFailed("ffmpeg does not tell its version")
    return words[2]


def has_filter(name: str) -> bool:
    """Whether the ffmpeg in use was built with this filter."""
    return re.search(rf"^ \S+ +{re.escape(name)} ", _listing(find_ffmpeg(), "-filters"), re.MULTILINE) is not None


@functools.cache
def _listing(program: Path, option: str) -> str:
    try:
        done = subprocess.run(
            [program, "-hide_banner", option] if option != "-version" else [program, option],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolFailed("ffmpeg could not be started") from error
    return done.stdout.decode("utf-8", "replace")


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    folder: Path,
    duration_ms: int,
    progress: Progress,
    stall_seconds: int,
    nice: int = 0,
) -> None:
    """Run ffmpeg in `folder` and tell `progress` the share of `duration_ms` that is done.

    Whatever `progress` raises ends ffmpeg within two seconds and comes through. Raises ToolStalled when nothing moved
    for `stall_seconds`, DiskFull, or ToolFailed with what ffmpeg said last.
    """
    program = find_ffmpeg()
    flags = ["-hide_banner", "-nostdin", "-y", "-v", "error", "-progress", "pipe:1", "-stats_period", "0.5"]
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), str(nice)]
    try:
        child = subprocess.Popen(
            [*launcher, str(program), *flags, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
            env=_environment(),
        )
    except OSError as error:
        raise ToolFailed("ffmpeg could not be started") from error
    with child:
        try:
            complaints = _watch(child, duration_ms, progress, stall_seconds)
            status = child.wait()
        except BaseException:
            _end(child)
            raise
    if status != 0:
        raise _failure(status, complaints)


def _environment() -> dict[str, str]:
    # Keys of stores and databases stand in our environment; a program that reads strangers' files needs none of them.
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "LC_ALL": "C", "AV_LOG_FORCE_NOCOLOR": "1"}


class _Pulse:
    """Whether ffmpeg moves: its position in the media, or bytes that it reads and writes while it closes its files."""

    def __init__(self, pid: int, stall_seconds: int) -> None:
        self._counters = Path(f"/proc/{pid}/io")
        self._stall_seconds = stall_seconds
        self._last: tuple[object, ...] = ()
        self._moved_at = time.monotonic()

    def check(self, *marks: object) -> None:
        """Raises ToolStalled when neither the marks nor the bytes changed for too long."""
        try:
            moved = (*marks, *self._counters.read_text(encoding="ascii").split()[1:4:2])
        except OSError:
            moved = marks
        moment = time.monotonic()
        if moved != self._last:
            self._last, self._moved_at = moved, moment
        elif moment - self._moved_at > self._stall_seconds:
            raise ToolStalled(f"no progress for {self._stall_seconds} s")


def _watch(child: subprocess.Popen[bytes], duration_ms: int, progress: Progress, stall_seconds: int) -> deque[str]:
    """Read what ffmpeg says until it has said all; the last lines of its complaints."""
    complaints: deque[str] = deque(maxlen=_KEPT_LINES)
    pulse = _Pulse(child.pid, stall_seconds)
    share, frames, reported_at = 0.0, "", 0.0
    with selectors.DefaultSelector() as selector:
        for pipe, name in ((child.stdout, "progress"), (child.stderr, "complaints")):
            selector.register(_opened(pipe), selectors.EVENT_READ, (name, _Lines()))
        while selector.get_map():
            for key, _ in selector.select(_TICK_S):
                name, lines = key.data
                chunk = os.read(key.fd, 65536)
                if not chunk:
                    selector.unregister(key.fileobj)
                for line in lines.feed(chunk):
                    if name == "complaints":
                        complaints.append(line)
                    elif line.startswith("out_time_us=") and line[12:].isdigit():
                        share = max(share, min(1.0, int(line[12:]) / 1000 / max(duration_ms, 1)))
                    elif line.startswith(("frame=", "total_size=")):
                        frames = line
            pulse.check(share, frames)
            if time.monotonic() - reported_at > _REPORT_EVERY_S:
                progress(share)
                reported_at = time.monotonic()
    return complaints


def _opened(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ToolFailed
    return pipe


class _Lines:
    """Whole lines out of chunks of bytes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that this chunk completes; an empty chunk completes the last."""
        *lines, self._rest = (self._rest + chunk).split(b"\n") if chunk else [self._rest, b""]
        # A line without an end must not fill the memory.
        self._rest = self._rest[-4096:]
        return [line.decode("utf-8", "replace").strip() for line in lines if line.strip()]


def _end(child: subprocess.Popen[bytes]) -> None:
    """End ffmpeg and whatever it started: politely, then surely."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _failure(status: int, complaints: Sequence[str]) -> DiskFull | ToolFailed:
    if any("No space left on device" in line for line in complaints):
        return DiskFull()
    if status < 0:
        return ToolFailed(f"ffmpeg was ended by signal {-status}")
    return ToolFailed(_shown(complaints) or f"ffmpeg ended with status {status}")


def _shown(complaints: Sequence[str]) -> str:
    """The last line that says what is wrong, without addresses in memory and without anybody's paths."""
    telling = [line for line in complaints if not line.startswith(("Conversion failed", "Error opening output files"))]
    if not telling:
        return ""
    line = re.sub(r"\[[^\]]*@ 0x[0-9a-f]+\]\s*", "", telling[-1])
    line = re.sub(r"'[^']*/[^']*'|(?:file:)?/.*?(?=: |$)", "the file", line)
    return f"ffmpeg: {line[:160]}"
