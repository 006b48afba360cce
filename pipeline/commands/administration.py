"""Commands for the administrator: the database's version and what this machine has."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import click

from models.errors import DebriefError
from models.settings import Settings
from pipeline import workflow
from pipeline.bootstrap import read_settings
from pipeline.commands.output import json_option, write_json
from pipeline.ffmpeg import ffmpeg_version, find_ffmpeg
from pipeline.speech.weights import describe_engines
from storage.database import Database
from storage.stores import open_store


@click.command()
@json_option
def migrate(as_json: bool) -> None:
    """Bring the databases to this version; harmless to run again."""
    settings = read_settings()
    database = Database(settings.resolved_database_url)
    database.migrate()
    database.close()
    workflow.migrate_engine(settings)
    if as_json:
        write_json({"migrated": True})
    else:
        click.echo("The databases are up to date.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    part: str
    found: bool
    version: str
    advice: str = ""


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say for each outside part what was found and what to do where it is missing.

    Exits with 2 when something that Debrief can't do without is missing.
    """
    settings = read_settings()
    findings = [check(settings) for check in _CHECKS]
    findings += [
        _Finding(part=each.part, found=each.found, version=each.version, advice=each.advice)
        for each in describe_engines(settings.asr_weights)
    ]
    if as_json:
        write_json({"parts": [asdict(each) for each in findings]})
    else:
        for each in findings:
            mark = "found  " if each.found else "MISSING"
            click.echo(f"{mark}  {each.part:<22} {each.version}")
            if each.advice:
                click.echo(f"         {'':<22} {each.advice}")
    if not all(each.found for each in findings[: len(_CHECKS)]):
        sys.exit(2)


def _check_python(_settings: Settings) -> _Finding:
    right = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return _Finding(
        part="Python",
        found=right,
        version=platform.python_version(),
        advice="" if right else "Install Python 3.11 to 3.13.",
    )


def _check_ffmpeg(_settings: Settings) -> _Finding:
    return _tried("ffmpeg", lambda: f"{ffmpeg_version()} ({find_ffmpeg()})", "Run: pip install imageio-ffmpeg")


def _check_database(settings: Settings) -> _Finding:
    def look() -> str:
        database = Database(settings.resolved_database_url)
        try:
            current = database.is_current()
        finally:
            database.close()
        kind = settings.resolved_database_url.split(":", 1)[0]
        return f"{kind}, up to date" if current else f"{kind}, made or brought up to date by: debrief migrate"

    return _tried("database", look, "Check DEBRIEF_DATABASE_URL and that its server runs.")


def _check_store(settings: Settings) -> _Finding:
    def look() -> str:
        open_store(settings).list_keys(limit=1)
        return "S3" if settings.resolved_media_store.startswith("s3://") else settings.resolved_media_store

    return _tried("media store", look, "Check DEBRIEF_MEDIA_STORE and the access to it.")


def _check_engine(_settings: Settings) -> _Finding:
    return _Finding(part="job engine (DBOS)", found=True, version=workflow.engine_release())


def _tried(part: str, look: Callable[[], str], advice: str) -> _Finding:
    try:
        return _Finding(part=part, found=True, version=look())
    except DebriefError as error:
        return _Finding(part=part, found=False, version=error.message, advice=advice)


_CHECKS = (_check_python, _check_ffmpeg, _check_database, _check_store, _check_engine)

COMMANDS = (migrate, doctor)
