"""Whisper through faster-whisper's batched pipeline, block by block, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.errors import UnknownLanguage, UnreadableCaptions, WeightsUnusable
from models.run import Progress
from models.timing import Ms, TimeRange, ms
from models.transcript import Segment, Word
from pipeline.speech.documents import segment_from_json, segment_to_json
from pipeline.speech.finished import Finished, plan_of
from pipeline.speech.guards import drop_phantoms
from pipeline.speech.sound import Sound
from pipeline.speech.workers import count_cores

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline
    from faster_whisper.transcribe import Segment as HeardSegment

BATCH = 8
_BLOCK_SPEECH_MS = 8 * 60_000
_BLOCK_MS = 20 * 60_000
_EDGE_MS = 400
_DETECTION_SEGMENTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WhisperOptions:
    """How Whisper is used. `language` is a tag, "" to have it found; `hotwords` are words to listen for."""

    language: str = ""
    hotwords: tuple[str, ...] = ()
    threads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What Whisper heard in a recording, and in which language."""

    language: str
    segments: tuple[Segment, ...]


def recognise_speech(
    sound: Sound,
    speech: Sequence[TimeRange],
    *,
    weights: Path,
    options: WhisperOptions,
    work: Path,
    progress: Progress,
) -> Heard:
    """What is said in the stretches of speech, by the weights in that folder.

    Finished blocks are kept in the folder `work`, so that the same call after a crash goes on at the next one. Raises
    what `progress` raises (RunCancelled), WeightsUnusable, UnknownLanguage and DiskFull.
    """
    blocks = plan_blocks(speech, sound.duration_ms)
    settings = (weights.resolve(), (weights / "model.bin").stat().st_size, options.language, options.hotwords)
    finished = Finished(work / "whisper.jsonl", plan_of(sound, blocks, settings))
    try:
        _recognise_rest(sound, blocks, finished=finished, weights=weights, options=options, progress=progress)
    finally:
        finished.close()
    parts = [finished.parts[index] for index in range(len(blocks))]
    heard = [segment for part in parts for segment in _segments_of(part)]
    language = _language_of(parts[0]) if parts else options.language
    return Heard(language=language, segments=drop_phantoms(heard, speech))


def plan_blocks(speech: Sequence[TimeRange], duration_ms: Ms) -> tuple[TimeRange, ...]:
    """Neighbouring stretches put together to blocks of up to eight minutes of speech, cut in silence."""
    blocks: list[TimeRange] = []
    spoken = 0
    for each in speech:
        begun = blocks[-1] if blocks else None
        if begun is None or spoken + each.duration_ms > _BLOCK_SPEECH_MS or each.end_ms - begun.start_ms > _BLOCK_MS:
            blocks.append(each)
            spoken = each.duration_ms
        else:
            blocks[-1] = TimeRange(start_ms=begun.start_ms, end_ms=each.end_ms)
            spoken += each.duration_ms
    return tuple(
        TimeRange(
            start_ms=max(each.start_ms - _EDGE_MS, blocks[at - 1].end_ms if at else 0),
            end_ms=min(each.end_ms + _EDGE_MS, duration_ms),
        )
        for at, each in enumerate(blocks)
    )


def load_whisper(weights: Path, threads: int) -> BatchedInferencePipeline:
    """The weights in that folder: 16-bit floats on a GPU, 8-bit integers on processor cores.

    Raises WeightsUnusable when they are of another kind or damaged.
    """
    import ctranslate2
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    places = [("cuda", "float16")] if ctranslate2.get_cuda_device_count() else []
    for device, kind in [*places, ("cpu", "int8")]:
        try:
            loaded = WhisperModel(
                str(weights),
                device=device,
                compute_type=kind,
                cpu_threads=count_cores(threads),
                local_files_only=True,
            )
        except Exception as error:  # the tokenizer's library raises bare exceptions
            if device == "cuda":
                continue
            raise WeightsUnusable(str(weights)) from error
        return BatchedInferencePipeline(loaded)
    raise WeightsUnusable(str(weights))


def _recognise_rest(
    sound: Sound,
    blocks: Sequence[TimeRange],
    *,
    finished: Finished,
    weights: Path,
    options: WhisperOptions,
    progress: Progress,
) -> None:
    missing = [index for index in range(len(blocks)) if index not in finished.parts]
    if not missing:
        return
    pipeline = load_whisper(weights, options.threads)
    language = _language_of(finished.parts[0]) if 0 in finished.parts else options.language
    if language and language not in pipeline.model.supported_languages:
        raise UnknownLanguage(language)
    total = sum(each.duration_ms for each in blocks)
    for index in missing:
        before = sum(blocks[each].duration_ms for each in finished.parts)
        heard = _recognise_block(pipeline, sound, blocks[index], language, options)
        segments = []
        for segment in heard.segments:
            segments.append(segment_to_json(_segment(segment, blocks[index])))
            reached = min(ms(segment.end), blocks[index].duration_ms)
            progress(min(1.0, (before + reached) / total))
        language = language or heard.language
        finished.add(index, {"language": language, "segments": segments})
        progress(min(1.0, (before + blocks[index].duration_ms) / total))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    language: str
    segments: Iterable[HeardSegment]


def _recognise_block(
    pipeline: BatchedInferencePipeline, sound: Sound, block: TimeRange, language: str, options: WhisperOptions
) -> _Block:
    """Start the recognition of a block; its segments come as they are asked for, with times from its start."""
    samples = sound.read(block).astype(np.float32) / np.float32(32768)
    segments, found = pipeline.transcribe(
        samples,
        language=language or None,
        language_detection_segments=_DETECTION_SEGMENTS,
        word_timestamps=True,
        without_timestamps=True,
        vad_filter=True,
        batch_size=BATCH,
        hotwords=" ".join(options.hotwords) or None,
    )
    return _Block(language=found.language, segments=segments)


def _segment(heard: HeardSegment, block: TimeRange) -> Segment:
    """Whisper's segment with times in the recording."""

    def place(position: float) -> Ms:
        return min(max(block.start_ms + ms(position), 0), block.end_ms)

    words = tuple(
        Word(
            start_ms=place(each.start),
            end_ms=max(place(each.start), place(each.end)),
            text=each.word.strip(),
            confidence=round(min(1.0, max(0.0, each.probability)), 3),
        )
        for each in heard.words or ()
        if each.word.strip()
    )
    start, end = place(heard.start), place(heard.end)
    return Segment(
        start_ms=words[0].start_ms if words else start,
        end_ms=max(words[-1].end_ms, words[0].start_ms) if words else max(start, end),
        text=heard.text.strip(),
        words=words,
    )


def _language_of(part: object) -> str:
    language = part.get("language") if isinstance(part, dict) else None
    return language if isinstance(language, str) else ""


def _segments_of(part: object) -> list[Segment]:
    segments = part.get("segments") if isinstance(part, dict) else None
    if not isinstance(segments, list):
        raise UnreadableCaptions("a finished block is broken")
    return [segment_from_json(each) for each in segments]
