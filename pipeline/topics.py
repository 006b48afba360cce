"""Choosing the boundaries: the clips that are together most probable. Pure, and linear in the length.

A dynamic programme weighs the evidence at each place against a log-normal prior on the clips' lengths. How many clips
there are is not told. A clip's usual length lies between a fixed one and a share of the recording, and the more places
there are for one boundary, the more has to speak for each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.timing import Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A stretch that is never cut. `evidence` is how much speaks for a clip to begin with it, in log odds."""

    start_ms: Ms
    end_ms: Ms
    evidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicModel:
    """The numbers of the programme, found on transcripts whose topics people had marked.

    The usual length is the geometric mean of `usual_ms` and the recording's length over `usual_count`. `spread` and
    `length_weight` are the prior's sigma and weight; `rarity_weight` and `threshold` say how much has to speak for a
    boundary where there are many places for each.
    """

    usual_ms: float = 240_000.0
    usual_count: float = 8.0
    spread: float = 0.66
    length_weight: float = 0.57
    rarity_weight: float = 0.39
    threshold: float = 0.02

    def usual_length_ms(self, duration_ms: int) -> float:
        """How long a clip usually is in a recording of that length."""
        return min(500_000.0, max(30_000.0, math.sqrt(self.usual_ms * duration_ms / self.usual_count)))


_OUTSIDE_PRICE = 50.0
"""What a length outside the limits costs, for each whole limit it is off; paid only where nothing else is left."""


def choose_boundaries(
    units: Sequence[Unit], *, shortest_ms: int, longest_ms: int, model: TopicModel
) -> tuple[int, ...]:
    """The indexes of the units with which a clip begins, 0 left out.

    Clips are at least `shortest_ms` and at most `longest_ms` long wherever the units allow it.
    """
    if len(units) < 2:
        return ()
    starts = np.array([each.start_ms for each in units], dtype=np.float64)
    ends = np.append(starts[1:], units[-1].end_ms)
    duration_ms = float(ends[-1] - starts[0])
    usual_ms = model.usual_length_ms(round(duration_ms))
    rarity = math.log(max(2.0, len(units) * usual_ms / max(duration_ms, 1.0)))
    entries = np.array([each.evidence for each in units]) - model.threshold - model.rarity_weight * rarity
    entries[0] = 0.0
    best = np.full(len(units) + 1, -np.inf)
    came_from = np.zeros(len(units) + 1, dtype=np.int64)
    best[0] = 0.0
    reach_ms = 2.0 * longest_ms
    for last in range(len(units)):
        # A clip that ends with this unit begins at most twice the limit before its end.
        first = min(last, int(np.searchsorted(starts, ends[last] - reach_ms)))
        lengths = np.maximum(ends[last] - starts[first : last + 1], 1000.0)
        totals = best[first : last + 1] + entries[first : last + 1]
        totals = totals - model.length_weight * 0.5 * (np.log(lengths / usual_ms) / model.spread) ** 2
        totals -= _OUTSIDE_PRICE * np.maximum(0.0, (shortest_ms - lengths) / shortest_ms)
        totals -= _OUTSIDE_PRICE * np.maximum(0.0, (lengths - longest_ms) / longest_ms)
        chosen = int(np.argmax(totals))
        best[last + 1], came_from[last + 1] = totals[chosen], first + chosen
    return _walk_back(came_from.tolist())


def _walk_back(came_from: list[int]) -> tuple[int, ...]:
    places = []
    place = len(came_from) - 1
    while place > 0:
        place = came_from[place]
        places.append(place)
    return tuple(reversed(places[:-1]))
