"""How far a recording's preparation is, in words and as a bar."""

from __future__ import annotations

import streamlit as st

from models.errors import DebriefError
from models.ids import RecordingId
from models.run import Run, RunState
from review import runs, words
from review.ui import session
from review.ui.looks import plain

REFRESH_SECONDS = 2.0
UNFINISHED = frozenset({RunState.WAITING, RunState.RUNNING})
STOPPED = frozenset({RunState.FAILED, RunState.CANCELLED})


def draw_progress(run: Run) -> None:
    """The bar of a run that is not finished: its step, per cent, and the time left as far as it is known."""
    st.progress(min(max(round(run.share() * 100), 0), 100), text=progress_text(run))


def progress_text(run: Run) -> str:
    """`Recognising speech · 42 % · about 3 min left in this step`."""
    step = run.current_step
    if run.state is RunState.WAITING or step is None:
        return words.STATES[run.state]
    parts = [words.STEPS[step.name], f"{run.share():.0%}".replace("%", " %")]
    if step.seconds_left is not None:
        minutes = round(step.seconds_left / 60)
        parts.append(words.ABOUT_MINUTES_LEFT.format(count=minutes) if minutes else words.LESS_THAN_A_MINUTE_LEFT)
    return " · ".join(parts)


def draw_stopped(run: Run, *, may_retry: bool) -> None:
    """What stopped a run, and for those who may, the button that takes it up again."""
    st.error(f"{words.STATES[run.state]}. {plain(run.error_message or '')}".strip())
    if may_retry and st.button(words.RETRY, key=f"retry-{run.id}"):
        try:
            runs.retry(session.services(), session.require_signed_in().viewer, RecordingId(run.recording_id))
        except DebriefError as error:
            st.warning(error.message)
        else:
            st.rerun()
