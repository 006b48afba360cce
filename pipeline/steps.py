"""The steps of a run: each reads what earlier ones left in the database and the store, and adds its own.

None edits an earlier one's rows, and each may run twice with the same result.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from models.errors import DebriefError, RunCancelled, StoredFileMissing
from models.ids import RecordingId, RunId
from models.lesson import MadeFile, Recording, RenditionKind
from models.run import Progress, Run, RunState, StepName
from models.timing import ms
from pipeline import passage
from pipeline.bootstrap import Services, now
from pipeline.probe import run_probe
from storage.media import build_key, sha256_of

_REPORT_EVERY_S = 1.0

_log = logging.getLogger(__name__)


def run_step(services: Services, run_id: RunId, name: StepName) -> None:
    """Do one step of the run, unless it is done already. Raises DebriefError when it can't, RunCancelled when asked."""
    with services.database.unit() as unit:
        run = unit.runs.get_run(services.machine, run_id)
        if any(each.name is name and each.state is RunState.DONE for each in run.steps):
            return
        unit.runs.start_step(services.machine, run_id, name, at=now())
    note = STEPS[name](services, run, _reporter(services, run_id, name))
    with services.database.unit() as unit:
        unit.runs.finish_step(services.machine, run_id, name, at=now(), note=note)
        if name is StepName.READY:
            unit.runs.finish(services.machine, run_id, RunState.DONE, at=now())


def close_run(services: Services, run_id: RunId, error: Exception) -> RunState:
    """End the run with what stopped it, in words for a person; the original and what was made so far stay."""
    state = RunState.CANCELLED if isinstance(error, RunCancelled) else RunState.FAILED
    known = error if isinstance(error, DebriefError) else DebriefError()
    with services.database.unit() as unit:
        run = unit.runs.get_run(services.machine, run_id)
        unit.runs.finish(
            services.machine,
            run_id,
            state,
            at=now(),
            error_name=type(error).__name__,
            error_message=known.message,
        )
    if known.expected and error is known:
        # After a fault of the machine the finished stretches of speech stay, so that trying again goes on from there.
        shutil.rmtree(_work_folder(services, run.recording_id), ignore_errors=True)
    return state


def _reporter(services: Services, run_id: RunId, name: StepName) -> Progress:
    """Writes a step's share at most once a second and asks whether a person has cancelled."""
    began = time.monotonic()
    last = 0.0

    def report(share: float) -> None:
        nonlocal last
        moment = time.monotonic()
        if moment - last < _REPORT_EVERY_S:
            return
        last = moment
        left = (moment - began) * (1 - share) / share if share > 0.02 else None
        with services.database.unit() as unit:
            if unit.runs.is_cancel_requested(services.machine, run_id):
                raise RunCancelled
            unit.runs.report(services.machine, run_id, name, share=min(share, 1.0), seconds_left=left)

    return report


def _probe(services: Services, run: Run, progress: Progress) -> str:
    recording, original = _original(services, run.recording_id)
    media = run_probe(original, limits=passage.limits_of(services.settings))
    progress(1.0)
    with services.database.unit() as unit:
        unit.lessons.set_media(services.machine, recording.id, media)
    return ""


def _transcode(services: Services, run: Run, progress: Progress) -> str:
    recording, original = _original(services, run.recording_id)
    if recording.media is None:
        raise StoredFileMissing
    into = _work_folder(services, recording.id) / "renditions"
    made = passage.transcode(original, recording.media, into, services.settings, progress)
    for each in made.files:
        _store_rendition(services, recording.id, each)
    shutil.rmtree(into, ignore_errors=True)
    return made.note


def _transcribe(services: Services, run: Run, progress: Progress) -> str:
    work = _work_folder(services, run.recording_id)
    audio = _fetch_rendition(services, run.recording_id, RenditionKind.AUDIO)
    transcript = passage.transcribe(audio, work / "speech", services.settings, progress)
    with services.database.unit() as unit:
        unit.transcripts.add(services.machine, run.recording_id, transcript, at=now())
    return f"made by {transcript.engine}"


def _propose_clips(services: Services, run: Run, progress: Progress) -> str:
    with services.database.unit() as unit:
        recording = unit.lessons.get_recording(services.machine, run.recording_id)
        stored = unit.transcripts.get_newest(services.machine, run.recording_id)
    frames = _fetch_rendition(services, run.recording_id, RenditionKind.FRAMES)
    progress(0.1)
    length_ms = recording.media.duration_ms if recording.media else ms(0)
    proposed = passage.propose(stored.transcript, frames, length_ms, services.settings)
    with services.database.unit() as unit:
        unit.clips.replace_proposed(services.machine, run.recording_id, proposed, at=now())
    return f"{len(proposed)} clips"


def _ready(services: Services, run: Run, progress: Progress) -> str:
    shutil.rmtree(_work_folder(services, run.recording_id), ignore_errors=True)
    progress(1.0)
    return ""


STEPS: dict[StepName, Callable[[Services, Run, Progress], str]] = {
    StepName.PROBE: _probe,
    StepName.TRANSCODE: _transcode,
    StepName.TRANSCRIBE: _transcribe,
    StepName.PROPOSE_CLIPS: _propose_clips,
    StepName.READY: _ready,
}


def _work_folder(services: Services, recording_id: RecordingId) -> Path:
    return services.settings.data_dir.resolve() / "work" / recording_id


def _original(services: Services, recording_id: RecordingId) -> tuple[Recording, Path]:
    with services.database.unit() as unit:
        recording = unit.lessons.get_recording(services.machine, recording_id)
    local = services.store.local_path(recording.media_key)
    if local is None:
        target = _work_folder(services, recording_id) / f"original{Path(recording.media_key).suffix}"
        local = target if target.is_file() else services.store.fetch(recording.media_key, target)
    return recording, local


def _store_rendition(services: Services, recording_id: RecordingId, made: MadeFile) -> None:
    sha256 = sha256_of(made.path)
    key = build_key("renditions", sha256, made.path.suffix)
    services.store.put(key, made.path)
    with services.database.unit() as unit:
        unit.lessons.add_rendition(
            services.machine,
            recording_id=recording_id,
            kind=made.kind,
            part=made.part,
            media_key=key,
            sha256=sha256,
            byte_count=made.path.stat().st_size,
            content_type=made.content_type,
        )


def _fetch_rendition(services: Services, recording_id: RecordingId, kind: RenditionKind) -> Path | None:
    """The rendition as a file of this machine, None if the recording has none of that kind."""
    with services.database.unit() as unit:
        renditions = unit.lessons.list_renditions(services.machine, recording_id)
    found = next((each for each in renditions if each.kind is kind), None)
    if found is None:
        return None
    local = services.store.local_path(found.media_key)
    if local is None:
        target = _work_folder(services, recording_id) / f"{kind}{Path(found.media_key).suffix}"
        local = target if target.is_file() else services.store.fetch(found.media_key, target)
    return local
