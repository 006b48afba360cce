"""The database: its engine, its version, and the unit of work with the only commit."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import BadSetting, DatabaseOutdated, DatabaseUnavailable, DiskFull, InvalidInput
from storage.clips import Clips
from storage.feedback import Feedback
from storage.lessons import Lessons
from storage.people import People
from storage.runs import Runs
from storage.sessions import Sessions
from storage.transcripts import Transcripts

_MIGRATIONS = Path(__file__).with_name("migrations")
_BUSY_MS = 10_000
_PATIENCE_S = 10
_READING = "debrief_reading"
_POSTGRES_DISK_FULL = "53100"
_POSTGRES_UNKNOWN = {"42P01", "42703"}
"""No such table, no such column."""
_UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_MIGRATION_LOCK = 7_305_519_021
"""The number under which PostgreSQL lets one process at a time migrate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The repositories of one transaction."""

    people: People
    sessions: Sessions
    lessons: Lessons
    runs: Runs
    transcripts: Transcripts
    clips: Clips
    feedback: Feedback


class Database:
    """A SQLite file or a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        """Raises BadSetting for an address of another kind, DatabaseUnavailable where its folder can't be made."""
        self._engine = _make_engine(url)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """One transaction: kept as a whole when the block ends, not at all when it raises.

        Raises DatabaseUnavailable, DatabaseOutdated and DiskFull, and InvalidInput for what no column can hold.
        """
        with _translated(), self._engine.connect() as connection:
            try:
                yield _unit(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def view(self) -> Iterator[Unit]:
        """A unit for reading only: it waits for no writer, and nothing written in it is kept.

        Raises DatabaseUnavailable.
        """
        with _translated(), self._engine.connect().execution_options(**{_READING: True}) as connection:
            try:
                yield _unit(connection)
            finally:
                connection.rollback()

    def migrate(self) -> None:
        """Bring the tables to this version, all the way or not at all.

        Safe to run again, and from several processes at once: the second waits, and finds nothing to do. Raises
        DatabaseUnavailable and DiskFull.
        """
        # Begun before the migrations look at the version: on SQLite this is what makes the second process wait.
        with _translated(), self._engine.connect() as connection, _rebuilding(connection), connection.begin():
            if self._engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_current(self) -> bool:
        """Whether the tables are of this version."""
        with _translated(), self._engine.connect().execution_options(**{_READING: True}) as connection:
            return MigrationContext.configure(connection).get_current_revision() == _newest_revision()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def give_sqlite_fractions() -> None:
    """Let SQLite before 3.42 tell the time in fractions of a second, as the job engine asks it to.

    The engine takes it for granted from Python 3.12 on, but Python is often built on the system's older SQLite.
    """
    if sqlite3.sqlite_version_info < (3, 42) and not event.contains(Engine, "connect", _add_clock):
        event.listen(Engine, "connect", _add_clock)


def _add_clock(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, lambda _modifier: time.time())


def _make_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadSetting("database_url is not an address") from error
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise BadSetting("database_url must begin with sqlite:/// or postgresql://")
    if parsed.drivername != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, connect_args={"connect_timeout": _PATIENCE_S})
    if parsed.database:
        _make_private(Path(parsed.database))
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    """A new database's file, open to the account that runs Debrief only; SQLite gives the files beside it the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError as error:
        raise DatabaseUnavailable from error


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Every connection: foreign keys held, readers beside a writer, and no comment lost when the power fails."""
    # The transaction is begun below, not by the driver.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the start: a transaction that read first could not become a writer beside another one."""
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """Let migrations rebuild tables of SQLite's: dropping the old one would delete every row that points at it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Past SQLAlchemy, which would begin a transaction, in which the switch does nothing.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _unit(connection: Connection) -> Unit:
    return Unit(
        people=People(connection),
        sessions=Sessions(connection),
        lessons=Lessons(connection),
        runs=Runs(connection),
        transcripts=Transcripts(connection),
        clips=Clips(connection),
        feedback=Feedback(connection),
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's troubles in our words; its own text may hold values, so it stays in the cause."""
    try:
        yield
    except OperationalError as error:
        if _code(error) in {sqlite3.SQLITE_FULL, _POSTGRES_DISK_FULL}:
            raise DiskFull from error
        if "no such table" in str(error.orig) or "no such column" in str(error.orig):
            raise DatabaseOutdated from error
        raise DatabaseUnavailable from error
    except PoolTimeout as error:
        raise DatabaseUnavailable from error
    except (DataError, OverflowError, UnicodeEncodeError) as error:
        # Text with a NUL or half a character, or a number past what a column holds.
        raise InvalidInput from error
    except DBAPIError as error:
        if error.connection_invalidated or _code(error) in _UNREADABLE:
            raise DatabaseUnavailable from error
        if _code(error) in _POSTGRES_UNKNOWN:
            raise DatabaseOutdated from error
        raise
    except CommandError as error:
        raise DatabaseOutdated("it was made by a newer Debrief") from error


def _code(error: DBAPIError) -> object:
    """What the driver calls the trouble: SQLite's number, or PostgreSQL's five characters."""
    return getattr(error.orig, "sqlite_errorcode", None) or getattr(error.orig, "sqlstate", None)
