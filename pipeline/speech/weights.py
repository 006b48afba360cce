"""Where the weights of Whisper are: a folder, this machine's cache, or the hub."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from models.errors import WeightsMissing, WeightsUnusable

_NEEDED = ("model.bin", "tokenizer.json")
_ADVICE = "Set DEBRIEF_ASR_WEIGHTS to a folder with the weights of Whisper in CTranslate2's form, or to a name."


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFinding:
    """What was looked for, whether it is there, and what to do where it is not."""

    part: str
    found: bool
    version: str
    advice: str = ""


def find_weights(setting: str) -> Path | None:
    """The folder with the weights that the setting means, None where none is on this machine; asks nobody outside.

    The setting is a folder, a name as faster-whisper knows it, or "" for the largest that lie in the cache. Raises
    WeightsUnusable when it is a folder without all that is needed.
    """
    if setting and Path(setting).expanduser().is_dir():
        return check_weights(Path(setting).expanduser())
    if setting:
        return _find_cached(setting)
    cached = [folder for name in known_names() if (folder := _find_cached(name)) is not None]
    return max(cached, key=lambda each: (each / "model.bin").stat().st_size, default=None)


def get_weights(setting: str) -> Path:
    """As `find_weights`, and where a name is not in the cache the hub is asked, unless the machine is set offline.

    Raises WeightsMissing and WeightsUnusable.
    """
    found = find_weights(setting)
    if found is not None:
        return found
    if not setting:
        raise WeightsMissing(_ADVICE)
    if _is_path(setting):
        raise WeightsMissing(f"there is no folder {setting}")
    return fetch_weights(setting)


def fetch_weights(name: str) -> Path:
    """The weights of that name from the hub, in this machine's cache. Raises WeightsMissing when it can't be had."""
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        return check_weights(Path(download_model(name)))
    except ValueError as error:
        raise WeightsMissing(f"{name} is no folder and no name of weights") from error
    except OfflineModeIsEnabled as error:
        raise WeightsMissing(f"{name} is not in the cache, and this machine is set offline") from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise WeightsMissing(f"{name} is not in the cache, and the hub can't be reached") from error


def check_weights(folder: Path) -> Path:
    """The folder, if all that Whisper needs is in it. Raises WeightsUnusable, saying what is missing."""
    missing = [name for name in _NEEDED if not (folder / name).is_file() or not (folder / name).stat().st_size]
    if not any(folder.glob("vocabulary.*")):
        missing.append("vocabulary.json")
    if missing:
        raise WeightsUnusable(f"{folder} lacks {', '.join(missing)}")
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return folder
    except (OSError, ValueError) as error:
        raise WeightsUnusable(f"config.json in {folder} can't be read") from error
    if not isinstance(config, dict):
        raise WeightsUnusable(f"config.json in {folder} is of another kind")
    return folder


def known_names() -> tuple[str, ...]:
    """The names of weights that faster-whisper knows."""
    from faster_whisper import available_models

    return tuple(available_models())


def describe_engines(setting: str) -> tuple[EngineFinding, ...]:
    """What this machine has to recognise speech with."""
    return (
        _tried("voice detector (Silero)", lambda: f"faster-whisper {version('faster-whisper')}"),
        _describe_whisper(setting),
        _tried("pocketsphinx (draft)", lambda: f"{version('pocketsphinx')}, English"),
    )


def _tried(part: str, look: Callable[[], str]) -> EngineFinding:
    try:
        return EngineFinding(part=part, found=True, version=look())
    except ImportError:
        return EngineFinding(part=part, found=False, version="", advice=f"Install {part} anew with Debrief.")


def _describe_whisper(setting: str) -> EngineFinding:
    part = "weights of Whisper"
    try:
        found = find_weights(setting)
    except WeightsUnusable as error:
        return EngineFinding(part=part, found=False, version=error.message, advice=_ADVICE)
    if found is None:
        missing = f"{setting} is not on this machine" if setting else "none on this machine"
        advice = f"{_ADVICE} Until then transcripts are offline drafts."
        return EngineFinding(part=part, found=False, version=missing, advice=advice)
    return EngineFinding(part=part, found=True, version=str(found))


def _is_path(setting: str) -> bool:
    return setting.startswith(("/", ".", "~")) or "\\" in setting or setting.count("/") > 1


def _find_cached(name: str) -> Path | None:
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return check_weights(Path(download_model(name, local_files_only=True)))
    except (LocalEntryNotFoundError, HFValidationError, ValueError, OSError, WeightsUnusable):
        return None
