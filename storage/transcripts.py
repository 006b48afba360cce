"""Transcripts, kept in versions: a new one never overwrites an earlier one."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from models.access import Action, Machine, Viewer
from models.errors import NotFound
from models.ids import RecordingId, TranscriptId
from models.transcript import Engine, StoredTranscript, Transcript
from storage.locks import hold
from storage.rows import segment_of, words_to_json
from storage.scope import lesson_visible
from storage.tables import lesson, recording, segment, transcript


class Transcripts:
    """What was said."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, machine: Machine, recording_id: RecordingId, spoken: Transcript, *, at: datetime) -> StoredTranscript:
        """Keep a transcript as the recording's newest version; the newest one again is returned as it is."""
        hold(self._connection, recording, recording_id)
        digest = _digest(spoken)
        newest = self.find_newest(machine, recording_id)
        if newest is not None and _digest(newest.transcript) == digest:
            return newest
        version = 1 + (
            self._connection.scalar(
                select(func.max(transcript.c.version)).where(transcript.c.recording_id == recording_id)
            )
            or 0
        )
        added = TranscriptId(str(uuid4()))
        self._connection.execute(
            insert(transcript).values(
                id=added,
                recording_id=recording_id,
                version=version,
                engine=spoken.engine,
                language=spoken.language,
                draft=spoken.draft,
                content_sha256=digest,
                created_at=at,
            )
        )
        rows = [
            {
                "transcript_id": added,
                "position": position,
                "start_ms": each.start_ms,
                "end_ms": each.end_ms,
                "text": each.text,
                "speaker": each.speaker,
                "words": words_to_json(each),
            }
            for position, each in enumerate(spoken.segments)
        ]
        if rows:
            self._connection.execute(insert(segment), rows)
        return StoredTranscript(id=added, recording_id=recording_id, version=version, transcript=spoken)

    def find_newest(self, viewer: Viewer | Machine, recording_id: RecordingId) -> StoredTranscript | None:
        """The recording's newest transcript, None if there is none that the viewer may read."""
        row = self._connection.execute(
            select(transcript)
            .join(recording, recording.c.id == transcript.c.recording_id)
            .join(lesson, lesson.c.id == recording.c.lesson_id)
            .where(transcript.c.recording_id == recording_id, lesson_visible(viewer, Action.TRANSCRIPT_READ))
            .order_by(transcript.c.version.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        segments = self._connection.execute(
            select(segment).where(segment.c.transcript_id == row.id).order_by(segment.c.position)
        )
        return StoredTranscript(
            id=TranscriptId(row.id),
            recording_id=recording_id,
            version=row.version,
            transcript=Transcript(
                engine=Engine(row.engine),
                language=row.language,
                segments=tuple(segment_of(each) for each in segments),
                draft=row.draft,
            ),
        )

    def get_newest(self, viewer: Viewer | Machine, recording_id: RecordingId) -> StoredTranscript:
        """The recording's newest transcript. Raises NotFound."""
        found = self.find_newest(viewer, recording_id)
        if found is None:
            raise NotFound
        return found


def _digest(spoken: Transcript) -> str:
    """One digest for one content, so that a step that runs twice adds one version."""
    content = [
        [spoken.engine, spoken.language, spoken.draft],
        [[each.start_ms, each.end_ms, each.text, each.speaker, words_to_json(each)] for each in spoken.segments],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
