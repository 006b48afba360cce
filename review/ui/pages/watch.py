"""Watching a lesson together: the player first, then how far the preparation is."""

from __future__ import annotations

import streamlit as st

from models.errors import InvalidRange
from models.ids import LessonId
from models.run import Run
from models.timing import parse_clock
from review import words
from review.lessons import find_lesson
from review.ui import component, session
from review.ui.progress import REFRESH_SECONDS, STOPPED, UNFINISHED, draw_progress, draw_stopped


def show() -> None:
    """The page /watch?lesson=ID, from `t` (12:40) on where the address has it."""
    signed_in = session.require_signed_in()
    lesson_id = LessonId(st.query_params.get("lesson", ""))
    lesson = find_lesson(session.services(), signed_in.viewer, lesson_id)
    if lesson is None:
        with st.container(key="not-found"):
            st.info(words.NOT_FOUND_LEAD if lesson_id else words.CHOOSE_A_LESSON)
            session.link_button(words.HOME, "/")
        return
    st.set_page_config(page_title=f"{lesson.title or words.WITHOUT_TITLE} · {words.PRODUCT}")
    component.draw_player(lesson_id, csrf=signed_in.csrf, start_ms=_start_ms())
    run = _find_run(lesson_id)
    with st.container(key="preparation"):
        if run is not None and run.state in UNFINISHED:
            st.fragment(_draw_unfinished, run_every=REFRESH_SECONDS)(lesson_id)
        elif run is not None and run.state in STOPPED:
            draw_stopped(run, may_retry=signed_in.viewer.person_id in lesson.teacher_ids)


def _draw_unfinished(lesson_id: LessonId) -> None:
    run = _find_run(lesson_id)
    if run is None or run.state not in UNFINISHED:
        st.rerun()
    draw_progress(run)


def _find_run(lesson_id: LessonId) -> Run | None:
    viewer = session.require_signed_in().viewer
    with session.services().database.view() as unit:
        recordings = unit.lessons.list_recordings(viewer, lesson_id)
        return unit.runs.find_newest_run(viewer, recordings[0].id) if recordings else None


def _start_ms() -> int:
    try:
        return parse_clock(st.query_params.get("t", "0:00"))
    except InvalidRange:
        return 0
