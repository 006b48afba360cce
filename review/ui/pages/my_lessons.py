"""My lessons: those I taught and those that were shared with my pairings, newest first."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import streamlit as st
from streamlit.navigation.page import Page

from models.run import Run, RunState, StepName
from models.timing import format_clock
from review import words
from review.documents import joined, poster_url
from review.ui import session
from review.ui.looks import plain, shown_date
from review.ui.progress import REFRESH_SECONDS, STOPPED, UNFINISHED, draw_progress, draw_stopped
from storage.cards import LessonCard


def show(watch: Page) -> None:
    """The page at the front; it follows the preparation only while something is being prepared."""
    st.title(words.MY_LESSONS)
    busy = any(_is_unfinished(each) for each in _list_cards())
    st.fragment(_draw_cards, run_every=REFRESH_SECONDS if busy else None)(watch, busy)


def _draw_cards(watch: Page, busy: bool) -> None:
    cards = _list_cards()
    if busy and not any(_is_unfinished(each) for each in cards):
        st.rerun()
    if not cards:
        with st.container(key="empty", border=True):
            st.subheader(words.NO_LESSONS)
            coordinates = bool(session.require_signed_in().viewer.coordinates)
            st.markdown(words.TO_PROGRAMME if coordinates else words.NO_LESSONS_LEAD)
        return
    with st.container(key="lessons", horizontal=True, gap="medium"):
        for each in cards:
            with st.container(key=f"lesson-{each.lesson.id}", border=True, width=352):
                _draw_card(watch, each)


def _draw_card(watch: Page, card: LessonCard) -> None:
    title = card.lesson.title or words.WITHOUT_TITLE
    address = f"/watch?lesson={quote(card.lesson.id)}"
    st.html(_poster(card, address))
    st.page_link(watch, label=f"**{plain(title)}**", query_params={"lesson": card.lesson.id})
    st.html(f'<p class="debrief-meta">{_meta(card)}</p>')
    run = card.run
    if run is not None and run.state in UNFINISHED:
        draw_progress(run)
    elif run is not None and run.state in STOPPED:
        draw_stopped(run, may_retry=session.require_signed_in().viewer.person_id in card.lesson.teacher_ids)


def _poster(card: LessonCard, address: str) -> str:
    length = f'<span class="length">{format_clock(card.duration_ms)}</span>' if card.duration_ms else ""
    style = words_over = ""
    if card.recording_id and card.run and _has_pictures(card.run):
        # A background, since a sound recording has no poster, and a missing picture would be drawn as a broken one.
        style = f"background-image:url('{quote(poster_url(card.recording_id))}')"
    else:
        state = words.STATES[card.run.state] if card.run else words.NO_RECORDING
        words_over = f'<span class="none">{escape(state)}</span>'
    # The title below is the link for the keyboard and for screen readers; one is enough.
    return (
        f'<a class="debrief-poster" href="{escape(address)}" tabindex="-1" aria-hidden="true" '
        f'style="{style}">{words_over}{length}</a>'
    )


def _meta(card: LessonCard) -> str:
    lesson = card.lesson
    facts = [lesson.subject, lesson.grade, shown_date(lesson.taught_on or lesson.created_at.date())]
    lines = [joined(list(card.teachers)), " · ".join(each for each in facts if each), _counted(card.comment_count)]
    if card.run is not None and card.run.state not in UNFINISHED | STOPPED:
        lines.append(words.STATES[card.run.state])
    return "<br>".join(escape(each) for each in lines if each)


def _counted(count: int) -> str:
    if count == 1:
        return words.COMMENT_ONE
    return words.COMMENT_MANY.format(count=count) if count else words.COMMENT_NONE


def _list_cards() -> list[LessonCard]:
    viewer = session.require_signed_in().viewer
    with session.services().database.view() as unit:
        return [each for each in unit.lessons.list_lessons(viewer) if each.may_open]


def _has_pictures(run: Run) -> bool:
    return any(each.name is StepName.TRANSCODE and each.state is RunState.DONE for each in run.steps)


def _is_unfinished(card: LessonCard) -> bool:
    return card.run is not None and card.run.state in UNFINISHED
