"""Comments: read what is new, write, edit, delete, take back."""

from __future__ import annotations

from models.errors import Conflict, InvalidInput
from models.feedback import Comment
from models.ids import CommentId, LessonId, PairingId
from pipeline.bootstrap import now
from review import feedback, fields
from review.documents import Document, comment_document
from review.routes.answers import error_document, status_of
from review.routes.calls import Answer, ApiRoute, Call


def list_comments(call: Call) -> Answer:
    """The comments that changed after `after`; deleted ones only then, so that an open page can take them away."""
    after = _after(call)
    with call.services.database.view() as unit:
        comments, change = unit.feedback.list_comments(call.viewer, LessonId(call.path["lesson"]), after=after)
    shown = [each for each in comments if after or each.deleted_at is None]
    return Answer(document={"change": change, "comments": [_document(call, each) for each in shown]})


def add_comment(call: Call) -> Answer:
    """Keep a comment; the same id again answers with the one that is kept."""
    comment, is_new = feedback.add_comment(
        call.services, call.viewer, LessonId(call.path["lesson"]), call.body, at=now()
    )
    return Answer(document=_document(call, comment), status=201 if is_new else 200)


def edit_comment(call: Call) -> Answer:
    """Change one's own comment; a conflict is answered with the comment as it is kept."""
    try:
        comment = feedback.edit_comment(call.services, call.viewer, _comment(call), call.body, at=now())
    except Conflict as error:
        current = feedback.find_comment(call.services, call.viewer, _comment(call))
        shown = _document(call, current) if current else None
        return Answer(document={**error_document(error), "current": shown}, status=status_of(error))
    return Answer(document=_document(call, comment))


def delete_comment(call: Call) -> Answer:
    """Take one's own comment away; it can be restored."""
    with call.services.database.unit() as unit:
        comment = unit.feedback.delete_comment(call.viewer, _comment(call), at=now())
    return Answer(document=_document(call, comment))


def restore_comment(call: Call) -> Answer:
    """Bring one's own deleted comment back."""
    with call.services.database.unit() as unit:
        comment = unit.feedback.restore_comment(call.viewer, _comment(call), at=now())
    return Answer(document=_document(call, comment))


def set_levels(call: Call) -> Answer:
    """Turn the rubric's levels on or off for one's own pairing."""
    on = fields.switch(call.body, "levels_on")
    with call.services.database.unit() as unit:
        unit.people.set_levels(call.viewer, PairingId(call.path["pairing"]), on=on)
    return Answer(document={"id": call.path["pairing"], "levels_on": on})


def _after(call: Call) -> int:
    text = call.query.get("after", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise InvalidInput("after must be a whole number")
    return int(text)


def _comment(call: Call) -> CommentId:
    return CommentId(call.path["comment"].lower())


def _document(call: Call, comment: Comment) -> Document:
    return comment_document(comment, rubric=call.services.rubric, person_id=call.viewer.person_id)


ROUTES = (
    ApiRoute(method="GET", path="/api/lessons/{lesson}/comments", answer=list_comments),
    ApiRoute(method="POST", path="/api/lessons/{lesson}/comments", answer=add_comment),
    ApiRoute(method="PATCH", path="/api/comments/{comment}", answer=edit_comment),
    ApiRoute(method="DELETE", path="/api/comments/{comment}", answer=delete_comment),
    ApiRoute(method="POST", path="/api/comments/{comment}/restore", answer=restore_comment),
    ApiRoute(method="PATCH", path="/api/pairings/{pairing}", answer=set_levels),
)
