"""Words put together to segments that read like sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.timing import Ms, TimeRange
from models.transcript import Segment, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceOptions:
    """A segment ends at a pause of `pause_ms`, and at its longest pause once it passes the length or word count."""

    pause_ms: Ms = 600
    longest_ms: Ms = 12_000
    most_words: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch of speech of one speaker, "" where it is not known whose it is."""

    range: TimeRange
    speaker: str


def build_segments(
    words: Iterable[Word], turns: Sequence[Turn], *, options: SentenceOptions = SentenceOptions()
) -> tuple[Segment, ...]:
    """Segments of words that have no sentences of their own: one speaker each, cut at pauses."""
    return tuple(
        _segment(part, speaker)
        for run, speaker in _runs(list(words), turns, options)
        for part in _shorten(run, options)
    )


def split_segments(segments: Iterable[Segment], turns: Sequence[Turn]) -> tuple[Segment, ...]:
    """Segments of a recogniser that makes sentences, with their speakers; cut where the speaker changes inside."""
    found: list[Segment] = []
    for each in segments:
        if not each.words:
            speaker = find_speaker(TimeRange(start_ms=each.start_ms, end_ms=each.end_ms), turns)
            found.append(replace(each, speaker=speaker))
            continue
        options = SentenceOptions(pause_ms=1 << 60)
        runs = list(_runs(list(each.words), turns, options))
        if len(runs) == 1:
            found.append(replace(each, speaker=runs[0][1]))
        else:
            found += [
                Segment(
                    start_ms=run[0].start_ms,
                    end_ms=run[-1].end_ms,
                    text=" ".join(word.text.strip() for word in run),
                    speaker=speaker,
                    words=tuple(run),
                )
                for run, speaker in runs
            ]
    return tuple(found)


def find_speaker(stretch: TimeRange, turns: Sequence[Turn]) -> str:
    """Whose turn covers most of the stretch, or lies nearest to it within half a second; "" where none does."""
    covering = max(turns, key=lambda each: each.range.overlap_ms(stretch), default=None)
    if covering is None:
        return ""
    if covering.range.overlap_ms(stretch):
        return covering.speaker
    nearest = min(turns, key=lambda each: _distance(each.range, stretch))
    return nearest.speaker if _distance(nearest.range, stretch) <= 500 else ""


def _distance(a: TimeRange, b: TimeRange) -> Ms:
    return max(0, a.start_ms - b.end_ms, b.start_ms - a.end_ms)


def _runs(words: list[Word], turns: Sequence[Turn], options: SentenceOptions) -> Iterator[tuple[list[Word], str]]:
    """Words of one speaker without a long pause between them."""
    run: list[Word] = []
    speaker = ""
    for word in words:
        whose = _speaker_of(word, turns)
        if run and (whose != speaker or word.start_ms - run[-1].end_ms >= options.pause_ms):
            yield run, speaker
            run = []
        run.append(word)
        speaker = whose
    if run:
        yield run, speaker


def _speaker_of(word: Word, turns: Sequence[Turn]) -> str:
    return find_speaker(TimeRange(start_ms=word.start_ms, end_ms=max(word.end_ms, word.start_ms + 1)), turns)


def _shorten(run: list[Word], options: SentenceOptions) -> Iterator[list[Word]]:
    """A run that is too long, cut at its longest pause, not near its ends, until every part is short enough."""
    if (len(run) <= options.most_words and run[-1].end_ms - run[0].start_ms <= options.longest_ms) or len(run) < 4:
        yield run
        return
    edge = len(run) // 4
    places = range(max(1, edge), len(run) - edge)
    cut = max(places, key=lambda at: (run[at].start_ms - run[at - 1].end_ms, -abs(at - len(run) // 2)))
    yield from _shorten(run[:cut], options)
    yield from _shorten(run[cut:], options)


def _segment(words: list[Word], speaker: str) -> Segment:
    text = " ".join(each.text for each in words)
    return Segment(
        start_ms=words[0].start_ms,
        end_ms=max(each.end_ms for each in words),
        text=text[:1].upper() + text[1:],
        speaker=speaker,
        words=tuple(words),
    )
