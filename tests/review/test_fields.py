"""What was sent is taken field by field, and nothing of another kind gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidInput, InvalidRange, UnknownCriterion
from models.feedback import CommentKind, Tag
from pipeline.rubric import read_rubric
from review import feedback, fields

RUBRIC = read_rubric(None)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_any_value_is_either_right_or_refused_with_a_sentence(value: object) -> None:
    sent = {"x": value, "start_ms": value, "end_ms": value, "tags": value}
    for take in (
        lambda: fields.text(sent, "x"),
        lambda: fields.identifier(sent, "x"),
        lambda: fields.optional_identifier(sent, "x"),
        lambda: fields.whole_number(sent, "x"),
        lambda: fields.switch(sent, "x"),
        lambda: fields.choice(sent, "x", CommentKind),
        lambda: feedback.read_tags(RUBRIC, sent),
        lambda: feedback.read_range(sent, end_ms=1000),
    ):
        try:
            take()
        except InvalidInput as error:
            assert error.message.endswith((".", ")"))  # noqa: PT017  most values are refused, a few are right


@given(start=st.integers(-(2**53) + 1, 2**53 - 1), length=st.integers(0, 10**9), end=st.integers(0, 10**8))
def test_a_range_is_moved_into_the_recording_and_never_lost(start: int, length: int, end: int) -> None:
    stop = min(start + length, 2**53 - 1)
    kept = feedback.read_range({"start_ms": start, "end_ms": stop}, end_ms=end)
    assert 0 <= kept.start_ms <= kept.end_ms <= end
    if start >= 0 and stop <= end:
        assert (kept.start_ms, kept.end_ms) == (start, stop)


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidRange):
        feedback.read_range({"start_ms": 10, "end_ms": 9}, end_ms=None)


def test_a_criterion_chosen_twice_counts_once_and_carries_the_rubrics_name() -> None:
    chosen = [{"criterion": "move.pause"}, {"criterion": "move.pause", "level": "steady"}]
    assert feedback.read_tags(RUBRIC, {"tags": chosen}) == (
        Tag(rubric_id="debrief-starter", rubric_version="1", criterion="move.pause", level="steady"),
    )


@pytest.mark.parametrize("tag", [{"criterion": "2b"}, {"criterion": "move.pause", "level": "great"}])
def test_a_criterion_or_level_of_elsewhere_is_refused(tag: dict[str, str]) -> None:
    with pytest.raises(UnknownCriterion):
        feedback.read_tags(RUBRIC, {"tags": [tag]})


def test_more_tags_than_anybody_means_are_refused() -> None:
    with pytest.raises(InvalidInput, match="more than"):
        feedback.read_tags(RUBRIC, {"tags": [{"criterion": "move.pause"}] * 21})
