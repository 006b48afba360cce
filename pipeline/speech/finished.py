"""Parts of a long recognition that are done already, kept in a file so that a killed step goes on from there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from models.errors import DiskFull
from models.timing import TimeRange
from pipeline.speech.sound import Sound

_FULL = {28, 122}
"""ENOSPC and EDQUOT."""


class Finished:
    """What became of each finished part, one JSON line each, written through to the disk before the next begins.

    The first line says what they are parts of: the sound, the stretches and how they were recognised. A file of
    anything else, or of an older version, is begun anew. A line that was cut off by a crash is dropped.
    """

    def __init__(self, path: Path, plan: str) -> None:
        self.parts: dict[int, object] = {}
        kept = self._read(path, plan)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        with temporary.open("w", encoding="utf-8") as file:
            _write(file, [json.dumps({"plan": plan}), *kept])
        temporary.replace(path)
        self._file = path.open("a", encoding="utf-8")

    def add(self, index: int, part: object) -> None:
        """Keep a part, which must be plain JSON values. Raises DiskFull."""
        _write(self._file, [json.dumps({"index": index, "part": part}, ensure_ascii=False)])
        self.parts[index] = part

    def close(self) -> None:
        """Let go of the file; what is in it stays."""
        self._file.close()

    def _read(self, path: Path, plan: str) -> list[str]:
        """Takes in what the file holds of this plan, and gives back its whole lines."""
        kept: list[str] = []
        try:
            first, *lines = path.read_text(encoding="utf-8").split("\n")
            if json.loads(first) != {"plan": plan}:
                return kept
            for line in lines[:-1]:
                entry = json.loads(line)
                self.parts[int(entry["index"])] = entry["part"]
                kept.append(line)
        except (OSError, ValueError, KeyError, TypeError):
            # What stands before the broken line is whole: each was on the disk before the next began.
            return kept
        return kept


def plan_of(sound: Sound, stretches: Sequence[TimeRange], settings: object) -> str:
    """A name for this work: the same sound, stretches and settings give the same one."""
    digest = hashlib.sha256()
    for block in sound.blocks(1 << 20):
        digest.update(block.tobytes())
    digest.update(json.dumps([[each.start_ms, each.end_ms] for each in stretches]).encode())
    digest.update(repr(settings).encode())
    return digest.hexdigest()


def _write(file: IO[str], lines: Sequence[str]) -> None:
    try:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull from error
        raise
