"""Clips: proposed by the pipeline, or marked by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select

from models.access import Action, Machine, Viewer
from models.clip import Clip, ClipOrigin, ProposedClip
from models.ids import RecordingId
from storage.locks import hold
from storage.rows import clip_of
from storage.scope import lesson_visible
from storage.tables import clip, lesson, recording


class Clips:
    """The moments worth talking about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_clips(self, viewer: Viewer | Machine, recording_id: RecordingId) -> tuple[Clip, ...]:
        """The recording's clips in order of time; none for who may not read them."""
        rows = self._connection.execute(
            select(clip)
            .join(recording, recording.c.id == clip.c.recording_id)
            .join(lesson, lesson.c.id == recording.c.lesson_id)
            .where(clip.c.recording_id == recording_id, lesson_visible(viewer, Action.CLIP_READ))
            .order_by(clip.c.start_ms, clip.c.end_ms, clip.c.id)
        )
        return tuple(clip_of(row) for row in rows)

    def replace_proposed(
        self, machine: Machine, recording_id: RecordingId, proposed: Sequence[ProposedClip], *, at: datetime
    ) -> tuple[Clip, ...]:
        """Put these in the place of the clips proposed earlier; what people marked stays as it is.

        The same ones again change nothing, so that a step that runs twice leaves every clip its id.
        """
        hold(self._connection, recording, recording_id)
        kept = self.list_clips(machine, recording_id)
        if _contents(proposed) == _contents(each for each in kept if each.origin is ClipOrigin.PROPOSED):
            return kept
        self._connection.execute(
            delete(clip).where(clip.c.recording_id == recording_id, clip.c.origin == ClipOrigin.PROPOSED)
        )
        rows = [
            {
                "id": str(uuid4()),
                "recording_id": recording_id,
                "origin": ClipOrigin.PROPOSED,
                "start_ms": each.start_ms,
                "end_ms": each.end_ms,
                "title": each.title,
                "reason": each.reason,
                "created_at": at,
            }
            for each in proposed
        ]
        if rows:
            self._connection.execute(insert(clip), rows)
        return self.list_clips(machine, recording_id)


def _contents(clips: Iterable[ProposedClip | Clip]) -> list[tuple[int, int, str, str]]:
    return sorted((each.start_ms, each.end_ms, each.title, each.reason) for each in clips)
