"""What was said, with times."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.ids import RecordingId, TranscriptId
from models.timing import Ms


class Engine(StrEnum):
    """What made a transcript."""

    CAPTIONS = "captions"
    """Captions that came with the recording."""
    NONE = "none"
    """Nothing: there was no sound, or no engine knows the language."""
    POCKETSPHINX = "pocketsphinx"
    """The offline draft."""
    WHISPER = "whisper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word. `confidence` is 0 to 1, None where the engine gives none."""

    start_ms: Ms
    end_ms: Ms
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of speech by one speaker. `speaker` is "" where it is not known; `words` may be empty."""

    start_ms: Ms
    end_ms: Ms
    text: str
    speaker: str = ""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All that was said in one recording, in order of time. `language` is a BCP 47 tag, "" where unknown.

    A `draft` was made by the offline engine and is to be made again when better weights are there.
    """

    engine: Engine
    language: str
    segments: tuple[Segment, ...]
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTranscript:
    """A transcript as kept for a recording; the newest `version` is the one shown."""

    id: TranscriptId
    recording_id: RecordingId
    version: int
    transcript: Transcript
