"""Empty databases of this version, SQLite and PostgreSQL, and the small school in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from tests.builders import World, build_world
from tests.servers.postgres import Postgres

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that was migrated once; tests take copies."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated_url(postgres_server: Postgres) -> str:
    """A PostgreSQL database that was migrated once; it is emptied after each test."""
    url = postgres_server.url(postgres_server.create_database())
    database = Database(url)
    database.migrate()
    database.close()
    return url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of this version."""
    if request.param == "sqlite":
        path = tmp_path / "debrief.sqlite"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("migrated_url")
    yield url
    with psycopg.connect(url, autocommit=True) as connection:
        # Everything hangs on a person or a programme; a lock that a test left behind fails here.
        connection.execute("SET lock_timeout = '5s'")
        connection.execute("DELETE FROM person")
        connection.execute("DELETE FROM programme")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of this version."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def world(database: Database) -> World:
    """The school, as things are at AT."""
    return build_world(database, AT)
