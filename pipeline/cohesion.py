"""How well neighbouring stretches of talk go together: measures for every place, linear in the length. Pure.

Each takes the units' words as stems and their times in milliseconds and gives one number for each unit: what speaks
for a new topic to begin with it. Their scales differ from lesson to lesson, so all are given in standard deviations
from the lesson's own mean.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Stems = Sequence[Sequence[str]]
Measure = NDArray[np.float64]

_CONCENTRATION = 0.2
_RESIDUAL_BOUNDS_S = (-3.0, 6.0)


def standardised(values: Sequence[float] | Measure) -> Measure:
    """The values in standard deviations from their mean; zeros where all are the same."""
    array = np.asarray(values, dtype=np.float64)
    spread = float(array.std()) if array.size else 0.0
    return (array - array.mean()) / spread if spread > 1e-9 else np.zeros_like(array)


@dataclass(slots=True)
class _Windows:
    """The words before and behind a place, kept up as the place moves on."""

    before: Counter[str] = field(default_factory=Counter)
    behind: Counter[str] = field(default_factory=Counter)
    before_count: int = 0
    behind_count: int = 0

    def move(self, words: Sequence[str]) -> None:
        """These words pass from behind the place to before it."""
        for word in words:
            self.before[word] += 1
            _take_one(self.behind, word)
        self.before_count += len(words)
        self.behind_count -= len(words)

    def add(self, words: Sequence[str]) -> None:
        """These words come into the window behind the place."""
        self.behind.update(words)
        self.behind_count += len(words)

    def drop(self, words: Sequence[str]) -> None:
        """These words fall out of the window before the place."""
        for word in words:
            _take_one(self.before, word)
        self.before_count -= len(words)


def _take_one(counts: Counter[str], word: str) -> None:
    counts[word] -= 1
    if not counts[word]:
        del counts[word]


def _slide(stems: Stems, starts: Sequence[int], ends: Sequence[int], span_ms: int) -> Iterator[_Windows]:
    """The windows of that length before and behind each unit's start."""
    windows = _Windows()
    first, behind = 0, 0
    for place, start in enumerate(starts):
        if place:
            windows.move(stems[place - 1])
        while behind < len(stems) and (starts[behind] < start + span_ms or behind <= place):
            windows.add(stems[behind])
            behind += 1
        while first < place and ends[first] < start - span_ms:
            windows.drop(stems[first])
            first += 1
        yield windows


def split_gain(stems: Stems, starts: Sequence[int], ends: Sequence[int], span_ms: int) -> Measure:
    """How much better two Dirichlet multinomials explain the windows before and behind a place than one does.

    The score of Eisenstein and Barzilay, "Bayesian Unsupervised Topic Segmentation" (2008), for one place.
    """
    mass = _CONCENTRATION * max(1, len({word for each in stems for word in each}))
    known: dict[int, float] = {}

    def drawn(count: int) -> float:
        if count not in known:
            known[count] = math.lgamma(_CONCENTRATION + count) - math.lgamma(_CONCENTRATION)
        return known[count]

    def total(count: int) -> float:
        return math.lgamma(mass) - math.lgamma(mass + count)

    gains = []
    for each in _slide(stems, starts, ends, span_ms):
        shared = each.before.keys() & each.behind.keys()
        # Words on one side only count the same apart and together.
        words = sum(
            drawn(each.before[word]) + drawn(each.behind[word]) - drawn(each.before[word] + each.behind[word])
            for word in shared
        )
        sizes = total(each.before_count) + total(each.behind_count) - total(each.before_count + each.behind_count)
        gains.append(words + sizes)
    return standardised(gains)


def distance(stems: Stems, starts: Sequence[int], ends: Sequence[int], span_ms: int) -> Measure:
    """One less the cosine of the words before and behind a place."""
    found = []
    for each in _slide(stems, starts, ends, span_ms):
        product = sum(count * each.behind[word] for word, count in each.before.items() if word in each.behind)
        sizes = math.sqrt(
            sum(count * count for count in each.before.values()) * sum(count * count for count in each.behind.values())
        )
        found.append(1 - product / sizes if sizes else 1.0)
    return standardised(found)


def freshness(stems: Stems, starts: Sequence[int], span_ms: int) -> tuple[Measure, Measure]:
    """The share of words soon behind a place that were never said before it, and of those before that never return.

    Words that are said once in the whole lesson do not count.
    """
    counts = Counter(word for each in stems for word in each)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for place, words in enumerate(stems):
        for word in words:
            first.setdefault(word, place)
            last[word] = place
    fresh, gone = [], []
    for place, start in enumerate(starts):
        behind = [word for word in _words_behind(stems, starts, place, start + span_ms) if counts[word] > 1]
        before = [word for word in _words_before(stems, starts, place, start - span_ms) if counts[word] > 1]
        fresh.append(sum(first[word] >= place for word in behind) / max(1, len(behind)))
        gone.append(sum(last[word] < place for word in before) / max(1, len(before)))
    return standardised(fresh), standardised(gone)


def _words_behind(stems: Stems, starts: Sequence[int], place: int, until_ms: int) -> Iterator[str]:
    while place < len(stems) and starts[place] < until_ms:
        yield from stems[place]
        place += 1


def _words_before(stems: Stems, starts: Sequence[int], place: int, from_ms: int) -> Iterator[str]:
    place -= 1
    while place >= 0 and starts[place] >= from_ms:
        yield from stems[place]
        place -= 1


def silence(word_counts: Sequence[int], starts: Sequence[int], ends: Sequence[int]) -> Measure:
    """How much longer than its words the time up to a unit's start was: the pause, also where ends are not measured.

    The lesson's usual pace says how long words take.
    """
    words = np.maximum(1, np.asarray(word_counts, dtype=np.float64))
    lengths = np.diff(np.asarray([*starts, ends[-1]], dtype=np.float64)) / 1000
    pace = float(np.median(words / np.maximum(0.05, lengths)))
    surplus = np.clip(lengths - words / max(pace, 1e-6), *_RESIDUAL_BOUNDS_S)
    return standardised(np.concatenate([[0.0], surplus[:-1]]))
