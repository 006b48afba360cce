import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidRange
from models.timing import TimeRange, format_clock, merge_ranges, ms, parse_clock, seconds

positions = st.integers(min_value=0, max_value=36_000_000)
ranges = st.tuples(positions, positions).map(lambda pair: TimeRange(start_ms=min(pair), end_ms=max(pair)))


@given(positions)
def test_a_position_survives_its_clock_form(position: int) -> None:
    assert parse_clock(format_clock(position, millis=True)) == position
    assert parse_clock(format_clock(position)) == position // 1000 * 1000


@given(positions)
def test_a_position_survives_the_seconds_of_an_outside_tool(position: int) -> None:
    assert ms(seconds(position)) == position


@given(st.lists(ranges, max_size=20), st.integers(min_value=0, max_value=5000))
def test_merged_ranges_lie_apart_and_hold_what_the_parts_held(parts: list[TimeRange], gap_ms: int) -> None:
    merged = merge_ranges(parts, gap_ms=gap_ms)
    assert all(later.start_ms - earlier.end_ms > gap_ms for earlier, later in itertools.pairwise(merged))
    assert all(
        any(whole.start_ms <= part.start_ms and part.end_ms <= whole.end_ms for whole in merged) for part in parts
    )


@given(ranges, ranges)
def test_overlap_is_the_same_from_both_sides(one: TimeRange, other: TimeRange) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlap_ms(other) == other.overlap_ms(one)
    if one.overlap_ms(other):
        assert one.overlaps(other)
        assert one.touches(other)


def test_a_range_is_half_open() -> None:
    part = TimeRange(start_ms=1000, end_ms=2000)
    assert part.contains(1000)
    assert not part.contains(2000)
    assert part.duration_ms == 1000
    assert part.clamped(1500) == TimeRange(start_ms=1000, end_ms=1500)


@pytest.mark.parametrize(("start_ms", "end_ms"), [(-1, 5), (10, 9)])
def test_a_range_that_cannot_be_is_refused(start_ms: int, end_ms: int) -> None:
    with pytest.raises(InvalidRange):
        TimeRange(start_ms=start_ms, end_ms=end_ms)


@pytest.mark.parametrize("text", ["", "12", "1:2:3:4", "-1:00", "ab:cd", "1:00.1234"])
def test_text_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidRange):
        parse_clock(text)


def test_clocks_read_as_people_write_them() -> None:
    assert parse_clock("12:40") == 760_000
    assert parse_clock("1:02:03") == 3_723_000
    assert parse_clock("00:00:01,5") == 1500
    assert format_clock(3_723_000) == "1:02:03"
    assert format_clock(760_999) == "12:40"
