"""Taking a recording in: look at it, keep the original under its checksum, write it down."""

from __future__ import annotations

from pathlib import Path

from models.ids import LessonId, PersonId
from models.lesson import Recording
from pipeline import passage
from pipeline.bootstrap import Services, now
from pipeline.probe import run_probe
from storage.media import build_key, sha256_of


def store_original(services: Services, path: Path, *, lesson_id: LessonId, uploaded_by: PersonId) -> Recording:
    """Keep the file as an original of the lesson; the same file again returns the recording that is there.

    Raises MediaError, before anything is kept, for a file that can't be used. The file itself is not changed.
    """
    run_probe(path, limits=passage.limits_of(services.settings))
    sha256 = sha256_of(path)
    key = build_key("recordings", sha256, path.suffix)
    services.store.put(key, path)
    with services.database.unit() as unit:
        return unit.lessons.add_recording(
            lesson_id=lesson_id,
            sha256=sha256,
            byte_count=path.stat().st_size,
            file_name=path.name,
            media_key=key,
            uploaded_by=uploaded_by,
            at=now(),
        )
