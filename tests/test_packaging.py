"""The wheel: one top-level name, the component and the migrations in it, and a command that runs from anywhere."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("debrief-*.whl"))


def test_the_wheel_has_one_top_level_name(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/", 1)[0] for name in names}
    assert {each for each in tops if not each.endswith(".dist-info")} == {"debrief"}


def test_the_wheel_carries_what_the_product_reads_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "debrief/__init__.py",
        "debrief/app.py",
        "debrief/pyproject.toml",
        "debrief/pipeline/starter.toml",
        "debrief/review/ui/player/dist/player.js",
        "debrief/review/ui/player/dist/player.css",
        "debrief/sample/lesson.mp4",
    } <= names
    assert any(name.startswith("debrief/storage/migrations/versions/") for name in names)
    assert not [
        name for name in names if "truth" in name or "/tests/" in name or "node_modules" in name or name.endswith(".ts")
    ]


def test_the_installed_command_runs_from_an_unrelated_folder(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    code = f"import sys; sys.path.insert(0, {str(target)!r}); sys.argv = ['debrief', 'doctor', '--json']; import debrief; assert debrief.__file__.startswith({str(target)!r}); debrief.main()"
    away = tmp_path / "elsewhere"
    away.mkdir()
    done = subprocess.run([sys.executable, "-c", code], cwd=away, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"ffmpeg"' in done.stdout


def test_no_lock_file_names_a_package_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "review/ui/player/package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text.replace("https://opencollective.com", "").replace("https://github.com", ""), name
