"""All settings: one typed object, read once at the start. This module never looks at the environment itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.errors import BadSetting

ENVIRONMENT_PREFIX = "DEBRIEF_"


class EngineChoice(StrEnum):
    """Which speech recogniser to use."""

    AUTO = "auto"
    """Whisper where weights are there, else the offline draft."""
    POCKETSPHINX = "pocketsphinx"
    WHISPER = "whisper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its default. `debrief.example.toml` explains each; the environment wins over the file."""

    data_dir: Path = Path("var")
    database_url: str = ""
    engine_url: str = ""
    media_store: str = ""
    s3_endpoint: str = ""
    s3_region: str = ""
    s3_access_key: str = field(default="", repr=False)
    s3_secret_key: str = field(default="", repr=False)
    address: str = "127.0.0.1"
    port: int = 8501
    public_url: str = ""
    worker_id: str = "worker-1"
    worker_runs: int = 1
    session_idle_minutes: int = 12 * 60
    session_days: int = 30
    rubric_file: str = ""
    asr_engine: EngineChoice = EngineChoice.AUTO
    asr_weights: str = ""
    asr_language: str = ""
    cpu_threads: int = 0
    web_height: int = 720
    longest_minutes: int = 240
    largest_gigabytes: int = 16
    largest_megapixels: int = 36
    most_streams: int = 32
    stall_seconds: int = 60
    clip_shortest_seconds: int = 20
    clip_longest_seconds: int = 900
    log_level: str = "WARNING"

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise BadSetting(f"{name} must be at least {least}")
        if self.clip_longest_seconds < 2 * self.clip_shortest_seconds:
            raise BadSetting("clip_longest_seconds must be at least twice clip_shortest_seconds")

    @property
    def resolved_database_url(self) -> str:
        """The database of people, lessons and comments; a file in `data_dir` where none is set."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'debrief.sqlite'}"

    @property
    def resolved_engine_url(self) -> str:
        """The database in which the runs' steps are checkpointed; beside the other one where none is set."""
        if self.engine_url:
            return self.engine_url
        if self.database_url and not self.database_url.startswith("sqlite"):
            return self.database_url
        return f"sqlite:///{self.data_dir.resolve() / 'runs.sqlite'}"

    @property
    def resolved_media_store(self) -> str:
        """The folder or `s3://bucket/prefix` that holds the recordings; a folder in `data_dir` where none is set."""
        return self.media_store or str(self.data_dir.resolve() / "media")

    @property
    def resolved_public_url(self) -> str:
        """The address people type, without a slash at the end."""
        host = "localhost" if self.address in {"127.0.0.1", "0.0.0.0", "::", "::1"} else self.address  # noqa: S104
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")


_LEAST = {
    "cpu_threads": 0,
    "clip_shortest_seconds": 1,
    "largest_gigabytes": 1,
    "largest_megapixels": 1,
    "longest_minutes": 1,
    "most_streams": 1,
    "port": 1,
    "session_days": 1,
    "session_idle_minutes": 1,
    "stall_seconds": 5,
    "web_height": 144,
    "worker_runs": 1,
}


def parse(values: Mapping[str, Any]) -> Settings:
    """Settings from plain values (a TOML table, or the environment's texts), by the fields' names.

    Raises BadSetting for a name that is no setting and for a value of the wrong kind.
    """
    known = {each.name: each for each in fields(Settings)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise BadSetting(f"there is no setting called {unknown[0]}")
    return Settings(**{name: _convert(name, value) for name, value in values.items()})


def from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that stand in the environment as DEBRIEF_NAME, by their names; other variables are passed over."""
    variables = {each.name: f"{ENVIRONMENT_PREFIX}{each.name.upper()}" for each in fields(Settings)}
    return {name: environment[variable] for name, variable in variables.items() if variable in environment}


def to_environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, so that a process started with them has the same."""
    return {f"{ENVIRONMENT_PREFIX}{each.name.upper()}": str(getattr(settings, each.name)) for each in fields(Settings)}


def _convert(name: str, value: Any) -> Any:
    default = getattr(_DEFAULTS, name)
    try:
        if isinstance(default, EngineChoice):
            return EngineChoice(str(value).lower())
        if isinstance(default, Path):
            return Path(str(value)).expanduser()
        if isinstance(default, int):
            return int(value)
        return str(value)
    except ValueError as error:
        raise BadSetting(f"{name} can't be {value!r}") from error


_DEFAULTS = Settings()
