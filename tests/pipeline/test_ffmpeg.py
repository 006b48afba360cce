"""Calling ffmpeg: found, watched, ended, and its complaints told by name."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.errors import DiskFull, RunCancelled, ToolFailed, ToolMissing, ToolStalled
from pipeline.ffmpeg import ffmpeg_version, find_ffmpeg, has_filter, run_ffmpeg

ENDLESS = ["-re", "-f", "lavfi", "-i", "testsrc=s=64x64:r=10", "-f", "null", "-"]
SHORT = ["-f", "lavfi", "-i", "testsrc=s=64x64:r=10:d=5", "-c:v", "mpeg4", "out.avi"]
PATIENCE_S = 20


def ignore(_share: float) -> None:
    """Progress that nobody watches."""


def children() -> set[int]:
    """The processes that this one has started and that still run."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == os.getpid() and fields[0] != "Z":
                found.add(int(entry.name))
    return found


def test_either_ffmpeg_tells_its_version_and_filters(either_ffmpeg: Path) -> None:
    assert either_ffmpeg.is_file()
    assert ffmpeg_version()[0] in "n456789"
    assert has_filter("scale")
    assert not has_filter("no_such_filter")


def test_without_any_ffmpeg_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", _missing)
    with pytest.raises(ToolMissing):
        find_ffmpeg()


def _missing() -> str:
    raise RuntimeError


def test_an_ffmpeg_on_path_that_cannot_encode_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    poor = tmp_path / "ffmpeg"
    poor.write_text("#!/bin/sh\necho nothing to offer\n", encoding="utf-8")
    poor.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert find_ffmpeg() != poor


def test_progress_never_falls_and_ends_near_the_end(either_ffmpeg: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    slow = ["-readrate", "8", *SHORT] if "readrate" in _full_help(either_ffmpeg) else SHORT
    run_ffmpeg(slow, folder=tmp_path, duration_ms=5000, progress=shares.append, stall_seconds=30)
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert (tmp_path / "out.avi").stat().st_size > 0


def _full_help(program: Path) -> str:
    return subprocess.run([program, "-h", "full"], capture_output=True, check=True, text=True).stdout


def test_what_progress_raises_ends_ffmpeg_and_comes_through(either_ffmpeg: Path, tmp_path: Path) -> None:
    before = children()
    asked = 0

    def cancel(_share: float) -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        run_ffmpeg(ENDLESS, folder=tmp_path, duration_ms=1000, progress=cancel, stall_seconds=30)
    assert children() <= before


def test_an_ffmpeg_that_does_not_move_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ToolStalled):
        run_ffmpeg(
            ["-i", "file:pipe", "-f", "null", "-"], folder=tmp_path, duration_ms=1000, progress=ignore, stall_seconds=1
        )


def test_an_ffmpeg_that_will_not_end_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stubborn = tmp_path / "ffmpeg"
    stubborn.write_text(
        f"#!{sys.executable}\nimport signal, sys, time\n"
        "if '-encoders' in sys.argv: print('libx264'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('frame=1', flush=True)\ntime.sleep(60)\n",
        encoding="utf-8",
    )
    stubborn.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    before = children()
    seen: list[float] = []

    def cancel(share: float) -> None:
        seen.append(share)
        if len(seen) > 3:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        run_ffmpeg([], folder=tmp_path, duration_ms=1000, progress=cancel, stall_seconds=30)
    assert children() <= before


def test_a_full_disk_is_told_as_one(either_ffmpeg: Path, tmp_path: Path) -> None:
    full = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=10", "-c:v", "rawvideo", "-f", "avi", "/dev/full"]
    with pytest.raises(DiskFull):
        run_ffmpeg(full, folder=tmp_path, duration_ms=10_000, progress=ignore, stall_seconds=30)


def test_a_failure_says_why_and_shows_no_path(either_ffmpeg: Path, tmp_path: Path) -> None:
    secret = tmp_path / "mia novak" / "lesson.mp4"
    with pytest.raises(ToolFailed) as raised:
        run_ffmpeg(
            ["-i", f"file:{secret}", "-f", "null", "-"],
            folder=tmp_path,
            duration_ms=1,
            progress=ignore,
            stall_seconds=30,
        )
    assert "novak" not in raised.value.message
    assert "No such file" in raised.value.message
    assert len(raised.value.message) < 300


def test_no_setting_of_ours_reaches_ffmpeg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = tmp_path / "ffmpeg"
    shown.write_text('#!/bin/sh\ncase "$*" in *-encoders*) echo libx264;; *) env > seen;; esac\n', encoding="utf-8")
    shown.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DEBRIEF_S3_SECRET_KEY", "very secret")
    run_ffmpeg([], folder=tmp_path, duration_ms=1, progress=ignore, stall_seconds=30)
    assert "secret" not in (tmp_path / "seen").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's own")
def test_ffmpeg_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.ffmpeg import run_ffmpeg\n"
        f"run_ffmpeg({ENDLESS!r}, folder=Path(sys.argv[1]), duration_ms=1, progress=lambda s: print('on', flush=True),"
        " stall_seconds=60)\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        grandchild = _started_in(tmp_path, parent.pid)
        parent.kill()
    deadline = time.monotonic() + PATIENCE_S
    while Path(f"/proc/{grandchild}").exists() and _state(grandchild) != "Z":
        assert time.monotonic() < deadline, "ffmpeg still runs"
        time.sleep(0.05)


def _started_in(folder: Path, parent: int) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != parent:
                try:
                    if (entry / "cwd").resolve() == folder.resolve():
                        return int(entry.name)
                except OSError:
                    continue
        time.sleep(0.05)
    raise AssertionError


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def test_two_calls_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def call(folder: Path) -> None:
        folder.mkdir()
        try:
            run_ffmpeg(SHORT, folder=folder, duration_ms=5000, progress=ignore, stall_seconds=30)
        except BaseException as error:  # noqa: BLE001  shown in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=call, args=(tmp_path / str(number),)) for number in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    assert all((tmp_path / str(number) / "out.avi").is_file() for number in range(3))
