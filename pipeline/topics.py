"""Where a topic ends and the next begins, from words, pauses and what was seen. Pure, and linear in the length.

A dynamic programme chooses the boundaries whose clips are together most probable. Each clip's words are scored by a
Dirichlet compound multinomial, as in Eisenstein and Barzilay, "Bayesian Unsupervised Topic Segmentation" (2008); its
length by a log-normal prior; and each boundary by the evidence at that place (a pause, a cue phrase, a change of
speaker, a board that changed). How many clips there are is not told: the prior and the evidence decide.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.timing import Ms

STOPWORDS = frozenset(
    """a about above after again all also am an and another any are as at be because been before being below between
    both but by can cannot could did do does doing done down each either else ever every few for from further get gets
    getting go goes going gonna good got had has have having he her here hers him his how however i if in into is it
    its itself just kind know let like little lot made make many may maybe me mean might more most much must my need
    no nor not now of off oh ok okay on once one only or other our ours out over own people per please put quite
    rather really right said same say see she should show since so some something sort still such sure take tell than
    that the their theirs them then there these they thing things think this those through to together too two under
    until up upon us use very want was way we well were what when where whether which while who whole whom whose why
    will with within without would yeah yes yet you your yours""".split()
)
"""Words that say nothing of a topic."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+", re.UNICODE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A stretch that is never cut. `evidence` is how much speaks for a topic to begin with it, in log odds."""

    start_ms: Ms
    end_ms: Ms
    stems: tuple[str, ...]
    evidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicModel:
    """The numbers of the programme, found on transcripts with known topics.

    `concentration` is the Dirichlet's; `boundary_cost` what each boundary costs; `usual_ms` and `spread` are the
    log-normal prior's median and sigma; `words_weight` scales the words' score, since neighbouring words are not
    independent of each other.
    """

    concentration: float = 0.2
    boundary_cost: float = 3.0
    usual_ms: float = 180_000.0
    spread: float = 0.9
    words_weight: float = 0.35
    length_weight: float = 1.0


def stems_of(text: str) -> tuple[str, ...]:
    """The words of a text that can tell its topic, cut to a stem; pairs of letters where a script has no blanks."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if len(_UNSPACED.findall(folded)) * 3 > len(folded):
        letters = [each for each in folded if each.isalpha()]
        return tuple(first + second for first, second in zip(letters, letters[1:], strict=False))
    words = (each.partition("'")[0].partition("’")[0] for each in _WORD.findall(folded))
    return tuple(stem(each) for each in words if each not in STOPWORDS and (len(each) > 2 or each.isdigit()))


def stem(word: str) -> str:
    """The word without the commonest English endings; crude on purpose, it only has to be the same for its forms."""
    for ending in (
        "ingly",
        "ations",
        "ation",
        "ings",
        "ing",
        "edly",
        "ies",
        "ied",
        "ness",
        "ers",
        "ed",
        "es",
        "ly",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


def choose_boundaries(
    units: Sequence[Unit], *, shortest_ms: int, longest_ms: int, model: TopicModel
) -> tuple[int, ...]:
    """The indexes of the units with which a clip begins, 0 left out.

    Clips are at least `shortest_ms` and at most `longest_ms` long wherever the units allow it.
    """
    if len(units) < 2:
        return ()
    vocabulary = len({word for unit in units for word in unit.stems})
    count = len(units)
    best = [-math.inf] * (count + 1)
    came_from = [0] * (count + 1)
    best[0] = 0.0
    for first in range(count):
        if best[first] == -math.inf:
            continue
        entry = best[first] + (units[first].evidence - model.boundary_cost if first else 0.0)
        for last, score in _scores_from(units, first, vocabulary, longest_ms, model):
            length_ms = _end(units, last) - units[first].start_ms
            total = entry + score + _length_score(length_ms, shortest_ms, longest_ms, model)
            if total > best[last + 1]:
                best[last + 1], came_from[last + 1] = total, first
    chosen = []
    place = count
    while place > 0:
        place = came_from[place]
        chosen.append(place)
    return tuple(reversed(chosen[:-1]))


def _end(units: Sequence[Unit], last: int) -> int:
    return units[last + 1].start_ms if last + 1 < len(units) else units[last].end_ms


def _scores_from(
    units: Sequence[Unit], first: int, vocabulary: int, longest_ms: int, model: TopicModel
) -> list[tuple[int, float]]:
    """For every clip that begins with that unit: its last unit and how well its words go together."""
    counts: dict[str, int] = {}
    drawn = 0
    score = 0.0
    mass = model.concentration * max(vocabulary, 1)
    scores = []
    for last in range(first, len(units)):
        for word in units[last].stems:
            known = counts.get(word, 0)
            score += math.log((known + model.concentration) / (drawn + mass))
            counts[word] = known + 1
            drawn += 1
        scores.append((last, model.words_weight * score))
        if units[last].end_ms - units[first].start_ms > 2 * longest_ms:
            break
    return scores


def _length_score(length_ms: int, shortest_ms: int, longest_ms: int, model: TopicModel) -> float:
    """The log-normal prior, and a price for lengths outside the limits that is paid only where nothing else is left."""
    length_s = max(length_ms, 1000) / 1000
    distance = (math.log(length_s) - math.log(model.usual_ms / 1000)) / model.spread
    price = -0.5 * distance * distance * model.length_weight
    if length_ms < shortest_ms:
        price -= 1e4 * (1 + (shortest_ms - length_ms) / shortest_ms)
    if length_ms > longest_ms:
        price -= 1e4 * (1 + (length_ms - longest_ms) / longest_ms)
    return price
