"""What belongs to one recording: its transcript, its clips, and its run."""

from __future__ import annotations

from models.ids import RecordingId
from review import runs
from review.documents import clips_document, run_document, transcript_document
from review.routes.calls import Answer, ApiRoute, Call


def get_transcript(call: Call) -> Answer:
    """The newest transcript; not found while there is none."""
    with call.services.database.view() as unit:
        stored = unit.transcripts.get_newest(call.viewer, _recording(call))
    return Answer(document=transcript_document(stored))


def list_clips(call: Call) -> Answer:
    """The clips in order of time. Raises NotFound for a recording that is not open to the viewer."""
    with call.services.database.view() as unit:
        unit.lessons.get_recording(call.viewer, _recording(call))
        clips = unit.clips.list_clips(call.viewer, _recording(call))
    return Answer(document=clips_document(clips))


def retry_run(call: Call) -> Answer:
    """Take the failed or cancelled run up again."""
    return Answer(document=run_document(runs.retry(call.services, call.viewer, _recording(call))), status=202)


def cancel_run(call: Call) -> Answer:
    """Ask the run to stop."""
    return Answer(document=run_document(runs.cancel(call.services, call.viewer, _recording(call))), status=202)


def _recording(call: Call) -> RecordingId:
    return RecordingId(call.path["recording"])


ROUTES = (
    ApiRoute(method="GET", path="/api/recordings/{recording}/transcript", answer=get_transcript),
    ApiRoute(method="GET", path="/api/recordings/{recording}/clips", answer=list_clips),
    ApiRoute(method="POST", path="/api/runs/{recording}/retry", answer=retry_run),
    ApiRoute(method="POST", path="/api/runs/{recording}/cancel", answer=cancel_run),
)
