"""The measures of the benchmark are the ones that others use."""

from __future__ import annotations

import warnings

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bench.clips import holds
from bench.segmentation import Document, Score, f1_of, pk_and_window_diff

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from nltk.metrics.segmentation import pk, windowdiff

boundaries = st.integers(4, 60).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.frozensets(st.integers(1, count - 1), min_size=1, max_size=count // 2),
        st.frozensets(st.integers(1, count - 1), max_size=count // 2),
    )
)


@settings(max_examples=150, deadline=None)
@given(boundaries)
def test_pk_and_window_diff_are_those_of_nltk(case: tuple[int, frozenset[int], frozenset[int]]) -> None:
    count, true, given_ = case
    width = max(1, round(count / (2 * (len(true) + 1))))
    assume(width >= 1 and count > width)

    def text(chosen: frozenset[int]) -> str:
        # nltk marks the end of a segment where ours marks the beginning of the next.
        return "".join("1" if at + 1 in chosen else "0" for at in range(count - 1))

    one, other = pk_and_window_diff(count, true, given_)
    assert abs(one - pk(text(true), text(given_), width)) < 1e-9
    assert abs(other - windowdiff(text(true), text(given_), width)) < 1e-9


def document(starts: set[int], *, timed: bool) -> Document:
    return Document(
        units=("word",) * 10,
        speakers=("",) * 10,
        start_s=tuple(20.0 * each for each in range(10)),
        end_s=200.0,
        starts=frozenset(starts),
        timed=timed,
    )


def test_f1_counts_each_true_boundary_once_and_near_ones() -> None:
    assert f1_of(document({3, 7}, timed=True), frozenset({3, 7})) == 1.0
    assert f1_of(document({3}, timed=True), frozenset({4})) == 0.0
    assert f1_of(document({3}, timed=False), frozenset({2, 4})) == 2 / 3
    assert f1_of(document(set(), timed=True), frozenset()) == 1.0
    assert f1_of(document({3}, timed=True), frozenset()) == 0.0


def test_a_goal_needs_all_of_its_parts() -> None:
    good = Score(pk=0.05, window_diff=0.3, f1=0.5, ratio=1.0)
    assert all(holds(name, good) for name in ("3b1b", "datatalks", "tinyrec_coarse", "mit_physics_asr", "choi"))
    assert not holds("3b1b", Score(pk=0.05, window_diff=0.3, f1=0.5, ratio=2.0))
    assert not holds("datatalks", Score(pk=0.05, window_diff=0.3, f1=0.1, ratio=1.0))
