from datetime import UTC, datetime

import pytest

from models.ids import RecordingId, RunId
from models.run import STEP_WEIGHTS, Run, RunState, StepName, StepRecord


def run_with(*states: RunState, share: float = 0.0) -> Run:
    steps = tuple(StepRecord(name=name, state=state, share=share) for name, state in zip(StepName, states, strict=True))
    return Run(
        id=RunId("r"), recording_id=RecordingId("x"), state=RunState.RUNNING, steps=steps, created_at=datetime.now(UTC)
    )


def test_weights_add_up_to_one_and_name_every_step() -> None:
    assert set(STEP_WEIGHTS) == set(StepName)
    assert sum(STEP_WEIGHTS.values()) == pytest.approx(1.0)


def test_a_share_grows_from_nothing_to_all() -> None:
    waiting, done = [RunState.WAITING] * 5, [RunState.DONE] * 5
    assert run_with(*waiting).share() == 0
    assert run_with(*done).share() == pytest.approx(1.0)
    shares = [run_with(*done[:count], *waiting[count:]).share() for count in range(6)]
    assert shares == sorted(shares)


def test_the_current_step_is_the_first_that_is_not_done() -> None:
    assert run_with(*[RunState.DONE] * 2, *[RunState.WAITING] * 3).current_step == StepRecord(
        name=StepName.TRANSCRIBE, state=RunState.WAITING
    )
    assert run_with(*[RunState.DONE] * 5).current_step is None
