"""Serving the app: Streamlit's settings, and the web server with ours."""

from __future__ import annotations

import streamlit as st
import uvicorn
from streamlit.web import bootstrap

from models.settings import Settings
from review.ui import looks

_STOP_WITHIN_S = 3


def run_app(app: st.App, settings: Settings) -> None:
    """Serve the app at the address and port of the settings until the process is asked to stop.

    Not by Streamlit's own runner: the sockets it opens keep small answers back for 40 ms each (they are made without
    naming TCP as their protocol, and so asyncio does not switch Nagle's algorithm off).
    """
    bootstrap.load_config_options(streamlit_config(settings))
    uvicorn.run(
        app,
        host=settings.address,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        # Whether a request came over TLS, and from where, only a web server on this machine may tell.
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=_STOP_WITHIN_S,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )


def streamlit_config(settings: Settings) -> dict[str, object]:
    """What Streamlit is told; it asks neither its environment variables nor a person."""
    return {
        "server.address": settings.address,
        "server.port": settings.port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": 1,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        **looks.THEME,
    }
