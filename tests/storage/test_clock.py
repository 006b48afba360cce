"""The job engine asks SQLite for fractions of a second; one that is too old to have them is given them."""

from __future__ import annotations

import time

from sqlalchemy import create_engine, text

from storage.database import give_sqlite_fractions


def test_every_sqlite_tells_the_time_in_fractions_of_a_second() -> None:
    give_sqlite_fractions()
    give_sqlite_fractions()
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        told = connection.execute(text("SELECT unixepoch('subsec')")).scalar_one()
    engine.dispose()
    assert abs(told - time.time()) < 60
    assert told != int(told)
