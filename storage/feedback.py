"""Comments: written by a person into one of her conversations, never lost, in the order of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.access import Action, Viewer
from models.errors import Conflict, NotFound
from models.feedback import Comment, CommentDraft, CommentKind, Tag
from models.ids import CommentId, LessonId, PairingId, PersonId, RecordingId
from storage.cards import live_pairing_ids
from storage.rows import AnyRow
from storage.scope import comment_visible, lesson_visible
from storage.tables import comment, comment_tag, comment_version, lesson, person, recording


class Feedback:
    """What people say about lessons."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_comments(self, viewer: Viewer, lesson_id: LessonId, *, after: int = 0) -> tuple[tuple[Comment, ...], int]:
        """The comments that the viewer may read, in order of time, and the lesson's newest change.

        With `after` only those changed since, and the deleted ones among them. Raises NotFound.
        """
        newest = self._connection.scalar(
            select(lesson.c.newest_change).where(lesson.c.id == lesson_id, lesson_visible(viewer, Action.COMMENT_READ))
        )
        if newest is None:
            raise NotFound
        statement = _readable(viewer).where(comment.c.lesson_id == lesson_id, comment.c.change > after)
        if after == 0:
            statement = statement.where(comment.c.deleted_at.is_(None))
        rows = self._connection.execute(statement.order_by(comment.c.start_ms, comment.c.created_at, comment.c.id))
        return self._with_tags(rows.all()), newest

    def add_comment(self, viewer: Viewer, draft: CommentDraft, *, at: datetime) -> Comment:
        """Keep what a person wrote. Her own comment with this id is returned as it is kept, so that a second click
        changes nothing.

        Raises NotFound for a recording, conversation or comment that she may not write to, and for an id that is
        another's.
        """
        known = self._connection.scalar(select(comment.c.author_id).where(comment.c.id == draft.id))
        if known is not None:
            return self._own(viewer, draft.id)
        lesson_id = self._lesson_to_write(viewer, draft)
        change = self._next_change(lesson_id)
        row = insert(comment).values(
            id=draft.id,
            lesson_id=lesson_id,
            recording_id=draft.recording_id,
            pairing_id=draft.pairing_id,
            author_id=viewer.person_id,
            kind=draft.kind,
            start_ms=draft.start_ms,
            end_ms=draft.end_ms,
            body=draft.body,
            reply_to=draft.reply_to,
            created_at=at,
            revision=1,
            change=change,
        )
        try:
            with self._connection.begin_nested():
                self._connection.execute(row)
        except IntegrityError:
            # The second click was under way at the same time, and the first is kept by now.
            return self._own(viewer, draft.id)
        self._write_tags(draft.id, draft.tags)
        self._keep_version(draft.id, revision=1, kind=draft.kind, body=draft.body, tags=draft.tags, at=at)
        return self._own(viewer, draft.id)

    def edit_comment(
        self,
        viewer: Viewer,
        comment_id: CommentId,
        *,
        body: str,
        kind: CommentKind,
        tags: Sequence[Tag],
        revision: int,
        at: datetime,
    ) -> Comment:
        """Change one's own comment; what it said before is kept.

        Raises NotFound, and Conflict when `revision` is not the one that is kept or the comment was deleted.
        """
        kept = self._own_to_change(viewer, comment_id)
        if kept.revision != revision or kept.deleted_at is not None:
            raise Conflict
        change = self._next_change(kept.lesson_id)
        done = self._connection.execute(
            update(comment)
            .where(comment.c.id == comment_id, comment.c.revision == revision)
            .values(body=body, kind=kind, edited_at=at, revision=revision + 1, change=change)
        )
        if done.rowcount == 0:
            raise Conflict
        self._write_tags(comment_id, tags)
        self._keep_version(comment_id, revision=revision + 1, kind=kind, body=body, tags=tags, at=at)
        return self._own(viewer, comment_id)

    def delete_comment(self, viewer: Viewer, comment_id: CommentId, *, at: datetime) -> Comment:
        """Take one's own comment away; it can be restored. Raises NotFound."""
        return self._mark_deleted(viewer, comment_id, at)

    def restore_comment(self, viewer: Viewer, comment_id: CommentId, *, at: datetime) -> Comment:
        """Bring one's own deleted comment back. Raises NotFound."""
        return self._mark_deleted(viewer, comment_id, None)

    def _mark_deleted(self, viewer: Viewer, comment_id: CommentId, at: datetime | None) -> Comment:
        kept = self._own_to_change(viewer, comment_id)
        if (kept.deleted_at is None) is not (at is None):
            change = self._next_change(kept.lesson_id)
            self._connection.execute(
                update(comment).where(comment.c.id == comment_id).values(deleted_at=at, change=change)
            )
        return self._own(viewer, comment_id)

    def _lesson_to_write(self, viewer: Viewer, draft: CommentDraft) -> LessonId:
        """The lesson in which this may be written. Raises NotFound."""
        found = self._connection.scalar(
            select(lesson.c.id)
            .join(recording, recording.c.lesson_id == lesson.c.id)
            .where(recording.c.id == draft.recording_id, lesson_visible(viewer, Action.COMMENT_WRITE))
        )
        if found is None:
            raise NotFound
        lesson_id = LessonId(found)
        if draft.pairing_id is not None and draft.pairing_id not in live_pairing_ids(
            self._connection, viewer, lesson_id
        ):
            raise NotFound
        if draft.reply_to is not None:
            self._check_reply(viewer, draft, lesson_id)
        return lesson_id

    def _check_reply(self, viewer: Viewer, draft: CommentDraft, lesson_id: LessonId) -> None:
        """A reply hangs on a comment of the same conversation, and not on a reply."""
        parent = self._connection.execute(_readable(viewer).where(comment.c.id == draft.reply_to)).one_or_none()
        fits = (
            parent is not None
            and parent.lesson_id == lesson_id
            and parent.pairing_id == draft.pairing_id
            and parent.reply_to is None
        )
        if not fits:
            raise NotFound

    def _own(self, viewer: Viewer, comment_id: CommentId) -> Comment:
        row = self._connection.execute(
            _readable(viewer).where(comment.c.id == comment_id, comment.c.author_id == viewer.person_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        return self._with_tags([row])[0]

    def _own_to_change(self, viewer: Viewer, comment_id: CommentId) -> Comment:
        """One's own comment in a conversation that can still be written to. Raises NotFound."""
        kept = self._own(viewer, comment_id)
        writable = self._connection.scalar(
            select(lesson.c.id).where(lesson.c.id == kept.lesson_id, lesson_visible(viewer, Action.COMMENT_WRITE))
        )
        open_here = kept.pairing_id is None or kept.pairing_id in live_pairing_ids(
            self._connection, viewer, kept.lesson_id
        )
        if writable is None or not open_here:
            raise NotFound
        return kept

    def _next_change(self, lesson_id: LessonId) -> int:
        """The lesson's next number of change; the row stays locked until the unit ends, so none is given twice."""
        change: int = self._connection.execute(
            update(lesson)
            .where(lesson.c.id == lesson_id)
            .values(newest_change=lesson.c.newest_change + 1)
            .returning(lesson.c.newest_change)
        ).scalar_one()
        return change

    def _write_tags(self, comment_id: CommentId, tags: Sequence[Tag]) -> None:
        self._connection.execute(delete(comment_tag).where(comment_tag.c.comment_id == comment_id))
        rows = [
            {"comment_id": comment_id, "position": position, **_tag_values(each)} for position, each in enumerate(tags)
        ]
        if rows:
            self._connection.execute(insert(comment_tag), rows)

    def _keep_version(
        self, comment_id: CommentId, *, revision: int, kind: CommentKind, body: str, tags: Sequence[Tag], at: datetime
    ) -> None:
        self._connection.execute(
            insert(comment_version).values(
                comment_id=comment_id,
                revision=revision,
                kind=kind,
                body=body,
                tags=[_tag_values(each) for each in tags],
                written_at=at,
            )
        )

    def _with_tags(self, rows: Sequence[AnyRow]) -> tuple[Comment, ...]:
        found = self._connection.execute(
            select(comment_tag)
            .where(comment_tag.c.comment_id.in_([row.id for row in rows]))
            .order_by(comment_tag.c.position)
        ).all()
        tags: dict[str, list[Tag]] = {}
        for each in found:
            tags.setdefault(each.comment_id, []).append(
                Tag(
                    rubric_id=each.rubric_id,
                    rubric_version=each.rubric_version,
                    criterion=each.criterion,
                    level=each.level,
                )
            )
        return tuple(_comment_of(row, tuple(tags.get(row.id, ()))) for row in rows)


def _readable(viewer: Viewer) -> Select[tuple[object, ...]]:
    return (
        select(comment, person.c.name.label("author_name"))
        .join(lesson, lesson.c.id == comment.c.lesson_id)
        .join(person, person.c.id == comment.c.author_id)
        .where(comment_visible(viewer))
    )


def _tag_values(tag: Tag) -> dict[str, str | None]:
    return {
        "rubric_id": tag.rubric_id,
        "rubric_version": tag.rubric_version,
        "criterion": tag.criterion,
        "level": tag.level,
    }


def _comment_of(row: AnyRow, tags: tuple[Tag, ...]) -> Comment:
    return Comment(
        id=CommentId(row.id),
        lesson_id=LessonId(row.lesson_id),
        recording_id=RecordingId(row.recording_id),
        pairing_id=PairingId(row.pairing_id) if row.pairing_id else None,
        author_id=PersonId(row.author_id),
        author_name=row.author_name,
        kind=CommentKind(row.kind),
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        body=row.body,
        tags=tags,
        reply_to=CommentId(row.reply_to) if row.reply_to else None,
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        revision=row.revision,
        change=row.change,
    )
