"""Making what browsers, the recogniser and OpenCV need out of any recording, decoding it once."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error

from models.errors import DamagedMedia, DiskFull, FileMissing, ToolFailed
from models.lesson import MadeFile, MediaInfo, RenditionKind
from models.run import Progress
from pipeline.ffmpeg import has_filter, run_ffmpeg
from pipeline.storyboard import Board, build_board, build_peaks, build_thumbnails, make_poster
from pipeline.transcode_graph import Names, build_arguments, build_audio_arguments
from pipeline.transcode_plan import Plan, Sound, build_plan, choose_sounds
from pipeline.transcode_sound import listen

_MAKING = ".making-"
_LISTENED = 0.02
_ENCODED = 0.96


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodeOptions:
    """How to transcode. `threads` 0 takes every core; `nice` lowers the priority; `stall_seconds` ends what hangs."""

    web_height: int = 720
    threads: int = 0
    nice: int = 10
    stall_seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcoded:
    """The files made, and what was chosen and why in words."""

    files: tuple[MadeFile, ...]
    note: str


def run_transcode(
    source: Path, media: MediaInfo, into: Path, *, options: TranscodeOptions, progress: Progress
) -> Transcoded:
    """Make every rendition of the recording in the folder `into`, all at once at the end or none.

    Whatever `progress` raises ends ffmpeg within two seconds, leaves no file, and comes through. Raises DamagedMedia
    where nothing can be decoded, FileMissing, ToolMissing, ToolFailed, ToolStalled and DiskFull.
    """
    if not source.is_file():
        raise FileMissing
    with _making(into) as folder:
        progress(0.0)
        sounds = listen(source, media)
        progress(_LISTENED)
        task = _Task(source=source, media=media, folder=folder, options=options, progress=progress)
        plan, board = _encode(task, sounds)
        files = _finish(folder, plan, board, media.duration_ms)
        progress(1.0)
        placed = tuple(_place(each, into) for each in files)
    return Transcoded(files=placed, note=plan.note)


def run_audio(
    source: Path, media: MediaInfo, into: Path, *, stall_seconds: int, progress: Progress = lambda _share: None
) -> Path:
    """Make the recogniser's sound alone: a 16 kHz mono WAV in the folder `into`. Raises what `run_transcode` raises."""
    names = Names(web="")
    with _making(into) as folder:
        sounds = choose_sounds(listen(source, media))
        if not sounds:
            raise DamagedMedia
        arguments = build_audio_arguments(source, sounds, names, threads=0)
        run_ffmpeg(
            arguments, folder=folder, duration_ms=media.duration_ms, progress=progress, stall_seconds=stall_seconds
        )
        audio = into / names.audio
        (folder / names.audio).replace(audio)
    return audio


@contextlib.contextmanager
def _making(into: Path) -> Iterator[Path]:
    """A folder inside `into` that is gone afterwards, with whatever an earlier attempt that was killed left there."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        for left in into.glob(f"{_MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_MAKING, dir=into, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull from error
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What one transcode works on."""

    source: Path
    media: MediaInfo
    folder: Path
    options: TranscodeOptions
    progress: Progress


def _encode(task: _Task, sounds: tuple[Sound, ...]) -> tuple[Plan, Board]:
    """Run ffmpeg by the best plan that works: taken over where that fits, encoded, or without what can't be decoded."""
    failure: ToolFailed | None = None
    for plan in _list_plans(task, sounds):
        board = build_board(task.media.duration_ms, plan.width, plan.height)
        try:
            _run(task, plan, board)
        except ToolFailed as error:
            failure = failure or error
            continue
        if _came_out(task.folder / _web_name(plan)):
            return plan, board
    raise DamagedMedia from failure


def _list_plans(task: _Task, sounds: tuple[Sound, ...]) -> list[Plan]:
    media, web_height = task.media, task.options.web_height
    plans = [build_plan(media, sounds, web_height=web_height)]
    if plans[0].copy_picture:
        plans.append(build_plan(media, sounds, web_height=web_height, may_copy=False))
    if plans[-1].level_sound:
        plans.append(build_plan(media, sounds, web_height=web_height, may_copy=False, level=False))
    if media.video and sounds:
        plans.append(build_plan(media, (), web_height=web_height, may_copy=False))
        plans.append(build_plan(media, sounds, web_height=web_height, picture=False))
    return plans


def _run(task: _Task, plan: Plan, board: Board) -> None:
    hdr = plan.video is not None and plan.video.hdr
    arguments = build_arguments(
        task.source,
        plan,
        Names(web=_web_name(plan)),
        board,
        threads=task.options.threads,
        tone_mapping=hdr and has_filter("zscale") and has_filter("tonemap"),
    )
    run_ffmpeg(
        arguments,
        folder=task.folder,
        duration_ms=task.media.duration_ms,
        progress=lambda share: task.progress(_LISTENED + share * (_ENCODED - _LISTENED)),
        stall_seconds=task.options.stall_seconds,
        nice=task.options.nice,
    )


def _web_name(plan: Plan) -> str:
    return "web.mp4" if plan.video else "web.m4a"


def _came_out(web: Path) -> bool:
    """Whether the web rendition holds anything to see or hear."""
    try:
        with av.open(str(web)) as container:
            return any(packet.size for packet in container.demux())
    except av.error.FFmpegError:
        return False


def _finish(folder: Path, plan: Plan, board: Board, duration_ms: int) -> tuple[MadeFile, ...]:
    """Make the rest out of what ffmpeg made; every file in the folder, in the order of their kinds."""
    names = Names(web=_web_name(plan))
    web_type = "video/mp4" if plan.video else "audio/mp4"
    files = [MadeFile(kind=RenditionKind.WEB, path=folder / names.web, content_type=web_type)]
    if plan.sounds:
        audio, peaks = folder / names.audio, folder / "peaks.json"
        peaks.write_text(build_peaks(audio), encoding="utf-8")
        files.append(MadeFile(kind=RenditionKind.AUDIO, path=audio, content_type="audio/wav"))
        files.append(MadeFile(kind=RenditionKind.PEAKS, path=peaks, content_type="application/json"))
    if plan.video:
        poster, thumbnails, frames = folder / "poster.jpg", folder / "thumbnails.vtt", folder / names.frames
        make_poster(frames, folder / names.web, poster)
        thumbnails.write_text(build_thumbnails(board, duration_ms), encoding="utf-8")
        files.append(MadeFile(kind=RenditionKind.POSTER, path=poster, content_type="image/jpeg"))
        files.append(MadeFile(kind=RenditionKind.THUMBNAILS, path=thumbnails, content_type="text/vtt"))
        files.append(MadeFile(kind=RenditionKind.FRAMES, path=frames, content_type="video/x-matroska"))
        files += [
            MadeFile(
                kind=RenditionKind.STORYBOARD, path=folder / (names.sheets % part), content_type="image/jpeg", part=part
            )
            for part in range(board.sheets)
        ]
    return tuple(files)


def _place(made: MadeFile, into: Path) -> MadeFile:
    target = into / made.path.name
    made.path.replace(target)
    return MadeFile(kind=made.kind, path=target, content_type=made.content_type, part=made.part)
