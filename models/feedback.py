"""Comments at moments, their replies and their tags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.errors import InvalidComment, TextTooLong
from models.ids import CommentId, LessonId, PairingId, PersonId, RecordingId
from models.timing import Ms

LONGEST_COMMENT = 20_000
"""Characters a comment may have; longer text is kept in the editor and refused with a sentence."""


class CommentKind(StrEnum):
    """What a comment is meant as."""

    EVIDENCE = "evidence"
    NOTICING = "noticing"
    PRAISE = "praise"
    QUESTION = "question"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A comment's link to a criterion of a rubric, with an optional level."""

    rubric_id: str
    rubric_version: str
    criterion: str
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Words at a moment or range of a recording, or a reply to such words.

    Times are of the recording, never of words in a transcript, so that a new transcript moves nothing. `pairing_id`
    None is a note that only its author sees. `revision` grows by one with each edit. `change` grows by one with each
    write to any comment of the lesson, so that a page can ask for what is new.
    """

    id: CommentId
    lesson_id: LessonId
    recording_id: RecordingId
    pairing_id: PairingId | None
    author_id: PersonId
    author_name: str
    kind: CommentKind
    start_ms: Ms
    end_ms: Ms
    body: str
    tags: tuple[Tag, ...] = ()
    reply_to: CommentId | None = None
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    revision: int = 1
    change: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDraft:
    """What a person asks to be kept as a comment; the id is made by her device, so that a second click is harmless."""

    id: CommentId
    recording_id: RecordingId
    pairing_id: PairingId | None
    kind: CommentKind = CommentKind.NOTICING
    start_ms: Ms
    end_ms: Ms
    body: str
    tags: tuple[Tag, ...] = ()
    reply_to: CommentId | None = None


def checked_body(text: str) -> str:
    """The text of a comment as it is kept: line breaks made one kind, outer blanks and NULs gone.

    Raises InvalidComment when nothing is left and TextTooLong past LONGEST_COMMENT characters.
    """
    body = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not body:
        raise InvalidComment
    if len(body) > LONGEST_COMMENT:
        raise TextTooLong(f"{len(body)} of at most {LONGEST_COMMENT} characters")
    return body
