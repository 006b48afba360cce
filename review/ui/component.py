"""The player: one packaged component with video, transcript, timeline and comments."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from models.errors import ToolMissing
from review import words

DIST: Final = Path(__file__).with_name("player") / "dist"

_SCRIPT: Final = "player.js"
_STYLE: Final = "player.css"


def check_built() -> None:
    """Raises ToolMissing when the player's built files are not there."""
    if not all((DIST / name).is_file() for name in (_SCRIPT, _STYLE)):
        raise ToolMissing(words.PLAYER_MISSING)


def draw_player(lesson_id: str, *, csrf: str, start_ms: int) -> None:
    """The player of that lesson. It fetches everything by itself; a rerun of the page neither moves nor stops it.

    It stands in a container with a key: in one without, a change above it would make the browser build it anew.
    """
    check_built()
    with st.container(key="player"):
        _player()(
            key=f"player-{lesson_id}",
            data={"lesson_id": lesson_id, "csrf": csrf, "start_ms": start_ms},
        )


@cache
def _player() -> ComponentRenderer:
    """The component as Streamlit knows it; only a running server finds the packaged files, so not before."""
    return st.components.v2.component(
        "debrief.player", html='<div class="debrief-player"></div>', js=_SCRIPT, css=_STYLE
    )
