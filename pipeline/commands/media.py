"""Commands on files, without people: the whole pipeline and its parts."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import click

from models.clip import ProposedClip
from models.errors import OutputRefused
from models.lesson import MadeFile, MediaInfo, RenditionKind
from models.run import StepName
from models.settings import EngineChoice, Settings
from models.timing import format_clock
from models.transcript import Transcript
from pipeline import passage
from pipeline.bootstrap import read_settings
from pipeline.commands.output import StepBars, json_option, write_json
from pipeline.probe import run_probe
from pipeline.speech.captions import clamp_transcript, read_transcript
from pipeline.speech.documents import transcript_to_json
from pipeline.transcode import run_audio
from storage.media import sha256_of

_FILE = click.Path(path_type=Path)
_engine_option = click.option(
    "--engine",
    type=click.Choice([each.value for each in EngineChoice]),
    help="The speech recogniser; auto takes Whisper where its weights are there, else the offline draft.",
)
_language_option = click.option(
    "--language", help="The language spoken, as a tag such as en; found where none is given."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """What became of one file."""

    file: Path
    sha256: str
    media: MediaInfo
    files: tuple[MadeFile, ...]
    note: str
    transcript: Transcript
    clips: tuple[ProposedClip, ...]


@click.command(name="process")
@click.argument("file", type=_FILE)
@click.option("--captions", type=_FILE, help="Captions that came with the recording (VTT, SRT, SBV); they win.")
@click.option("--out", type=_FILE, help="The folder for what is made [default: FILE's name with -debrief, here].")
@_engine_option
@_language_option
@json_option
def process(
    file: Path, *, captions: Path | None, out: Path | None, engine: str | None, language: str | None, as_json: bool
) -> None:
    """Take one recording through the whole pipeline, without people.

    Makes the web video, the sound, the poster, the transcript and the clips in a folder. FILE is not changed.
    """
    settings = _chosen(read_settings(), engine, language)
    target = (out or Path(f"{file.stem}-debrief")).resolve()
    bars = StepBars()
    with bars.shown():
        passed = _pass(file, captions, target, settings, bars)
    if as_json:
        write_json(_document(passed, bars))
    else:
        _print_summary(target, passed)


def _pass(file: Path, captions: Path | None, target: Path, settings: Settings, bars: StepBars) -> _Passage:
    """Do every step in a folder beside the target, and move what was made there only when all is done."""
    with bars.step(StepName.PROBE):
        media = run_probe(file, limits=passage.limits_of(settings))
        given = clamp_transcript(read_transcript(captions), media.duration_ms)[0] if captions else None
        sha256 = sha256_of(file)
    with tempfile.TemporaryDirectory(prefix=".debrief-", dir=_make_parent(target)) as folder:
        work = Path(folder)
        with bars.step(StepName.TRANSCODE) as progress:
            made = passage.transcode(file, media, work / "renditions", settings, progress)
        with bars.step(StepName.TRANSCRIBE) as progress:
            audio = passage.find_made(made.files, RenditionKind.AUDIO)
            transcript = given or passage.transcribe(audio, work / "speech", settings, progress)
        with bars.step(StepName.PROPOSE_CLIPS):
            frames = passage.find_made(made.files, RenditionKind.FRAMES)
            clips = passage.propose(transcript, frames, media.duration_ms, settings)
        with bars.step(StepName.READY):
            files = _place(made.files, target)
    return _Passage(
        file=file, sha256=sha256, media=media, files=files, note=made.note, transcript=transcript, clips=clips
    )


def _make_parent(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputRefused(str(target)) from error
    if target.exists() and not target.is_dir():
        raise OutputRefused(str(target))
    return target.parent


@click.command(name="transcribe")
@click.argument("file", type=_FILE)
@_engine_option
@_language_option
@json_option
def transcribe(file: Path, engine: str | None, language: str | None, as_json: bool) -> None:
    """Write down what is said in one recording."""
    settings = _chosen(read_settings(), engine, language)
    bars = StepBars()
    with tempfile.TemporaryDirectory(prefix="debrief-") as folder, bars.shown():
        work = Path(folder)
        with bars.step(StepName.TRANSCRIBE) as progress:
            media = run_probe(file, limits=passage.limits_of(settings))
            audio = run_audio(file, media, work, stall_seconds=settings.stall_seconds) if media.audio else None
            transcript = passage.transcribe(audio, work / "speech", settings, progress)
    if as_json:
        write_json(transcript_to_json(transcript))
    else:
        for segment in transcript.segments:
            click.echo(f"{format_clock(segment.start_ms)}  {segment.speaker:<10} {segment.text}")


@click.command(name="propose-clips")
@click.argument("transcript", type=_FILE)
@json_option
def propose_clips(transcript: Path, as_json: bool) -> None:
    """Propose clips from a transcript alone: VTT, SRT, SBV or Debrief's JSON; no recording is needed."""
    spoken = read_transcript(transcript)
    length_ms = max((each.end_ms for each in spoken.segments), default=0)
    clips = passage.propose(spoken, None, length_ms, read_settings())
    if as_json:
        write_json({"clips": [_clip_document(each) for each in clips]})
    else:
        _print_clips(clips)


