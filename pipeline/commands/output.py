"""What commands print: one JSON document on stdout, progress bars and sentences on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from models import run as runs
from models.run import StepName

STEP_TITLES = {
    StepName.PROBE: "Looking at the recording",
    StepName.TRANSCODE: "Making it playable",
    StepName.TRANSCRIBE: "Recognising speech",
    StepName.PROPOSE_CLIPS: "Finding clips",
    StepName.READY: "Putting it in place",
}

JSON_ASKED = "debrief.json"
"""Where a call remembers that its errors, too, are wanted as JSON."""


def _remember(context: click.Context, _parameter: click.Parameter, asked: bool) -> bool:
    context.meta[JSON_ASKED] = asked
    return asked


json_option = click.option(
    "--json", "as_json", is_flag=True, callback=_remember, help="Print one JSON document on standard output."
)


def write_json(document: Mapping[str, object]) -> None:
    """One JSON document on stdout, and nothing else there."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


class StepBars:
    """A progress bar per step on stderr, and how long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[StepName, float] = {}
        self._bars = Progress(
            TextColumn("{task.description:<26}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=Console(stderr=True),
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The bars are on the screen while this lasts."""
        with self._bars:
            yield

    @contextmanager
    def step(self, name: StepName) -> Iterator[runs.Progress]:
        """A step with its bar; yields what reports its share."""
        bar = self._bars.add_task(STEP_TITLES[name], total=1.0)
        began = time.monotonic()
        yield lambda share: self._bars.update(bar, completed=min(share, 1.0))
        self.seconds[name] = time.monotonic() - began
        self._bars.update(bar, completed=1.0)

    def show(self, name: StepName, share: float) -> None:
        """Put a step's bar at this share; used where another program does the step."""
        title = STEP_TITLES[name]
        found = next((each.id for each in self._bars.tasks if each.description == title), None)
        bar = self._bars.add_task(title, total=1.0) if found is None else found
        self._bars.update(bar, completed=min(share, 1.0))
