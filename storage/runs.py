"""Runs and their steps: where the processing of a recording stands, for every process to see."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, insert, select, update

from models.access import Action, Machine, Viewer
from models.errors import NotFound
from models.ids import RecordingId, RunId
from models.run import Run, RunState, StepName
from storage.locks import hold
from storage.rows import AnyRow, run_of
from storage.scope import lesson_visible
from storage.tables import lesson, recording, run, run_step

_UNFINISHED = (RunState.WAITING, RunState.RUNNING)


class Runs:
    """Passages of recordings through the pipeline."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_run(self, *, recording_id: RecordingId, at: datetime) -> Run:
        """A new run, waiting; an unfinished one of the recording is returned instead of a second."""
        hold(self._connection, recording, recording_id)
        found = self._one(select(run).where(run.c.recording_id == recording_id, run.c.state.in_(_UNFINISHED)))
        if found is not None:
            return found
        run_id = RunId(str(uuid4()))
        self._connection.execute(
            insert(run).values(
                id=run_id,
                recording_id=recording_id,
                state=RunState.WAITING,
                attempt=1,
                cancel_requested=False,
                created_at=at,
            )
        )
        self._connection.execute(
            insert(run_step),
            [
                {"run_id": run_id, "name": name, "state": RunState.WAITING, "share": 0.0, "note": ""}
                for name in StepName
            ],
        )
        return self._got(self._one(select(run).where(run.c.id == run_id)))

    def get_run(self, viewer: Viewer | Machine, run_id: RunId) -> Run:
        """One run. Raises NotFound."""
        return self._got(self._one(_visible(viewer, Action.LESSON_STATUS).where(run.c.id == run_id)))

    def find_newest_run(self, viewer: Viewer | Machine, recording_id: RecordingId) -> Run | None:
        """The recording's newest run, None if there is none that the viewer may know of."""
        return self._one(
            _visible(viewer, Action.LESSON_STATUS)
            .where(run.c.recording_id == recording_id)
            .order_by(run.c.created_at.desc(), run.c.id)
            .limit(1)
        )

    def list_unfinished(self, machine: Machine) -> tuple[Run, ...]:
        """Every run that waits or is under way, oldest first."""
        rows = self._connection.execute(select(run).where(run.c.state.in_(_UNFINISHED)).order_by(run.c.created_at))
        return tuple(self._with_steps(row) for row in rows.all())

    def start_step(self, machine: Machine, run_id: RunId, name: StepName, *, at: datetime) -> None:
        """The run is under way, in this step; what ended it before, if anything, no longer counts."""
        self._connection.execute(
            update(run)
            .where(run.c.id == run_id)
            .values(state=RunState.RUNNING, finished_at=None, error_name=None, error_message=None)
        )
        self._connection.execute(
            update(run_step)
            .where(*_place(run_id, name))
            .values(state=RunState.RUNNING, share=0.0, started_at=at, finished_at=None, seconds_left=None, note="")
        )

    def report(
        self,
        machine: Machine,
        run_id: RunId,
        name: StepName,
        *,
        share: float,
        seconds_left: float | None,
    ) -> None:
        """How much of the step is done, 0 to 1, and how long the rest will take; too late for one that has ended."""
        self._connection.execute(
            update(run_step)
            .where(*_place(run_id, name), run_step.c.state == RunState.RUNNING)
            .values(share=share, seconds_left=seconds_left)
        )

    def finish_step(
        self,
        machine: Machine,
        run_id: RunId,
        name: StepName,
        *,
        at: datetime,
        note: str = "",
    ) -> None:
        """The step is done; `note` says what was chosen and why."""
        self._connection.execute(
            update(run_step)
            .where(*_place(run_id, name))
            .values(state=RunState.DONE, share=1.0, finished_at=at, seconds_left=None, note=note)
        )

    def finish(
        self,
        machine: Machine,
        run_id: RunId,
        state: RunState,
        *,
        at: datetime,
        error_name: str | None = None,
        error_message: str | None = None,
    ) -> None:
        """The run has ended in this state; the step it stood in ends the same way. Done steps stay done."""
        self._connection.execute(
            update(run)
            .where(run.c.id == run_id)
            .values(state=state, finished_at=at, error_name=error_name, error_message=error_message)
        )
        self._connection.execute(
            update(run_step)
            .where(run_step.c.run_id == run_id, run_step.c.state == RunState.RUNNING)
            .values(state=state, finished_at=at, seconds_left=None)
        )

    def request_cancel(self, viewer: Viewer, run_id: RunId) -> None:
        """Ask that an unfinished run stops; harmless when it has ended. Raises NotFound."""
        self._got(self._one(_visible(viewer, Action.RUN_CONTROL).where(run.c.id == run_id)))
        self._connection.execute(
            update(run).where(run.c.id == run_id, run.c.state.in_(_UNFINISHED)).values(cancel_requested=True)
        )

    def is_cancel_requested(self, machine: Machine, run_id: RunId) -> bool:
        """Whether a person has asked that the run stops."""
        return bool(self._connection.scalar(select(run.c.cancel_requested).where(run.c.id == run_id)))

    def restart(self, viewer: Viewer, recording_id: RecordingId) -> Run:
        """Let the recording's newest run, failed or cancelled, wait again; its done steps are kept.

        One that is unfinished already is returned as it is. Raises NotFound where there is none to take up.
        """
        hold(self._connection, recording, recording_id)
        found = self._one(
            _visible(viewer, Action.RUN_CONTROL)
            .where(run.c.recording_id == recording_id)
            .order_by(run.c.created_at.desc(), run.c.id)
            .limit(1)
        )
        newest = self._got(found)
        if newest.state in _UNFINISHED:
            return newest
        if newest.state is RunState.DONE:
            raise NotFound
        self._connection.execute(
            update(run)
            .where(run.c.id == newest.id)
            .values(
                state=RunState.WAITING,
                attempt=newest.attempt + 1,
                cancel_requested=False,
                finished_at=None,
                error_name=None,
                error_message=None,
            )
        )
        self._connection.execute(
            update(run_step)
            .where(run_step.c.run_id == newest.id, run_step.c.state != RunState.DONE)
            .values(state=RunState.WAITING, share=0.0, started_at=None, finished_at=None, seconds_left=None)
        )
        return self._got(self._one(select(run).where(run.c.id == newest.id)))

    def _one(self, statement: Select[tuple[object, ...]]) -> Run | None:
        row = self._connection.execute(statement).first()
        return self._with_steps(row) if row is not None else None

    def _with_steps(self, row: AnyRow) -> Run:
        steps = self._connection.execute(select(run_step).where(run_step.c.run_id == row.id)).all()
        return run_of(row, list(steps))

    @staticmethod
    def _got(found: Run | None) -> Run:
        if found is None:
            raise NotFound
        return found


def _visible(viewer: Viewer | Machine, action: Action) -> Select[tuple[object, ...]]:
    return (
        select(run)
        .join(recording, recording.c.id == run.c.recording_id)
        .join(lesson, lesson.c.id == recording.c.lesson_id)
        .where(lesson_visible(viewer, action))
    )


def _place(run_id: RunId, name: StepName) -> tuple[ColumnElement[bool], ...]:
    return run_step.c.run_id == run_id, run_step.c.name == name
