"""The sample lesson, taken through the real pipeline once for the whole run, as `make demo` does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessedLesson:
    """What `debrief demo --headless --json` left in its data folder, and what it said."""

    data_dir: Path
    summary: dict[str, Any]


def process_lesson(folder: Path) -> ProcessedLesson:
    """Run the demo without its reviewer in this folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DEBRIEF_")}
    command = [sys.executable, str(ROOT / "debrief.py"), "demo", "--headless", "--json"]
    done = subprocess.run(
        command, env={**environment, "DEBRIEF_DATA_DIR": str(folder)}, cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return ProcessedLesson(data_dir=folder / "demo", summary=json.loads(done.stdout))


@pytest.fixture(scope="session")
def processed_lesson(tmp_path_factory: pytest.TempPathFactory) -> ProcessedLesson:
    """The demo's people and its lesson, done."""
    return process_lesson(tmp_path_factory.mktemp("demo"))
