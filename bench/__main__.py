"""`python -m bench [--only GROUP]`: take the figures, write bench/results.json, print the table."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
import traceback
from pathlib import Path

from rich.console import Console
from rich.table import Table

import bench

RESULTS = Path(__file__).with_name("results.json")
KEYS = ("group", "figure", "value", "unit", "goal", "compare", "holds", "how")


def groups() -> tuple[str, ...]:
    """The groups there are: the modules of this folder that have `run`."""
    names = [each.name for each in pkgutil.iter_modules(bench.__path__) if not each.name.startswith("_")]
    return tuple(name for name in names if hasattr(importlib.import_module(f"bench.{name}"), "run"))


def take(group: str) -> list[dict[str, object]]:
    """A group's figures; one that can't be taken says why and does not hold."""
    try:
        rows: list[dict[str, object]] = importlib.import_module(f"bench.{group}").run()
    except Exception as error:  # noqa: BLE001  one broken group must not hide the others' figures
        traceback.print_exc()
        reason = f"could not be taken: {type(error).__name__}: {error}"
        return [dict(zip(KEYS, (group, "all", None, "", "", "", False, reason), strict=True))]
    return rows


def merge(rows: list[dict[str, object]], only: str | None) -> list[dict[str, object]]:
    """The new rows with, where only one group was taken, the other groups' earlier ones."""
    if only is None or not RESULTS.is_file():
        return rows
    earlier = [each for each in json.loads(RESULTS.read_text(encoding="utf-8")) if each["group"] != only]
    return sorted([*earlier, *rows], key=lambda each: str(each["group"]))


def print_table(rows: list[dict[str, object]]) -> None:
    """The rows as a table on standard output."""
    table = Table(show_lines=False)
    for key in KEYS[:-1]:
        table.add_column(key, overflow="fold")
    for each in rows:
        cells = [each.get(key) for key in KEYS[:-1]]
        table.add_row(
            *["" if cell is None else f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in cells]
        )
    screen = Console()
    screen.width = max(screen.width, 150)
    screen.print(table)
    for each in rows:
        if each.get("value") is None:
            print(f"{each['group']}: {each['figure']}: {each['how']}")


def main() -> int:
    """Take the figures asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=groups(), help="one group")
    only = parser.parse_args().only
    rows = [row for group in ([only] if only else groups()) for row in take(group)]
    RESULTS.write_text(json.dumps(merge(rows, only), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
