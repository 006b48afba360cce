"""The composition root: the one place that reads the environment and builds what the rest is given."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.access import Machine
from models.errors import BadSetting, DatabaseOutdated
from models.rubric import Rubric
from models.settings import Settings, from_environment, parse
from pipeline.rubric import read_rubric
from storage.database import Database
from storage.media import MediaStore
from storage.stores import open_store

CONFIG_VARIABLE = "DEBRIEF_CONFIG"
"""The environment variable that names the settings' file; without it `debrief.toml` in the working folder is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that outlives a request: built once, handed down."""

    settings: Settings
    database: Database
    store: MediaStore
    rubric: Rubric
    machine: Machine


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this machine: the file's, then the environment's, which win. Raises BadSetting."""
    variables = os.environ if environment is None else environment
    named = variables.get(CONFIG_VARIABLE, "")
    path = Path(named or "debrief.toml")
    values: dict[str, object] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(f"{path.name} is not valid TOML") from error
    elif named:
        raise BadSetting(f"{CONFIG_VARIABLE} names a file that is not there")
    return parse({**values, **from_environment(variables)})


def open_services(settings: Settings, *, migrate: bool = False) -> Services:
    """Open the database and the store of these settings.

    With `migrate` the database is brought to this version first; without it an outdated one raises DatabaseOutdated.
    """
    database = Database(settings.resolved_database_url)
    if migrate:
        database.migrate()
    elif not database.is_current():
        raise DatabaseOutdated
    rubric = read_rubric(Path(settings.rubric_file) if settings.rubric_file else None)
    return Services(settings=settings, database=database, store=open_store(settings), rubric=rubric, machine=Machine())


def now() -> datetime:
    """The clock: the present instant in UTC."""
    return datetime.now(UTC)
