"""Who is looking: read anew in every run of the script, so that an ended session ends here, too."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st

from models.errors import MachineError
from pipeline.bootstrap import Services, now
from review import words
from review.accounts import SignedIn, find_signed_in
from review.routes.doors import SIGN_IN, local_page
from review.routes.gate import COOKIE

_services: Services | None = None


def use(services: Services) -> None:
    """Give the pages what they work with; called once, when the app is built."""
    global _services  # noqa: PLW0603  Streamlit runs the script by itself and hands it nothing
    _services = services


def services() -> Services:
    """What the pages work with. Raises MachineError before `use`."""
    if _services is None:
        raise MachineError("the app was not built")
    return _services


def require_signed_in() -> SignedIn:
    """Who is looking; a page whose session has ended says so and stops here."""
    signed_in = find_signed_in(services(), st.context.cookies.get(COOKIE, ""), at=now())
    if signed_in is None:
        with st.container(key="session-ended"):
            st.info(words.SESSION_ENDED)
            link_button(words.SIGN_IN, f"{SIGN_IN}?next={quote(_shown_page(), safe='')}")
        st.stop()
    return signed_in


def _shown_page() -> str:
    """The page that this tab shows, to come back to after signing in."""
    parts = urlsplit(st.context.url or "/")
    return local_page((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def link_button(label: str, address: str) -> None:
    """A link that looks like a button and stays in this tab, which Streamlit's own does not."""
    st.html(f'<a class="debrief-button" href="{escape(address)}">{escape(label)}</a>')
