"""What a teacher can do about the preparation of her recording."""

from __future__ import annotations

from models.access import Viewer
from models.errors import NotFound
from models.ids import RecordingId
from models.run import Run
from pipeline.bootstrap import Services


def retry(services: Services, viewer: Viewer, recording_id: RecordingId) -> Run:
    """Take the failed or cancelled run of the recording up again. Raises NotFound where there is none."""
    # The job engine takes a second to import, which only this needs.
    from pipeline import workflow

    return workflow.retry(services, viewer, recording_id)


def cancel(services: Services, viewer: Viewer, recording_id: RecordingId) -> Run:
    """Ask the newest run of the recording to stop; it does within seconds. Raises NotFound where there is none."""
    with services.database.unit() as unit:
        run = unit.runs.find_newest_run(viewer, recording_id)
        if run is None:
            raise NotFound
        unit.runs.request_cancel(viewer, run.id)
        return unit.runs.get_run(viewer, run.id)