COMMANDS = (process, transcribe, propose_clips)


def _chosen(settings: Settings, engine: str | None, language: str | None) -> Settings:
    return replace(
        settings,
        asr_engine=EngineChoice(engine) if engine else settings.asr_engine,
        asr_language=language if language is not None else settings.asr_language,
    )


def _place(files: tuple[MadeFile, ...], target: Path) -> tuple[MadeFile, ...]:
    """Move what was made into the folder asked for, each file in one rename."""
    target.mkdir(parents=True, exist_ok=True)
    placed = []
    for each in files:
        path = target / each.path.name
        shutil.move(each.path, path)
        placed.append(replace(each, path=path))
    return tuple(placed)


def _document(passed: _Passage, bars: StepBars) -> dict[str, object]:
    media, video = passed.media, passed.media.video
    audio = media.audio[0] if media.audio else None
    return {
        "recording": {
            "file_name": passed.file.name,
            "sha256": passed.sha256,
            "bytes": media.byte_count,
            "container": media.container,
            "duration_ms": media.duration_ms,
            "width": video.width if video else None,
            "height": video.height if video else None,
            "rotation": video.rotation if video else 0,
            "video_codec": video.codec if video else None,
            "audio_codec": audio.codec if audio else None,
        },
        "renditions": [
            {
                "kind": each.kind.value,
                "part": each.part,
                "path": str(each.path),
                "bytes": each.path.stat().st_size,
                "content_type": each.content_type,
            }
            for each in passed.files
        ],
        "transcript": transcript_to_json(passed.transcript),
        "clips": [_clip_document(each) for each in passed.clips],
        "steps": [
            {"name": name.value, "seconds": round(bars.seconds[name], 3)}
            | ({"note": passed.note} if name is StepName.TRANSCODE else {})
            for name in bars.seconds
        ],
    }


def _clip_document(clip: ProposedClip) -> dict[str, object]:
    return {"start_ms": clip.start_ms, "end_ms": clip.end_ms, "title": clip.title, "reason": clip.reason}


def _print_summary(target: Path, passed: _Passage) -> None:
    spoken = passed.transcript
    words = sum(len(each.text.split()) for each in spoken.segments)
    draft = ", a draft" if spoken.draft else ""
    click.echo(f"{format_clock(passed.media.duration_ms)} long; {words} words by {spoken.engine.value}{draft}.")
    _print_clips(passed.clips)
    click.echo(f"Everything that was made lies in {target}")


def _print_clips(clips: tuple[ProposedClip, ...]) -> None:
    for each in clips:
        click.echo(f"{format_clock(each.start_ms):>8} - {format_clock(each.end_ms):<8} {each.title}  ({each.reason})")
