"""Wrong attempts cost more and more time, and are forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.errors import TooManyAttempts
from review.attempts import Attempts

START = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_few_wrong_attempts_cost_nothing_and_the_next_cost_more_each() -> None:
    attempts = Attempts(free=3)
    at = START
    for _ in range(2):
        attempts.note_miss("ana", at=at)
        attempts.check("ana", at=at)
    for wait in (1, 2, 4, 8):
        attempts.note_miss("ana", at=at)
        with pytest.raises(TooManyAttempts):
            attempts.check("ana", at=at + timedelta(seconds=wait - 0.1))
        at += timedelta(seconds=wait)
        attempts.check("ana", at=at)


def test_the_wait_never_grows_past_five_minutes() -> None:
    attempts = Attempts(free=1)
    for _ in range(60):
        attempts.note_miss("ana", at=START)
    attempts.check("ana", at=START + timedelta(minutes=5))


def test_another_place_a_right_attempt_and_an_hour_are_not_held_back() -> None:
    attempts = Attempts(free=1)
    for _ in range(5):
        attempts.note_miss("ana", at=START)
    attempts.check("ben", at=START)
    attempts.note_miss("ana", at=START + timedelta(hours=1))
    attempts.check("ana", at=START + timedelta(hours=1, seconds=1))
    attempts.note_hit("ana")
    attempts.check("ana", at=START + timedelta(hours=1))


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    attempts = Attempts()
    for number in range(10_050):
        attempts.note_miss(str(number), at=START)
    assert len(attempts._misses) == 10_000
