"""The coordinator's page: that lessons exist, whose they are and how far they are. Nothing of what is in them."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.run import RunState
from review import words
from review.documents import joined
from review.ui import session
from review.ui.looks import shown_date
from review.ui.progress import STOPPED, UNFINISHED, progress_text
from storage.cards import LessonCard


def show() -> None:
    """The page /programme. Titles are left out: a title can tell what happened in a lesson."""
    viewer = session.require_signed_in().viewer
    with session.services().database.view() as unit:
        cards = [each for each in unit.lessons.list_lessons(viewer) if each.lesson.programme_id in viewer.coordinates]
    st.title(words.PROGRAMME)
    st.markdown(words.PROGRAMME_LEAD)
    st.html(_totals(cards))
    with st.container(key="table"):
        st.html(_table(cards) if cards else f"<p>{escape(words.PROGRAMME_EMPTY)}</p>")


def _totals(cards: list[LessonCard]) -> str:
    states = [each.run.state for each in cards if each.run is not None]
    totals = (
        (words.TOTAL_LESSONS, len(cards)),
        (words.TOTAL_READY, states.count(RunState.DONE)),
        (words.TOTAL_UNDER_WAY, sum(each in UNFINISHED for each in states)),
        (words.TOTAL_STOPPED, sum(each in STOPPED for each in states)),
    )
    items = "".join(f"<span><b>{count}</b>{escape(label)}</span>" for label, count in totals)
    return f'<p class="debrief-totals">{items}</p>'


def _table(cards: list[LessonCard]) -> str:
    heads = (words.COLUMN_TEACHERS, words.COLUMN_DATE, words.COLUMN_STATE, words.COLUMN_PROGRESS)
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in _row(card))}</tr>" for card in cards)
    return f'<table class="debrief-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(card: LessonCard) -> tuple[str, str, str, str]:
    run = card.run
    teachers = joined(list(card.teachers))
    day = shown_date(card.lesson.taught_on or card.lesson.created_at.date())
    if run is None:
        return teachers, day, words.NO_RECORDING, ""
    progress = progress_text(run) if run.state is RunState.RUNNING else ""
    return teachers, day, words.STATES[run.state], progress
