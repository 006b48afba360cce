"""Captions and transcripts that came with a recording: reading VTT, SRT, SBV and our own JSON; writing them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from models.errors import UnknownTranscriptFormat, UnreadableCaptions
from models.timing import Ms
from models.transcript import Engine, Segment, Transcript, Word
from pipeline.speech.cues import Cue, Piece, pieces_of, read_sbv, read_srt, read_vtt, strip_markup, unroll
from pipeline.speech.documents import transcript_from_json
from pipeline.speech.encodings import decode_text
from pipeline.speech.formats import format_json, format_srt, format_text, format_vtt
from pipeline.speech.names import find_names, split_name

LARGEST_BYTES = 32 * 1024**2
"""A transcript of ten hours with word times has about a third of this."""

_READING_MS_PER_CHARACTER = 70
_SRT_TIMES = re.compile(
    r"^[^\S\n]*(?:\d+\s*\n)?[^\S\n]*\d+:\d{1,2}:\d{1,2}[,.]\d+\s*-->\s*\d+:\d{1,2}:\d", re.MULTILINE
)
_SBV_TIMES = re.compile(r"^[^\S\n]*\d+:\d{1,2}:\d{1,2}\.\d{3},\d+:\d{1,2}:\d{1,2}\.\d{3}[^\S\n]*$", re.MULTILINE)

WRITERS: dict[str, Callable[[Transcript], str]] = {
    ".json": format_json,
    ".srt": format_srt,
    ".txt": format_text,
    ".vtt": format_vtt,
}
"""What a transcript can be written as, by the file's suffix."""


def read_transcript(path: Path) -> Transcript:
    """The transcript in a VTT, SRT, SBV or JSON file; which one is seen from what is in it.

    Speakers are taken from `<v Name>` and from names before the text, as Zoom, Teams and Meet write them. Lines that
    YouTube repeats are dropped, its times of words kept. Segments come in order of time; they may overlap.
    Raises UnknownTranscriptFormat for anything else and UnreadableCaptions for a broken or empty file.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnreadableCaptions("it is too large for a transcript")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableCaptions(f"{path.name} can't be opened") from error
    text = decode_text(raw)
    if not text.strip():
        raise UnreadableCaptions("the file is empty")
    transcript = _parse(text)
    if not transcript.segments:
        raise UnreadableCaptions("no captions with times and text are in it")
    return transcript


def write_transcript(transcript: Transcript, path: Path) -> None:
    """Write the transcript in the format that the path's suffix names. Raises UnknownTranscriptFormat for others."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UnknownTranscriptFormat(path.suffix)
    path.write_text(writer(transcript), encoding="utf-8", newline="\n")


def clamp_transcript(transcript: Transcript, duration_ms: Ms) -> tuple[Transcript, int]:
    """The transcript cut to a recording of that length, and how many segments lay beyond its end."""
    kept = [each for each in transcript.segments if each.start_ms < duration_ms]
    cut = tuple(
        replace(
            each,
            end_ms=min(each.end_ms, duration_ms),
            words=tuple(
                replace(word, end_ms=min(word.end_ms, duration_ms))
                for word in each.words
                if word.start_ms < duration_ms
            ),
        )
        for each in kept
    )
    return replace(transcript, segments=cut), len(transcript.segments) - len(kept)


def _parse(text: str) -> Transcript:
    opening = text.lstrip()
    language = ""
    if opening.startswith("WEBVTT"):
        cues, language = read_vtt(opening)
    elif opening[0] == "{" and (document := _find_document(opening)) is not None:
        return transcript_from_json(document)
    elif found := _SBV_TIMES.search(text):
        cues = read_sbv(text[found.start() :])
    elif found := _SRT_TIMES.search(text):
        cues = read_srt(text[found.start() :])
    else:
        raise UnknownTranscriptFormat
    return Transcript(engine=Engine.CAPTIONS, language=language, segments=_segments(cues))


def _find_document(text: str) -> object | None:
    """The JSON document if it is a transcript of ours, None if it is no JSON or of another program."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    segments = document.get("segments") if isinstance(document, dict) else None
    if isinstance(segments, list) and segments and isinstance(segments[0], dict) and "start_ms" not in segments[0]:
        return None
    found: object = document
    return found if segments is not None else None


def _segments(cues: list[Cue]) -> tuple[Segment, ...]:
    shown = unroll(cues)
    names = find_names(strip_markup(line) for each in shown for line in each.lines)
    segments = [segment for each in shown for segment in _segments_of(_upright(each), names)]
    return tuple(sorted(segments, key=lambda each: each.start_ms))


def _upright(cue: Cue) -> Cue:
    """The cue with an end after its start: one that ends before it starts gets the time it takes to read."""
    if cue.end_ms > cue.start_ms:
        return cue
    length = _READING_MS_PER_CHARACTER * sum(len(strip_markup(line)) for line in cue.lines)
    return replace(cue, end_ms=cue.start_ms + max(length, 1))


def _segments_of(cue: Cue, names: frozenset[str]) -> list[Segment]:
    """A cue's segments: one for each speaker in it, sharing its time by the length of what they say."""
    parts = _parts(pieces_of(cue.lines), names)
    total = sum(len(text) for _, text, _ in parts)
    segments, before = [], 0
    for speaker, text, pieces in parts:
        start = cue.start_ms + (cue.end_ms - cue.start_ms) * before // total
        before += len(text)
        end = cue.start_ms + (cue.end_ms - cue.start_ms) * before // total
        words = _words(pieces, start, end) if any(each.start_ms is not None for each in pieces) else ()
        segments.append(Segment(start_ms=start, end_ms=end, text=text, speaker=speaker, words=words))
    return segments


def _parts(pieces: list[Piece], names: frozenset[str]) -> list[tuple[str, str, list[Piece]]]:
    """Speaker, text and pieces of each stretch of one speaker in a cue."""
    voices = {each.voice for each in pieces if each.voice}
    if len(voices) == 1:
        pieces = [replace(each, voice=next(iter(voices))) for each in pieces]
    parts: list[tuple[str, str, list[Piece]]] = []
    for (_, voice), group in groupby(pieces, key=lambda each: (each.line, each.voice)):
        members = list(group)
        said = split_name("".join(each.text for each in members), names)
        speaker = voice or said.speaker
        if said.speaker and members[0].text.strip().startswith(said.speaker):
            opening = members[0].text.split(":", 1)[-1]
            members[0] = replace(members[0], text=opening)
        if parts and (not speaker or speaker == parts[-1][0]):
            earlier = parts.pop()
            parts.append((earlier[0], f"{earlier[1]} {said.text}", earlier[2] + members))
        elif said.text:
            parts.append((speaker, said.text, members))
    return parts


def _words(pieces: list[Piece], start_ms: Ms, end_ms: Ms) -> tuple[Word, ...]:
    """Words from time tags: each piece runs to the next time; several words in one share its time by length."""
    starts = [start_ms if at == 0 and each.start_ms is None else each.start_ms for at, each in enumerate(pieces)]
    words: list[Word] = []
    for at, piece in enumerate(pieces):
        begin = starts[at] if starts[at] is not None else (words[-1].end_ms if words else start_ms)
        follow = next((each for each in starts[at + 1 :] if each is not None), end_ms)
        assert begin is not None  # noqa: S101  for the type checker: the line above leaves no None
        span = max(follow - begin, 0)
        parts, before = piece.text.split(), 0
        total = sum(map(len, parts)) or 1
        for text in parts:
            first = begin + span * before // total
            before += len(text)
            words.append(Word(start_ms=first, end_ms=begin + span * before // total, text=text))
    return tuple(words)
