"""The web process: Streamlit's pages and our own routes in one app, behind one gate, on one port."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
if sys.path[:1] != [str(ROOT)]:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402  our own folder comes first on the path, so that `models` is ours
from starlette.middleware import Middleware  # noqa: E402

from models.errors import DebriefError  # noqa: E402
from pipeline.bootstrap import Services, now, open_services, read_settings  # noqa: E402
from review.routes.gate import Gate  # noqa: E402
from review.routes.table import build_routes  # noqa: E402
from review.ui import component, frontend, server, session  # noqa: E402

_SLOW_IMPORTS = ("pandas", "pyarrow", "altair")
"""What Streamlit imports when the first page is drawn; the first person should not wait for it."""


def build_app(services: Services) -> st.App:
    """The app with these services. Raises ToolMissing when the player is not built."""
    component.check_built()
    session.use(services)

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
        for name in _SLOW_IMPORTS:
            importlib.import_module(name)
        # Streamlit collects garbage after every run of the script; what is there now stays and need not be looked at.
        gc.collect()
        gc.freeze()
        with services.database.unit() as unit:
            unit.sessions.sweep(before=now())
        yield {}
        services.database.close()

    gate = Middleware(Gate, services=services, script_hashes=frontend.script_hashes())
    shell = ROOT / "review" / "ui" / "shell" / "script.py"
    return st.App(shell, routes=build_routes(services), middleware=[gate], lifespan=lifespan)


def main() -> int:
    """Serve until stopped; 2 when the settings, the database or the installation do not allow it."""
    try:
        settings = read_settings()
        server.run_app(build_app(open_services(settings)), settings)
    except DebriefError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
