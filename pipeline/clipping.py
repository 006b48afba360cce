"""Proposing clips: pure, from what was said and what was seen to ranges with a title and a reason.

Every moment of the recording is in exactly one clip, no boundary cuts a word, and lengths stay between the limits
wherever the recording allows it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from models.clip import Event, EventKind, ProposedClip
from models.timing import Ms
from models.transcript import Segment, Transcript, Word
from pipeline.evidence import Evidence, find_evidence
from pipeline.titles import build_titles
from pipeline.topics import TopicModel, Unit, choose_boundaries

_LONGEST_SEGMENT_MS = 60_000
_TITLE_WITHOUT_WORDS = "No speech"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClippingOptions:
    """How long a clip may be, and the numbers of the topics' model."""

    shortest_ms: int = 20_000
    longest_ms: int = 900_000
    model: TopicModel = field(default_factory=TopicModel)


def propose_clips(
    transcript: Transcript,
    *,
    duration_ms: int,
    events: Sequence[Event] = (),
    options: ClippingOptions | None = None,
) -> tuple[ProposedClip, ...]:
    """The clips of a recording of this length, in order of time; none for one without length."""
    chosen = options or ClippingOptions()
    if duration_ms <= 0:
        return ()
    segments = _prepare(transcript.segments, duration_ms)
    if not segments:
        return _from_picture(duration_ms, events, chosen)
    evidence = find_evidence(segments, events)
    units = [
        Unit(start_ms=each.start_ms, end_ms=each.end_ms, evidence=found.score)
        for each, found in zip(segments, evidence, strict=True)
    ]
    units[0] = replace(units[0], start_ms=0)
    units[-1] = replace(units[-1], end_ms=duration_ms)
    places = choose_boundaries(units, shortest_ms=chosen.shortest_ms, longest_ms=chosen.longest_ms, model=chosen.model)
    return _name(segments, evidence, places, duration_ms)


def _prepare(segments: Sequence[Segment], duration_ms: int) -> list[Segment]:
    """The segments with words in order of time, inside the recording, those of minutes cut between their words."""
    usable = sorted(
        (
            each
            for each in segments
            if each.text.strip() and each.start_ms < duration_ms and each.end_ms >= each.start_ms
        ),
        key=lambda each: (each.start_ms, each.end_ms),
    )
    inside = [replace(each, end_ms=min(each.end_ms, duration_ms)) for each in usable]
    # A segment that lies inside the one before it would put a boundary into that one's words.
    apart: list[Segment] = []
    for each in inside:
        if apart and each.start_ms < apart[-1].end_ms:
            last = apart[-1]
            joined = replace(
                last,
                end_ms=max(last.end_ms, each.end_ms),
                text=f"{last.text} {each.text}",
                words=(*last.words, *each.words),
            )
            if each.end_ms <= last.end_ms or each.start_ms < (last.start_ms + last.end_ms) // 2:
                apart[-1] = joined
                continue
            apart[-1] = replace(last, end_ms=each.start_ms)
        apart.append(each)
    return [part for each in apart for part in _cut(each)]


def _cut(segment: Segment) -> list[Segment]:
    """A segment of minutes as several, between words: at their times, or by their letters where they have none."""
    length_ms = segment.end_ms - segment.start_ms
    if length_ms <= _LONGEST_SEGMENT_MS:
        return [segment]
    words = segment.words or _spread_words(segment)
    pieces = math.ceil(length_ms / (_LONGEST_SEGMENT_MS // 2))
    size = max(1, math.ceil(len(words) / pieces))
    parts = [words[at : at + size] for at in range(0, len(words), size)]
    if len(parts) < 2:
        return [segment]
    starts = [segment.start_ms, *(part[0].start_ms for part in parts[1:])]
    ends = [*starts[1:], segment.end_ms]
    return [
        replace(
            segment,
            start_ms=start,
            end_ms=max(start, end),
            text=" ".join(each.text for each in part),
            words=tuple(part),
        )
        for part, start, end in zip(parts, starts, ends, strict=True)
    ]


def _spread_words(segment: Segment) -> tuple[Word, ...]:
    texts = segment.text.split() if " " in segment.text.strip() else list(segment.text)
    letters = sum(len(each) + 1 for each in texts)
    length_ms = segment.end_ms - segment.start_ms
    words, passed = [], 0
    for each in texts:
        start = segment.start_ms + length_ms * passed // letters
        passed += len(each) + 1
        words.append(Word(start_ms=start, end_ms=segment.start_ms + length_ms * passed // letters, text=each))
    return tuple(words)


def _name(
    segments: Sequence[Segment], evidence: Sequence[Evidence], places: Sequence[int], duration_ms: Ms
) -> tuple[ProposedClip, ...]:
    bounds = [0, *places, len(segments)]
    spans = list(pairwise(bounds))
    titles = build_titles([" ".join(each.text for each in segments[first:behind]) for first, behind in spans])
    starts = [0, *(segments[place].start_ms for place in places)]
    ends = [*starts[1:], duration_ms]
    return tuple(
        ProposedClip(
            start_ms=start,
            end_ms=end,
            title=title or _TITLE_WITHOUT_WORDS,
            reason=_reason(first, title, evidence[first]),
        )
        for (first, _), start, end, title in zip(spans, starts, ends, titles, strict=True)
    )


def _reason(first: int, title: str, found: Evidence) -> str:
    if first == 0:
        return "the lesson begins"
    topic = f"new topic: {title[:1].lower()}{title[1:]}" if title else "something else begins"
    return "; ".join([topic, *found.reasons])


def _from_picture(duration_ms: int, events: Sequence[Event], options: ClippingOptions) -> tuple[ProposedClip, ...]:
    """Without speech: clips begin where the picture changes, and after an even time where nothing does."""
    names = {EventKind.BOARD_CHANGE: "board changed", EventKind.CAMERA_MOVED: "camera moved"}
    marks = {each.start_ms: names.get(each.kind, "picture changed") for each in events}
    usual_ms = min(options.longest_ms, max(options.shortest_ms, int(options.model.usual_length_ms(duration_ms))))
    starts: list[tuple[int, str]] = [(0, "the recording begins")]
    for at in [*sorted(each for each in marks if 0 < each < duration_ms), duration_ms]:
        while at - starts[-1][0] > options.longest_ms:
            step = min(usual_ms, (at - starts[-1][0]) // 2)
            starts.append((starts[-1][0] + step, "an even part: nothing was said"))
        if at < duration_ms and at - starts[-1][0] >= options.shortest_ms and duration_ms - at >= options.shortest_ms:
            starts.append((at, marks[at]))
    ends = [*(start for start, _ in starts[1:]), duration_ms]
    return tuple(
        ProposedClip(start_ms=start, end_ms=end, title=_TITLE_WITHOUT_WORDS, reason=reason)
        for (start, reason), end in zip(starts, ends, strict=True)
    )
