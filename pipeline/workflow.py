"""The order of the steps, their retries and their checkpoints. The only module that knows the job engine (DBOS).

A run is one workflow; each step is one engine step, so a finished one is never done again. What a step made is in
the database and the store before the engine ticks it off, under keys that carry the content, so a step that was
killed half way can simply run again.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer

from models.access import Viewer
from models.errors import DatabaseUnavailable, DebriefError, MachineError, ToolMissing
from models.ids import RecordingId, RunId
from models.run import Run, RunState, StepName
from models.settings import Settings
from pipeline.bootstrap import Services, now
from storage.database import give_sqlite_fractions

give_sqlite_fractions()

QUEUE = "recordings"
WORKFLOW = "recording_run"
_MOST_ATTEMPTS = 3
_MOST_RECOVERIES = 5

_log = logging.getLogger(__name__)


# Asking for work (web and command line) ----------------------------------------------------------------------------


def enqueue(services: Services, recording_id: RecordingId) -> Run:
    """Ask for a run of the recording and return it; an unfinished one is returned instead of a second."""
    with services.database.unit() as unit:
        run = unit.runs.add_run(recording_id=recording_id, at=now())
    _submit(services.settings, run)
    return run


def retry(services: Services, viewer: Viewer, recording_id: RecordingId) -> Run:
    """Take up a failed or cancelled run again; its finished steps are kept. Raises NotFound where there is none."""
    with services.database.unit() as unit:
        run = unit.runs.restart(viewer, recording_id)
    _submit(services.settings, run)
    return run


def _submit(settings: Settings, run: Run) -> None:
    """Put the run into the queue; one that is there already stays there once. Raises DatabaseUnavailable."""
    try:
        client = DBOSClient(system_database_url=settings.resolved_engine_url, serializer=DBOSPortableJSONSerializer())
        try:
            client.enqueue(
                {"queue_name": QUEUE, "workflow_name": WORKFLOW, "workflow_id": f"{run.id}-{run.attempt}"}, run.id
            )
        finally:
            client.destroy()
    except Exception as error:
        # The engine lets its database's own errors through. The run is written down: a worker that starts submits it.
        raise DatabaseUnavailable from error


def migrate_engine(settings: Settings) -> None:
    """Bring the engine's own database to its version; on SQLite with a write-ahead log, which is ten times faster."""
    url = settings.resolved_engine_url
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    _quieten()
    DBOS.migrate(url)


# Doing the work (worker) -------------------------------------------------------------------------------------------

_services: Services | None = None


def run_worker(services: Services, stop: threading.Event) -> None:
    """Take runs from the queue until `stop` is set; unfinished ones of this worker are taken up first."""
    global _services  # noqa: PLW0603  the engine calls plain functions by their names
    _services = services
    migrate_engine(services.settings)
    config: DBOSConfig = {
        "name": "debrief",
        "system_database_url": services.settings.resolved_engine_url,
        "executor_id": services.settings.worker_id,
        "application_version": _engine_version(),
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    DBOS(config=config)
    _quieten()
    DBOS.launch()
    try:
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=services.settings.worker_runs,
            polling_interval_sec=0.5,
            on_conflict="always_update",
        )
        _submit_forgotten(services)
        while not stop.wait(2.0):
            _close_given_up(services)
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=0)
        _services = None


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_MOST_RECOVERIES)
def recording_run(run_id: str) -> str:
    """One passage of a recording: every step in its order, until one fails or a person cancels."""
    for name in StepName:
        outcome = _STEPS[name](run_id)
        if outcome != RunState.DONE:
            return outcome
    return RunState.DONE


def _should_retry(error: BaseException) -> bool:
    return isinstance(error, MachineError) and not isinstance(error, ToolMissing)


def _engine_step(name: StepName) -> Callable[[str], str]:
    @DBOS.step(
        name=name,
        retries_allowed=True,
        interval_seconds=2.0,
        backoff_rate=3.0,
        max_attempts=_MOST_ATTEMPTS,
        should_retry=_should_retry,
    )
    def step(run_id: str) -> str:
        return _run_step(RunId(run_id), name)

    return step


_STEPS = {name: _engine_step(name) for name in StepName}


def _run_step(run_id: RunId, name: StepName) -> str:
    """Run one step; what ends the run is written down here, since the engine keeps only texts of errors."""
    from pipeline import steps  # picture and speech are heavy; the web process, which only asks for work, needs neither

    services = _running_services()
    try:
        steps.run_step(services, run_id, name)
    except MachineError as error:
        status = DBOS.step_status
        last = status is None or status.current_attempt is None or status.current_attempt + 1 >= _MOST_ATTEMPTS
        if not last and _should_retry(error):
            raise
        return steps.close_run(services, run_id, error)
    except DebriefError as error:
        return steps.close_run(services, run_id, error)
    except Exception as error:  # noqa: BLE001  a fault of ours must end the run with words, not leave it hanging
        _log.error("step %s failed: %s", name, type(error).__name__)
        return steps.close_run(services, run_id, error)
    return RunState.DONE


def _running_services() -> Services:
    if _services is None:
        raise MachineError("the worker is not running")
    return _services


def _submit_forgotten(services: Services) -> None:
    """Submit runs whose asking was cut off between the database and the queue; the engine knows the others."""
    with services.database.unit() as unit:
        unfinished = unit.runs.list_unfinished(services.machine)
    for run in unfinished:
        _submit(services.settings, run)


def _close_given_up(services: Services) -> None:
    """End the runs that the engine gave up because they took the worker down each time."""
    from pipeline import steps

    given_up = DBOS.list_workflows(status=["MAX_RECOVERY_ATTEMPTS_EXCEEDED", "ERROR"], limit=50, sort_desc=True)
    if not given_up:
        return
    with services.database.unit() as unit:
        waiting = {f"{run.id}-{run.attempt}": run.id for run in unit.runs.list_unfinished(services.machine)}
    for workflow in given_up:
        run_id = waiting.get(workflow.workflow_id)
        if run_id is not None:
            steps.close_run(services, run_id, MachineError("it stopped the worker several times"))


def _engine_version() -> str:
    """Kept apart from the product's version on purpose: it changes only when the order of the steps does."""
    return "1"


def _quieten() -> None:
    """The engine reports each retry and cancel with a traceback; ours are kept with the run."""
    logging.getLogger("dbos").setLevel(logging.CRITICAL)


def engine_release() -> str:
    """The engine's release, for `doctor`."""
    try:
        return version("dbos")
    except PackageNotFoundError:
        return "missing"
