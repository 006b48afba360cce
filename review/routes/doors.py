"""Which address lies behind which door. Pure, and closed unless listed here."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from models.settings import Settings

PAGES = frozenset({"/", "/account", "/programme", "/watch"})
"""The addresses at which Streamlit shows a page."""

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"

_OPEN = frozenset(
    {
        SIGN_IN,
        "/health",
        "/favicon.ico",
        "/favicon.png",
        "/manifest.json",
        "/_stcore/health",
        "/_stcore/host-config",
    }
)
_SOCKETS = frozenset({"/_stcore/stream"})


class Door(StrEnum):
    """How an address is guarded."""

    API = "api"
    """JSON and media: signed in, else 401."""
    HIDDEN = "hidden"
    """Not found, for everybody: Streamlit's own routes that are not needed, and what does not exist."""
    OPEN = "open"
    """Nobody needs to be signed in; nothing of anybody is there."""
    PAGE = "page"
    """A page: signed in, else sent to the sign-in page."""
    SOCKET = "socket"
    """Streamlit's socket: signed in and from a page of ours, else refused."""


def door_of(path: str) -> Door:
    """The door in front of that address."""
    if path in _OPEN or path.startswith("/static/"):
        return Door.OPEN
    if path in PAGES or path == SIGN_OUT:
        return Door.PAGE
    if path.startswith(("/api/", "/m/", "/_stcore/bidi-components/")):
        return Door.API
    return Door.SOCKET if path in _SOCKETS else Door.HIDDEN


def local_page(address: str) -> str:
    """The address if it is one of our own pages, else the front page: nobody is led elsewhere after signing in."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    own = not parts.scheme and not parts.netloc and address.startswith("/") and address.isprintable()
    return address if own and "\\" not in address and parts.path in PAGES else "/"


def is_own_origin(origin: str, host: str, settings: Settings) -> bool:
    """Whether a request's Origin header names this server: by its public address, or, where none is set, by the
    address that the browser used. A missing Origin is not ours.
    """
    if settings.public_url:
        public = urlsplit(settings.resolved_public_url)
        return origin == f"{public.scheme}://{public.netloc}"
    return bool(host) and origin in {f"http://{host}", f"https://{host}"}
