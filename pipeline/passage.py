"""What each step does to files, without a database: used by the worker and by the command line alike."""

from __future__ import annotations

from pathlib import Path

from models.clip import Event, ProposedClip
from models.lesson import MadeFile, MediaInfo, RenditionKind
from models.run import Progress
from models.settings import Settings
from models.transcript import Engine, Transcript
from pipeline.clipping import ClippingOptions, propose_clips
from pipeline.probe import Limits
from pipeline.speech.transcribe import SpeechOptions, run_transcription
from pipeline.transcode import Transcoded, TranscodeOptions, run_transcode
from pipeline.vision import find_events


def limits_of(settings: Settings) -> Limits:
    """What a recording may be at most."""
    return Limits(
        most_bytes=settings.largest_gigabytes * 1024**3,
        longest_ms=settings.longest_minutes * 60_000,
        most_pixels=settings.largest_megapixels * 1_000_000,
        most_streams=settings.most_streams,
    )


def speech_options(settings: Settings) -> SpeechOptions:
    """How speech is recognised on this machine."""
    return SpeechOptions(
        engine=settings.asr_engine,
        weights=settings.asr_weights,
        language=settings.asr_language,
        threads=settings.cpu_threads,
    )


def clipping_options(settings: Settings) -> ClippingOptions:
    """How long clips may be."""
    return ClippingOptions(
        shortest_ms=settings.clip_shortest_seconds * 1000, longest_ms=settings.clip_longest_seconds * 1000
    )


def transcode(source: Path, media: MediaInfo, into: Path, settings: Settings, progress: Progress) -> Transcoded:
    """Make every rendition of the recording in the folder `into`."""
    options = TranscodeOptions(
        web_height=settings.web_height, threads=settings.cpu_threads, stall_seconds=settings.stall_seconds
    )
    return run_transcode(source, media, into, options=options, progress=progress)


def transcribe(audio: Path | None, work: Path, settings: Settings, progress: Progress) -> Transcript:
    """What the recogniser hears; a recording without sound has an empty transcript."""
    if audio is None:
        return Transcript(engine=Engine.NONE, language=settings.asr_language, segments=())
    return run_transcription(audio, options=speech_options(settings), work=work, progress=progress)


def propose(
    transcript: Transcript, frames: Path | None, duration_ms: int, settings: Settings
) -> tuple[ProposedClip, ...]:
    """The clips put forward, from what was said and what the picture shows."""
    events: tuple[Event, ...] = find_events(frames) if frames is not None else ()
    return propose_clips(transcript, duration_ms=duration_ms, events=events, options=clipping_options(settings))


def find_made(files: tuple[MadeFile, ...], kind: RenditionKind) -> Path | None:
    """The file of that kind among those made, None if there is none."""
    return next((each.path for each in files if each.kind is kind), None)
