"""One lesson, as its page needs it."""

from __future__ import annotations

from models.ids import LessonId
from review.lessons import open_lesson
from review.routes.calls import Answer, ApiRoute, Call


def get_lesson(call: Call) -> Answer:
    """The lesson with its people, recordings, conversations and rubric.

    It brings the token against forged requests too: after signing in again in another tab an open page needs the new one.
    """
    document = open_lesson(call.services, call.viewer, LessonId(call.path["lesson"]))
    return Answer(document={**document, "csrf": call.csrf})


ROUTES = (ApiRoute(method="GET", path="/api/lessons/{lesson}", answer=get_lesson),)
