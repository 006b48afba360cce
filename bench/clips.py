"""Clips: boundaries against those that people marked, and how the cost grows with the length."""

from __future__ import annotations

import bisect
import time
import warnings

from bench.segmentation import Document, Score, evaluate, read_set, transcript_of
from models.transcript import Engine, Segment, Transcript
from pipeline.clipping import propose_clips

Row = dict[str, object]

_TILED = 6
"""TextTiling takes minutes for a whole set; so many documents of each are enough for a row to compare with."""

GOALS = {
    "3b1b": "WindowDiff <= .36, F1 >= .45, ratio .6 to 1.6",
    "datatalks": "WindowDiff <= .37, F1 >= .43",
    "tinyrec_coarse": "WindowDiff <= .33, F1 >= .35",
    "mit_physics_asr": "WindowDiff <= .39, F1 >= .25",
    "choi": "Pk <= .10",
}


def holds(name: str, score: Score) -> bool:
    """Whether the score of a set reaches its goal."""
    if name == "choi":
        return score.pk <= 0.10
    window_diff, f1 = {"3b1b": (0.36, 0.45), "datatalks": (0.37, 0.43), "tinyrec_coarse": (0.33, 0.35)}.get(
        name, (0.39, 0.25)
    )
    fits = 0.6 <= score.ratio <= 1.6 if name == "3b1b" else True
    return score.window_diff <= window_diff and score.f1 >= f1 and fits


def ours(document: Document) -> frozenset[int]:
    """The units nearest to the beginnings of the proposed clips."""
    starts = [round(each * 1000) for each in document.start_s]
    clips = propose_clips(transcript_of(document), duration_ms=round(document.end_s * 1000))
    return frozenset(_nearest(starts, each.start_ms) for each in clips[1:]) - {0}


def _nearest(starts: list[int], position: int) -> int:
    place = bisect.bisect_left(starts, position)
    return min(
        (each for each in (place - 1, place) if 0 <= each < len(starts)), key=lambda at: abs(starts[at] - position)
    )


def nothing(_document: Document) -> frozenset[int]:
    """No boundary at all."""
    return frozenset()


def equal(document: Document) -> frozenset[int]:
    """As many parts as there are topics, all of one length: this row is told the number."""
    topics = len(document.starts) + 1
    return frozenset(round(each * len(document.units) / topics) for each in range(1, topics)) - {0}


def text_tiling(document: Document) -> frozenset[int]:
    """nltk's TextTiling with a unit for a paragraph; [] where it finds the text too short."""
    from nltk.tokenize import TextTilingTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = TextTilingTokenizer(
            stopwords=["the", "of", "and", "a", "to", "in", "is", "that", "it", "you", "so"]
        )
        try:
            tiles = tokenizer.tokenize("\n\n".join(document.units))
        except ValueError:
            return frozenset()
    given, passed = set(), 0
    for tile in tiles[:-1]:
        passed += len([part for part in tile.split("\n\n") if part.strip()])
        given.add(passed)
    return frozenset(given)


def _words(score: Score) -> str:
    return f"Pk {score.pk:.3f} WD {score.window_diff:.3f} F1 {score.f1:.3f} ratio {score.ratio:.2f}"


def _set_row(name: str) -> Row:
    figure = f"{name}: WindowDiff, number not told"
    row: Row = {"group": "clips", "figure": figure, "unit": "WindowDiff", "goal": GOALS[name]}
    try:
        documents = read_set(name)
    except FileNotFoundError:
        how = "could not be taken: the set is not on this machine"
        return {**row, "value": None, "compare": "", "holds": False, "how": how}
    score = evaluate(documents, ours)
    compare = "; ".join(
        f"{title}: {_words(evaluate(chosen, method))}"
        for title, method, chosen in (
            ("nothing", nothing, documents),
            ("equal, told", equal, documents),
            (f"TextTiling on {_TILED}", text_tiling, documents[:_TILED]),
        )
    )
    how = f"ours: {_words(score)}; {len(documents)} documents, one configuration for all sets"
    return {**row, "value": score.window_diff, "compare": compare, "holds": holds(name, score), "how": how}


def _cost(hours: int) -> float:
    """Seconds to propose clips for so many hours of talk."""
    topics = ("fractions and quarters of a cake", "lava and the volcano", "rivers and bridges", "poems that rhyme")
    segments = tuple(
        Segment(start_ms=at * 5000, end_ms=at * 5000 + 4500, text=f"now {topics[at // 50 % 4]} and word{at % 97} too")
        for at in range(hours * 720)
    )
    spoken = Transcript(engine=Engine.CAPTIONS, language="en", segments=segments)
    began = time.perf_counter()
    propose_clips(spoken, duration_ms=hours * 3_600_000)
    return time.perf_counter() - began


def _linear_row() -> Row:
    one, three, nine = _cost(1), _cost(3), _cost(9)
    return {
        "group": "clips",
        "figure": "cost of 9 h over that of 1 h",
        "value": nine / one,
        "unit": "ratio",
        "goal": "<= 12 (linear is 9)",
        "compare": f"3 h over 1 h: {three / one:.2f}",
        "holds": nine / one <= 12,
        "how": f"1 h in {one:.2f} s, 3 h in {three:.2f} s, 9 h in {nine:.2f} s, one after the other in one run",
    }


def run() -> list[Row]:
    """Every figure of the group."""
    return [*(_set_row(name) for name in GOALS), _linear_row()]
