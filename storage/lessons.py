"""Lessons, who they are shared with, their recordings and renditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from models.access import Action, Machine, Viewer
from models.errors import InvalidInput, NotFound
from models.ids import (
    GrantId,
    LessonId,
    MediaKey,
    PairingId,
    PersonId,
    ProgrammeId,
    RecordingId,
    RenditionId,
    Sha256,
)
from models.lesson import Grant, Lesson, MediaInfo, Recording, Rendition, RenditionKind
from models.people import PairingState
from storage.cards import LessonCard, Standing, list_cards, read_standing
from storage.locks import hold
from storage.rows import AnyRow, grant_of, media_to_json, recording_of, rendition_of
from storage.scope import lesson_visible, pairing_open
from storage.tables import lesson, lesson_grant, lesson_teacher, pairing, recording, rendition


class Lessons:
    """What was taught and recorded."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_lesson(
        self,
        *,
        programme_id: ProgrammeId,
        title: str,
        teacher_ids: Sequence[PersonId],
        subject: str = "",
        grade: str = "",
        taught_on: date | None = None,
        at: datetime,
    ) -> Lesson:
        """A new lesson of these teachers. Raises InvalidInput where there is none."""
        if not teacher_ids:
            raise InvalidInput("a lesson needs a teacher")
        added = Lesson(
            id=LessonId(str(uuid4())),
            programme_id=programme_id,
            title=title,
            teacher_ids=tuple(teacher_ids),
            subject=subject,
            grade=grade,
            taught_on=taught_on,
            created_at=at,
        )
        self._connection.execute(
            insert(lesson).values(
                id=added.id,
                programme_id=programme_id,
                title=title,
                subject=subject,
                grade=grade,
                taught_on=taught_on,
                created_at=at,
            )
        )
        self._connection.execute(
            insert(lesson_teacher),
            [
                {"lesson_id": added.id, "person_id": each, "position": position}
                for position, each in enumerate(teacher_ids)
            ],
        )
        return added

    def share(self, viewer: Viewer, lesson_id: LessonId, pairing_id: PairingId, *, at: datetime) -> Grant:
        """Let a pairing of the viewer's see the lesson; the grant that is there already is returned.

        Raises NotFound for a lesson that is not hers to share and a pairing that is not hers or not active.
        """
        self._demand(viewer, Action.LESSON_SHARE, lesson_id)
        mine = select(pairing.c.id).where(pairing.c.id == pairing_id, pairing_open(viewer, PairingState.ACTIVE))
        if self._connection.scalar(mine) is None:
            raise NotFound
        hold(self._connection, lesson, lesson_id)
        found = self._connection.execute(
            select(lesson_grant).where(
                lesson_grant.c.lesson_id == lesson_id,
                lesson_grant.c.pairing_id == pairing_id,
                lesson_grant.c.withdrawn_at.is_(None),
            )
        ).first()
        if found is not None:
            return grant_of(found)
        given = Grant(
            id=GrantId(str(uuid4())),
            lesson_id=lesson_id,
            pairing_id=pairing_id,
            given_by=viewer.person_id,
            from_at=at,
        )
        self._connection.execute(
            insert(lesson_grant).values(
                id=given.id, lesson_id=lesson_id, pairing_id=pairing_id, given_by=given.given_by, from_at=at
            )
        )
        return given

    def withdraw(self, viewer: Viewer, grant_id: GrantId, *, at: datetime) -> None:
        """Take a grant back; harmless when it is withdrawn already. Raises NotFound."""
        lesson_id = self._connection.scalar(select(lesson_grant.c.lesson_id).where(lesson_grant.c.id == grant_id))
        self._demand(viewer, Action.LESSON_SHARE, LessonId(lesson_id or ""))
        self._connection.execute(
            update(lesson_grant)
            .where(lesson_grant.c.id == grant_id, lesson_grant.c.withdrawn_at.is_(None))
            .values(withdrawn_at=at)
        )

    def list_lessons(self, viewer: Viewer) -> tuple[LessonCard, ...]:
        """The lessons of which the viewer may at least see the state, newest first."""
        return list_cards(self._connection, viewer)

    def get_lesson(self, viewer: Viewer | Machine, lesson_id: LessonId) -> Lesson:
        """One lesson. Raises NotFound."""
        row = self._demand(viewer, Action.LESSON_READ, lesson_id)
        teachers = self._connection.scalars(
            select(lesson_teacher.c.person_id)
            .where(lesson_teacher.c.lesson_id == lesson_id)
            .order_by(lesson_teacher.c.position)
        )
        return Lesson(
            id=lesson_id,
            programme_id=ProgrammeId(row.programme_id),
            title=row.title,
            teacher_ids=tuple(PersonId(each) for each in teachers),
            subject=row.subject,
            grade=row.grade,
            taught_on=row.taught_on,
            created_at=row.created_at,
        )

    def get_standing(self, viewer: Viewer, lesson_id: LessonId) -> Standing:
        """How the viewer stands to the lesson and why she may see it. Raises NotFound for an outsider."""
        self._demand(viewer, Action.LESSON_READ, lesson_id)
        return read_standing(self._connection, viewer, lesson_id)

    def add_recording(
        self,
        *,
        lesson_id: LessonId,
        sha256: Sha256,
        byte_count: int,
        file_name: str,
        media_key: MediaKey,
        uploaded_by: PersonId,
        at: datetime,
    ) -> Recording:
        """A recording of the lesson; one with the same content that is there already is returned."""
        hold(self._connection, lesson, lesson_id)
        found = self._connection.execute(
            select(recording).where(recording.c.lesson_id == lesson_id, recording.c.sha256 == sha256)
        ).one_or_none()
        if found is not None:
            return recording_of(found)
        added = Recording(
            id=RecordingId(str(uuid4())),
            lesson_id=lesson_id,
            sha256=sha256,
            byte_count=byte_count,
            file_name=file_name,
            media_key=media_key,
            media=None,
            uploaded_by=uploaded_by,
            created_at=at,
        )
        self._connection.execute(
            insert(recording).values(
                id=added.id,
                lesson_id=lesson_id,
                sha256=sha256,
                byte_count=byte_count,
                file_name=file_name,
                media_key=media_key,
                uploaded_by=uploaded_by,
                created_at=at,
            )
        )
        return added

    def get_recording(self, viewer: Viewer | Machine, recording_id: RecordingId) -> Recording:
        """One recording. Raises NotFound."""
        found = self._connection.execute(
            select(recording)
            .join(lesson, lesson.c.id == recording.c.lesson_id)
            .where(recording.c.id == recording_id, lesson_visible(viewer, Action.LESSON_READ))
        ).one_or_none()
        if found is None:
            raise NotFound
        return recording_of(found)

    def list_recordings(self, viewer: Viewer | Machine, lesson_id: LessonId) -> tuple[Recording, ...]:
        """The lesson's recordings, oldest first; none for who may not open the lesson."""
        rows = self._connection.execute(
            select(recording)
            .join(lesson, lesson.c.id == recording.c.lesson_id)
            .where(lesson.c.id == lesson_id, lesson_visible(viewer, Action.LESSON_READ))
            .order_by(recording.c.created_at, recording.c.id)
        )
        return tuple(recording_of(row) for row in rows)

    def find_recording_by_sha256(self, machine: Machine, sha256: Sha256) -> Recording | None:
        """The first recording with this content, in whatever lesson: for commands that take recordings in."""
        found = self._connection.execute(
            select(recording).where(recording.c.sha256 == sha256).order_by(recording.c.created_at).limit(1)
        ).one_or_none()
        return recording_of(found) if found else None

    def set_media(self, machine: Machine, recording_id: RecordingId, media: MediaInfo) -> None:
        """Write down what probing found."""
        self._connection.execute(
            update(recording).where(recording.c.id == recording_id).values(media=media_to_json(media))
        )

    def add_rendition(
        self,
        machine: Machine,
        *,
        recording_id: RecordingId,
        kind: RenditionKind,
        part: int = 0,
        media_key: MediaKey,
        sha256: Sha256,
        byte_count: int,
        content_type: str,
    ) -> Rendition:
        """A rendition of the recording; it takes the place of the one of this kind and part."""
        place = (
            rendition.c.recording_id == recording_id,
            rendition.c.kind == kind,
            rendition.c.part == part,
        )
        kept = {"media_key": media_key, "sha256": sha256, "byte_count": byte_count, "content_type": content_type}
        hold(self._connection, recording, recording_id)
        earlier = self._connection.execute(select(rendition).where(*place)).one_or_none()
        if earlier is not None:
            self._connection.execute(update(rendition).where(*place).values(kept))
            return replace(rendition_of(earlier), **kept)  # type: ignore[arg-type]
        added = Rendition(
            id=RenditionId(str(uuid4())),
            recording_id=recording_id,
            kind=kind,
            part=part,
            media_key=media_key,
            sha256=sha256,
            byte_count=byte_count,
            content_type=content_type,
        )
        self._connection.execute(
            insert(rendition).values(id=added.id, recording_id=recording_id, kind=kind, part=part, **kept)
        )
        return added

    def list_renditions(self, viewer: Viewer | Machine, recording_id: RecordingId) -> tuple[Rendition, ...]:
        """The recording's renditions by kind and part; none for who may not open them."""
        rows = self._connection.execute(
            select(rendition)
            .join(recording, recording.c.id == rendition.c.recording_id)
            .join(lesson, lesson.c.id == recording.c.lesson_id)
            .where(rendition.c.recording_id == recording_id, lesson_visible(viewer, Action.MEDIA_READ))
            .order_by(rendition.c.kind, rendition.c.part)
        )
        return tuple(rendition_of(row) for row in rows)

    def get_rendition(
        self, viewer: Viewer | Machine, recording_id: RecordingId, kind: RenditionKind, part: int = 0
    ) -> Rendition:
        """One rendition. Raises NotFound."""
        found = self._connection.execute(
            select(rendition)
            .join(recording, recording.c.id == rendition.c.recording_id)
            .join(lesson, lesson.c.id == recording.c.lesson_id)
            .where(
                rendition.c.recording_id == recording_id,
                rendition.c.kind == kind,
                rendition.c.part == part,
                lesson_visible(viewer, Action.MEDIA_READ),
            )
        ).one_or_none()
        if found is None:
            raise NotFound
        return rendition_of(found)

    def _demand(self, viewer: Viewer | Machine, action: Action, lesson_id: LessonId) -> AnyRow:
        """The lesson's row, if the viewer may do this with it. Raises NotFound."""
        row = self._connection.execute(
            select(lesson).where(lesson.c.id == lesson_id, lesson_visible(viewer, action))
        ).one_or_none()
        if row is None:
            raise NotFound
        return row
