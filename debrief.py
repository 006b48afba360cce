"""The command `debrief`: puts the product's own folder first on the path, then runs the command line."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run the command line, from the checkout and from the installed package alike."""
    if sys.path[:1] != [str(ROOT)]:
        sys.path.insert(0, str(ROOT))
    from pipeline.commands.main import run

    run()


if __name__ == "__main__":
    main()
