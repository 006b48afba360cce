"""What a recogniser writes down though nobody said it: rules against it that one can read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.timing import Ms, TimeRange
from models.transcript import Segment, Word

NEAR_SPEECH_MS: Ms = 300
"""How far from the voice detector's speech a word may lie: its edges are not exact."""
LONGEST_LOOP = 8
"""Words of the longest phrase looked for in loops."""
DOUBTFUL = 0.4
"""Mean confidence under which a doubtful phrase is dropped."""

PHANTOMS = frozenset(
    {
        "amara org",
        "like and subscribe",
        "please like and subscribe",
        "please subscribe",
        "please subscribe to my channel",
        "see you in the next video",
        "sous titres par la communaute d amara org",
        "sous titres realises par la communaute d amara org",
        "sottotitoli creati dalla comunita amara org",
        "subscribe to my channel",
        "subtitles by the amara org community",
        "subtitulos realizados por la comunidad de amara org",
        "thank you for watching",
        "thank you so much for watching",
        "thanks for watching",
        "thanks for watching this video",
        "transcription by castingwords",
        "untertitel der amara org community",
        "untertitel im auftrag des zdf fur funk 2017",
        "untertitelung des zdf 2020",
    }
)
"""What Whisper writes over noise because captions of films ended so; nobody says it in a lesson."""

DOUBTFUL_PHANTOMS = frozenset({"bye", "bye bye", "danke", "merci", "okay", "thank you", "thank you very much", "you"})
"""The same, but teachers say these too: dropped only where the recogniser itself doubts them."""


def drop_phantoms(segments: Iterable[Segment], speech: Sequence[TimeRange]) -> tuple[Segment, ...]:
    """The segments without words where nobody speaks, without loops, and without the well-known phantom phrases."""
    kept: list[Segment] = []
    for each in segments:
        heard = _heard(each, speech)
        if heard is None or is_phantom(heard):
            continue
        unlooped = _without_loop(heard)
        if not _says_again(unlooped, kept):
            kept.append(unlooped)
    return tuple(kept)


def is_phantom(segment: Segment) -> bool:
    """Whether the segment is nothing but a phrase that recognisers invent."""
    plain = plain_words(segment.text)
    if plain in PHANTOMS:
        return True
    sure = [each.confidence for each in segment.words if each.confidence is not None]
    return plain in DOUBTFUL_PHANTOMS and bool(sure) and sum(sure) / len(sure) < DOUBTFUL


def unloop(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without loops: a phrase that comes five times or more in a row (four of several words) comes once.

    A teacher may well say "no, no, no" or "very, very, very": three in a row stay.
    """
    plain = [plain_words(each.text) for each in words]
    kept: list[Word] = []
    at = 0
    while at < len(words):
        for width in range(1, LONGEST_LOOP + 1):
            count = _repeats(plain, at, width)
            if count >= (5 if width == 1 else 4):
                kept += words[at : at + width]
                at += width * count
                break
        else:
            kept.append(words[at])
            at += 1
    return tuple(kept)


def plain_words(text: str) -> str:
    """The text in lower case without accents, punctuation and double blanks, to compare with."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _repeats(plain: Sequence[str], at: int, width: int) -> int:
    """How often the `width` words from `at` come one after another."""
    phrase = plain[at : at + width]
    count = 1
    while len(phrase) == width and plain[at + width * count : at + width * (count + 1)] == phrase:
        count += 1
    return count


def _heard(segment: Segment, speech: Sequence[TimeRange]) -> Segment | None:
    """The segment without words that lie where the voice detector hears nobody, None if nothing is left."""
    if not segment.words:
        return segment if _is_near(segment.start_ms, segment.end_ms, speech) else None
    return _with_words(segment, [each for each in segment.words if _is_near(each.start_ms, each.end_ms, speech)])


def _without_loop(segment: Segment) -> Segment:
    return _with_words(segment, unloop(segment.words)) or segment


def _with_words(segment: Segment, words: Sequence[Word]) -> Segment | None:
    if len(words) == len(segment.words):
        return segment
    if not words:
        return None
    text = " ".join(each.text.strip() for each in words)
    return replace(segment, words=tuple(words), text=text, start_ms=words[0].start_ms, end_ms=words[-1].end_ms)


def _says_again(segment: Segment, kept: Sequence[Segment]) -> bool:
    """Whether the three segments before say the very same: a loop over segments."""
    plain = plain_words(segment.text)
    return not plain or (len(kept) >= 3 and all(plain_words(each.text) == plain for each in kept[-3:]))


def _is_near(start_ms: Ms, end_ms: Ms, speech: Sequence[TimeRange]) -> bool:
    stretch = TimeRange(start_ms=max(0, start_ms - NEAR_SPEECH_MS), end_ms=max(start_ms, end_ms) + NEAR_SPEECH_MS)
    return any(each.overlaps(stretch) for each in speech)
