"""A transcript as a plain JSON document, and back."""

from __future__ import annotations

from models.errors import InvalidRange, UnreadableCaptions
from models.timing import TimeRange
from models.transcript import Engine, Segment, Transcript, Word


def transcript_to_json(transcript: Transcript) -> dict[str, object]:
    """The transcript as a document that `json.dumps` takes; times in milliseconds."""
    return {
        "engine": transcript.engine.value,
        "language": transcript.language,
        "draft": transcript.draft,
        "segments": [segment_to_json(each) for each in transcript.segments],
    }


def transcript_from_json(document: object) -> Transcript:
    """The transcript that a document holds.

    `segments` and each segment's `start_ms`, `end_ms` and `text` must be there; what else is missing has its default.
    Raises UnreadableCaptions for a value of the wrong kind.
    """
    entries = _table(document, "the document")
    try:
        engine = Engine(_text(entries, "engine", Engine.CAPTIONS.value))
    except ValueError as error:
        raise UnreadableCaptions("its engine is not known") from error
    draft = entries.get("draft", False)
    if not isinstance(draft, bool):
        raise UnreadableCaptions("draft must be true or false")
    if "segments" not in entries:
        raise UnreadableCaptions("it has no segments")
    segments = [segment_from_json(each) for each in _list(entries, "segments")]
    segments.sort(key=lambda each: each.start_ms)
    return Transcript(engine=engine, language=_text(entries, "language", ""), segments=tuple(segments), draft=draft)


def word_to_json(word: Word) -> dict[str, object]:
    """One word as a document."""
    return {"start_ms": word.start_ms, "end_ms": word.end_ms, "text": word.text, "confidence": word.confidence}


def words_from_json(document: object) -> tuple[Word, ...]:
    """The words that a list of documents holds. Raises UnreadableCaptions for values of the wrong kind."""
    if not isinstance(document, list):
        raise UnreadableCaptions("words must be a list")
    return tuple(word_from_json(each) for each in document)


def word_from_json(document: object) -> Word:
    """The word that a document holds. Raises UnreadableCaptions for a value of the wrong kind."""
    entries = _table(document, "a word")
    span = _span(entries)
    confidence = entries.get("confidence")
    if confidence is not None and (isinstance(confidence, bool) or not isinstance(confidence, int | float)):
        raise UnreadableCaptions("a word's confidence must be a number")
    return Word(
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        text=_text(entries, "text"),
        confidence=None if confidence is None else min(1.0, max(0.0, float(confidence))),
    )


def segment_to_json(segment: Segment) -> dict[str, object]:
    """One segment as a document."""
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "speaker": segment.speaker,
        "words": [word_to_json(each) for each in segment.words],
    }


def segment_from_json(document: object) -> Segment:
    """The segment that a document holds. Raises UnreadableCaptions for a value of the wrong kind."""
    entries = _table(document, "a segment")
    span = _span(entries)
    return Segment(
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        text=_text(entries, "text"),
        speaker=_text(entries, "speaker", ""),
        words=words_from_json(_list(entries, "words")),
    )


def _table(document: object, what: str) -> dict[str, object]:
    if not isinstance(document, dict):
        raise UnreadableCaptions(f"{what} must be an object with names and values")
    return document


def _list(entries: dict[str, object], name: str) -> list[object]:
    """The list of that name, empty where there is none or where it is null."""
    value = entries.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableCaptions(f"{name} must be a list")
    return value


def _text(entries: dict[str, object], name: str, default: str | None = None) -> str:
    value = entries.get(name)
    if value is None:
        value = default
    if not isinstance(value, str):
        raise UnreadableCaptions(f"{name} must be text")
    return value


def _span(entries: dict[str, object]) -> TimeRange:
    start, end = entries.get("start_ms"), entries.get("end_ms")
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int) or not isinstance(end, int):
        raise UnreadableCaptions("start_ms and end_ms must be whole numbers")
    try:
        return TimeRange(start_ms=start, end_ms=end)
    except InvalidRange as error:
        raise UnreadableCaptions("a time is before zero or ends before it starts") from error
