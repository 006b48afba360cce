"""`python -m pipeline.commands`: how the serving command starts its worker."""

from __future__ import annotations

from pipeline.commands.main import run

run()
