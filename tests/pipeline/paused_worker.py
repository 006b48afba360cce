"""A worker for the crash tests: it does its work for real, but stands still in one step, so that it can be killed.

Called with: STEP during|made MARKER. `during` stands still in the middle of the step's work, `made` when all of it is
done and nothing of that is ticked off yet. The marker is a file that appears when it stands still.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from models.run import Progress, Run, StepName
from pipeline import steps, workflow
from pipeline.bootstrap import Services, open_services, read_settings


def stand_still(marker: Path) -> None:
    marker.touch()
    time.sleep(600)


def main() -> None:
    name, moment, marker = StepName(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    real = steps.STEPS[name]

    def paused(services: Services, run: Run, progress: Progress) -> str:
        def report(share: float) -> None:
            progress(share)
            if moment == "during" and 0.1 < share < 1.0:
                stand_still(marker)

        note = real(services, run, report)
        stand_still(marker)
        return note

    steps.STEPS[name] = paused
    workflow.run_worker(open_services(read_settings()), threading.Event())


if __name__ == "__main__":
    main()
