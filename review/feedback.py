"""Writing comments: what was sent becomes a draft that can be kept, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.access import Viewer
from models.errors import InvalidRange, NotFound, UnknownCriterion
from models.feedback import Comment, CommentDraft, CommentKind, Tag, checked_body
from models.ids import CommentId, LessonId, PairingId, RecordingId, parse_comment_id
from models.rubric import Rubric
from models.timing import TimeRange
from pipeline.bootstrap import Services
from review import fields

MOST_TAGS = 20


def add_comment(
    services: Services, viewer: Viewer, lesson_id: LessonId, sent: Mapping[str, object], *, at: datetime
) -> tuple[Comment, bool]:
    """Keep what was sent as a comment of the lesson; also tells whether it is new (the same id again is not).

    A time beyond the recording's end is moved to the end, so that nothing is lost. Raises InvalidInput, and NotFound
    for what the viewer may not write to.
    """
    recording_id = RecordingId(fields.identifier(sent, "recording_id"))
    pairing_id = fields.optional_identifier(sent, "pairing_id")
    reply_to = fields.optional_identifier(sent, "reply_to")
    comment_id = parse_comment_id(fields.text(sent, "id"))
    body = checked_body(fields.text(sent, "body"))
    kind = fields.choice(sent, "kind", CommentKind)
    tags = read_tags(services.rubric, sent)
    with services.database.unit() as unit:
        recordings = {each.id: each for each in unit.lessons.list_recordings(viewer, lesson_id)}
        if recording_id not in recordings:
            raise NotFound
        media = recordings[recording_id].media
        asked = read_range(sent, end_ms=media.duration_ms if media else None)
        comment = unit.feedback.add_comment(
            viewer,
            CommentDraft(
                id=comment_id,
                recording_id=recording_id,
                pairing_id=PairingId(pairing_id) if pairing_id else None,
                kind=kind,
                start_ms=asked.start_ms,
                end_ms=asked.end_ms,
                body=body,
                tags=tags,
                reply_to=CommentId(reply_to) if reply_to else None,
            ),
            at=at,
        )
    return comment, comment.created_at == at


def edit_comment(
    services: Services, viewer: Viewer, comment_id: CommentId, sent: Mapping[str, object], *, at: datetime
) -> Comment:
    """Change the words, kind and tags of one's own comment.

    Raises InvalidInput, NotFound, and Conflict when `revision` is not the one that is kept.
    """
    body = checked_body(fields.text(sent, "body"))
    kind = fields.choice(sent, "kind", CommentKind)
    revision = fields.whole_number(sent, "revision")
    tags = read_tags(services.rubric, sent)
    with services.database.unit() as unit:
        return unit.feedback.edit_comment(viewer, comment_id, body=body, kind=kind, tags=tags, revision=revision, at=at)


def find_comment(services: Services, viewer: Viewer, comment_id: CommentId) -> Comment | None:
    """The comment as it is kept, None where the viewer may read none with this id."""
    with services.database.view() as unit:
        for card in unit.lessons.list_lessons(viewer):
            comments = unit.feedback.list_comments(viewer, card.lesson.id)[0] if card.may_open else ()
            for each in comments:
                if each.id == comment_id:
                    return each
    return None


def read_tags(rubric: Rubric, sent: Mapping[str, object]) -> tuple[Tag, ...]:
    """The criteria that were chosen, each once, as tags of this rubric. Raises UnknownCriterion."""
    tags: dict[str, Tag] = {}
    for each in fields.tables(sent, "tags", most=MOST_TAGS):
        criterion = fields.text(each, "criterion")
        level = None if each.get("level") is None else fields.text(each, "level")
        if rubric.find_criterion(criterion) is None or (level is not None and rubric.find_level(level) is None):
            raise UnknownCriterion
        tags[criterion] = Tag(rubric_id=rubric.id, rubric_version=rubric.version, criterion=criterion, level=level)
    return tuple(tags.values())


def read_range(sent: Mapping[str, object], *, end_ms: int | None) -> TimeRange:
    """The moment or range that was sent, in milliseconds of the recording, kept inside it.

    A position before the start or beyond `end_ms` (None while the length is not known) is moved to that edge. Raises
    InvalidRange for a range that ends before it starts.
    """
    start_ms, stop_ms = fields.whole_number(sent, "start_ms"), fields.whole_number(sent, "end_ms")
    if stop_ms < start_ms:
        raise InvalidRange
    asked = TimeRange(start_ms=max(0, start_ms), end_ms=max(0, stop_ms))
    return asked if end_ms is None else asked.clamped(end_ms)
