"""Slowing down guesses: after a few wrong attempts from one place the wait grows with each further one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.errors import TooManyAttempts

_MOST_KEPT = 10_000
_FORGET_AFTER = timedelta(hours=1)
_LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Misses:
    count: int
    last_at: datetime


class Attempts:
    """Wrong attempts by key (whose account, from where). Kept in memory: the web process is one."""

    def __init__(self, *, free: int = 5) -> None:
        """`free` wrong attempts in a row cost nothing; the next ones cost 1, 2, 4 ... seconds."""
        self._free = free
        self._misses: dict[str, _Misses] = {}
        self._lock = threading.Lock()

    def check(self, key: str, *, at: datetime) -> None:
        """Raises TooManyAttempts while the wait of this key is not over."""
        with self._lock:
            misses = self._misses.get(key)
        if misses is not None and at < misses.last_at + self._wait(misses.count):
            raise TooManyAttempts

    def note_miss(self, key: str, *, at: datetime) -> None:
        """Count a wrong attempt."""
        with self._lock:
            before = self._misses.pop(key, None)
            count = before.count if before is not None and at - before.last_at < _FORGET_AFTER else 0
            self._misses[key] = _Misses(count=count + 1, last_at=at)
            while len(self._misses) > _MOST_KEPT:
                del self._misses[next(iter(self._misses))]

    def note_hit(self, key: str) -> None:
        """Forget the wrong attempts: this one was right."""
        with self._lock:
            self._misses.pop(key, None)

    def _wait(self, count: int) -> timedelta:
        if count < self._free:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(count - self._free, 10)), _LONGEST_WAIT)
