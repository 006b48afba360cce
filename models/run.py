"""Runs: one passage of a recording through the pipeline, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.ids import RecordingId, RunId

Progress = Callable[[float], None]
"""Told how much of a step is done, 0 to 1, never falling. It may raise RunCancelled: then the step ends its child
processes, removes what it began and lets the error through."""


class StepName(StrEnum):
    """The steps in their order."""

    PROBE = "probe"
    TRANSCODE = "transcode"
    TRANSCRIBE = "transcribe"
    PROPOSE_CLIPS = "propose_clips"
    READY = "ready"


class RunState(StrEnum):
    """Where a run or a step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step of a run. `share` is 0 to 1; `note` says what was chosen and why ("remuxed: H.264 and AAC fit")."""

    name: StepName
    state: RunState
    share: float = 0.0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    seconds_left: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One passage of a recording through the pipeline. `error_name` and `error_message` say what failed and why.

    `attempt` counts how often a person had it taken up again, from 1.
    """

    id: RunId
    recording_id: RecordingId
    state: RunState
    steps: tuple[StepRecord, ...]
    created_at: datetime
    finished_at: datetime | None = None
    attempt: int = 1
    error_name: str | None = None
    error_message: str | None = None

    @property
    def current_step(self) -> StepRecord | None:
        """The step under way or next, None when all are done."""
        return next((each for each in self.steps if each.state is not RunState.DONE), None)

    def share(self) -> float:
        """How much is done, 0 to 1, by what the steps usually cost."""
        return sum(
            STEP_WEIGHTS[each.name] * (1.0 if each.state is RunState.DONE else each.share) for each in self.steps
        )


STEP_WEIGHTS = {
    StepName.PROBE: 0.02,
    StepName.TRANSCODE: 0.38,
    StepName.TRANSCRIBE: 0.55,
    StepName.PROPOSE_CLIPS: 0.04,
    StepName.READY: 0.01,
}
"""Each step's usual share of a run's time on a machine without a GPU; they add up to one."""
