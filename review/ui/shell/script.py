"""The script that Streamlit runs for every page: who is looking, which pages there are, and the one that was asked for."""

from __future__ import annotations

import streamlit as st

from review import words
from review.ui import looks, session
from review.ui.looks import plain
from review.ui.pages import account, my_lessons, programme, watch


def run() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_title=words.PRODUCT, page_icon=looks.ICON_ADDRESS, layout="wide")
    looks.draw_style()
    viewer = session.require_signed_in().viewer
    watch_page = st.Page(watch.show, title=words.WATCH, url_path="watch", visibility="hidden")
    home = st.Page(
        lambda: my_lessons.show(watch_page), title=words.MY_LESSONS, icon=":material/video_library:", default=True
    )
    pages = [home, watch_page]
    if viewer.coordinates:
        pages.append(st.Page(programme.show, title=words.PROGRAMME, icon=":material/groups:", url_path="programme"))
    pages.append(st.Page(account.show, title=plain(viewer.name), icon=":material/account_circle:", url_path="account"))
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} · {words.PRODUCT}")
    page.run()


run()
