"""Sets with topic boundaries that people marked, and how far given boundaries are from them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from models.transcript import Engine, Segment, Transcript

DATA = Path(os.environ.get("DEBRIEF_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
NEAR_S = 15.0
NEAR_UNITS = 1
_WORDS_PER_S = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A talk in units. `starts` are the units that begin a topic, the first left out; times are in seconds.

    A set without times has those that its words take at an even pace, and `timed` is False.
    """

    units: tuple[str, ...]
    speakers: tuple[str, ...]
    start_s: tuple[float, ...]
    end_s: float
    starts: frozenset[int]
    timed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Pk and WindowDiff with k half the true mean length; F1 within 15 s or one unit; given topics over true ones."""

    pk: float
    window_diff: float
    f1: float
    ratio: float


Method = Callable[[Document], frozenset[int]]


def read_set(name: str, most: int | None = None) -> list[Document]:
    """The documents of a set, at most so many. Raises FileNotFoundError where the set is not on this machine."""
    lines = (DATA / "seg" / "open" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_document(json.loads(line)) for line in lines[:most]]


def _document(kept: dict[str, list[object]]) -> Document:
    units = tuple(str(each) for each in kept["units"])
    given = kept.get("start_s")
    timed = bool(given)
    if timed:
        start_s = list(accumulate((float(str(each)) if each is not None else 0.0 for each in given or []), max))
        end_s = max(float(str(kept["end_s"])), start_s[-1] + 1)
    else:
        lengths = [max(1, len(each.split())) / _WORDS_PER_S for each in units]
        ends = list(accumulate(lengths))
        start_s, end_s = [0.0, *ends[:-1]], ends[-1]
    speakers = tuple(str(each or "") for each in kept.get("speakers") or [""] * len(units))
    starts = frozenset(int(str(each)) for each in kept["starts"])
    return Document(units=units, speakers=speakers, start_s=tuple(start_s), end_s=end_s, starts=starts, timed=timed)


def transcript_of(document: Document) -> Transcript:
    """The document as a transcript: each unit a segment that lasts until the next begins."""
    ends = [*document.start_s[1:], document.end_s]
    return Transcript(
        engine=Engine.CAPTIONS,
        language="en",
        segments=tuple(
            Segment(start_ms=round(start * 1000), end_ms=round(end * 1000), text=text, speaker=speaker)
            for text, speaker, start, end in zip(document.units, document.speakers, document.start_s, ends, strict=True)
        ),
    )


def pk_and_window_diff(count: int, true: frozenset[int], given: frozenset[int]) -> tuple[float, float]:
    """Pk (Beeferman and others 1999) and WindowDiff (Pevzner and Hearst 2002) over `count` units."""
    width = max(1, round(count / (2 * (len(true) + 1))))
    if count <= width:
        return 0.0, 0.0
    true_sums = list(accumulate(each in true for each in range(count)))
    given_sums = list(accumulate(each in given for each in range(count)))
    pairs = [
        (true_sums[at + width] - true_sums[at], given_sums[at + width] - given_sums[at]) for at in range(count - width)
    ]
    pk = sum((in_true == 0) != (in_given == 0) for in_true, in_given in pairs) / len(pairs)
    window_diff = sum(in_true != in_given for in_true, in_given in pairs) / len(pairs)
    return pk, window_diff


def f1_of(document: Document, given: frozenset[int]) -> float:
    """F1 of boundaries, each true one found once, within NEAR_S seconds or, without times, NEAR_UNITS units."""
    true = set(document.starts)
    if not true or not given:
        return float(not true and not given)
    place = document.start_s if document.timed else tuple(float(each) for each in range(len(document.units)))
    near = NEAR_S if document.timed else NEAR_UNITS
    hits = 0
    for each in sorted(given):
        close = [other for other in true if abs(place[other] - place[each]) <= near]
        if close:
            true.remove(min(close, key=lambda other: abs(place[other] - place[each])))
            hits += 1
    return 2 * hits / (len(given) + len(document.starts))


def evaluate(documents: Sequence[Document], method: Method) -> Score:
    """The method's mean over the documents."""
    pk = window_diff = f1 = ratio = 0.0
    for each in documents:
        given = method(each)
        one, other = pk_and_window_diff(len(each.units), each.starts, given)
        pk += one
        window_diff += other
        f1 += f1_of(each, given)
        ratio += (len(given) + 1) / (len(each.starts) + 1)
    count = len(documents)
    return Score(pk=pk / count, window_diff=window_diff / count, f1=f1 / count, ratio=ratio / count)
