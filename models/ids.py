"""Identities: distinct types, so that one kind of id can't stand where another belongs."""

from __future__ import annotations

import re
from typing import NewType

from models.errors import BadIdentifier

PersonId = NewType("PersonId", str)
ProgrammeId = NewType("ProgrammeId", str)
PairingId = NewType("PairingId", str)
LessonId = NewType("LessonId", str)
RecordingId = NewType("RecordingId", str)
RenditionId = NewType("RenditionId", str)
TranscriptId = NewType("TranscriptId", str)
ClipId = NewType("ClipId", str)
CommentId = NewType("CommentId", str)
RunId = NewType("RunId", str)
GrantId = NewType("GrantId", str)

MediaKey = NewType("MediaKey", str)
"""Where a stored file lies in the media store: `kind/ab/sha256.ext`, never a path of the machine."""

Sha256 = NewType("Sha256", str)
"""The hex digest of a file's bytes, 64 lower-case digits."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def parse_comment_id(text: str) -> CommentId:
    """A comment's id as its author's device made it: a UUID in its usual form.

    Raises BadIdentifier for anything else, so that no id can carry a path or markup.
    """
    lowered = text.strip().lower()
    if not _UUID.fullmatch(lowered):
        raise BadIdentifier
    return CommentId(lowered)
