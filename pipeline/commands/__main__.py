"""`python -m pipeline.commands`: how the serving command starts its worker."""

from __future__ import annotations

from pipeline.commands.main import run

# The recogniser's own processes import this module again, and must not run the command a second time.
if __name__ == "__main__":
    run()
