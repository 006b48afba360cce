"""The worker is killed in each step; started again, it goes on from there and the result is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.access import Machine
from models.ids import LessonId, RecordingId, RunId
from models.lesson import RenditionKind
from models.run import Run, RunState, StepName
from models.settings import Settings, to_environment
from pipeline import workflow
from pipeline.bootstrap import Services, open_services
from pipeline.ffmpeg import find_ffmpeg
from pipeline.intake import store_original

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
PATIENCE_S = 120


@pytest.fixture(scope="session")
def short_lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty seconds of the sample lesson that have to be encoded: with speech, a waiting teacher, and the board."""
    path = tmp_path_factory.mktemp("short") / "short lesson.mp4"
    sample = str(ROOT / "sample/lesson.mp4")
    cut = ["-ss", "0", "-t", "40", "-i", sample, "-c:v", "mpeg4", "-q:v", "4", "-c:a", "copy", str(path)]
    subprocess.run([str(find_ffmpeg()), "-v", "error", "-nostdin", *cut], check=True)
    return path


def add_lesson(services: Services) -> tuple[LessonId, Callable[[Path], RecordingId]]:
    with services.database.unit() as unit:
        person = unit.people.add_person(email="mia@demo.example", name="Mia Novak", at=AT)
        programme = unit.people.add_programme(name="Programme")
        lesson = unit.lessons.add_lesson(programme_id=programme.id, title="Halves", teacher_ids=(person.id,), at=AT)

    def take_in(path: Path) -> RecordingId:
        return store_original(services, path, lesson_id=lesson.id, uploaded_by=person.id).id

    return lesson.id, take_in


def worker(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **to_environment(settings), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, *arguments], env=environment, cwd=ROOT)


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker got nowhere"
        time.sleep(0.1)


def run_of(services: Services, run_id: RunId) -> Run:
    with services.database.unit() as unit:
        return unit.runs.get_run(services.machine, run_id)


def what_was_made(services: Services, recording_id: RecordingId) -> dict[str, object]:
    """All that a run leaves, without the ids and times that differ from run to run."""
    with services.database.unit() as unit:
        renditions = unit.lessons.list_renditions(services.machine, recording_id)
        recording = unit.lessons.get_recording(services.machine, recording_id)
        stored = unit.transcripts.get_newest(services.machine, recording_id)
        clips = unit.clips.list_clips(services.machine, recording_id)
    return {
        "media": recording.media,
        "renditions": sorted((each.kind, each.part) for each in renditions),
        "sound": [each.sha256 for each in renditions if each.kind is RenditionKind.AUDIO],
        "transcript": (stored.version, stored.transcript),
        "clips": [(each.start_ms, each.end_ms, each.title, each.reason) for each in clips],
        "stored": all(services.store.exists(each.media_key) for each in renditions),
    }


def finish(services: Services, run_id: RunId) -> None:
    hand = worker(services.settings, "-m", "pipeline.commands", "worker")
    try:
        wait_until(lambda: run_of(services, run_id).state not in {RunState.WAITING, RunState.RUNNING}, hand)
    finally:
        hand.terminate()
        hand.wait(20)


@pytest.fixture(scope="module")
def undisturbed(short_lesson: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the run makes when nothing happens to it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("undisturbed"), cpu_threads=1, worker_id="undisturbed")
    services = open_services(settings, migrate=True)
    workflow.migrate_engine(settings)
    recording_id = add_lesson(services)[1](short_lesson)
    run = workflow.enqueue(services, recording_id)
    finish(services, run.id)
    assert run_of(services, run.id).state is RunState.DONE
    return what_was_made(services, recording_id)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "moment"),
    [
        (StepName.PROBE, "made"),
        (StepName.TRANSCODE, "during"),
        (StepName.TRANSCODE, "made"),
        (StepName.TRANSCRIBE, "during"),
        (StepName.TRANSCRIBE, "made"),
        (StepName.PROPOSE_CLIPS, "made"),
        (StepName.READY, "made"),
    ],
)
def test_a_killed_worker_goes_on_from_its_step_with_the_same_result(
    step: StepName, moment: str, short_lesson: Path, undisturbed: dict[str, object], tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "data", cpu_threads=1)
    services = open_services(settings, migrate=True)
    workflow.migrate_engine(settings)
    recording_id = add_lesson(services)[1](short_lesson)
    run = workflow.enqueue(services, recording_id)
    marker = tmp_path / "standing still"

    doomed = worker(settings, "-m", "tests.pipeline.paused_worker", step, moment, str(marker))
    wait_until(marker.exists, doomed)
    children = children_of(doomed.pid)
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    before = {each.name: each for each in run_of(services, run.id).steps}
    assert before[step].state is RunState.RUNNING
    assert no_longer_running(children), "a program that the worker had started outlived it"

    finish(services, run.id)

    after = run_of(services, run.id)
    assert after.state is RunState.DONE
    earlier = [name for name in StepName if list(StepName).index(name) < list(StepName).index(step)]
    kept = {each.name: each for each in after.steps}
    assert all(kept[name] == before[name] for name in earlier), "a finished step was done again"
    assert what_was_made(services, recording_id) == undisturbed
    assert not (settings.data_dir / "work" / recording_id).exists()
    assert isinstance(services.machine, Machine)


def children_of(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            child = int(path.parent.name)
            found += [child, *children_of(child)]
    return found


def no_longer_running(processes: list[int]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not any(alive(each) for each in processes):
            return True
        time.sleep(0.1)
    return False


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
