"""Opening a lesson: everything its page has to know, as far as this viewer may see it."""

from __future__ import annotations

from models.access import Action, Viewer, decide
from models.errors import NotFound
from models.ids import LessonId
from models.lesson import Lesson
from pipeline.bootstrap import Services
from review.documents import (
    Document,
    conversation_document,
    note_document,
    recording_document,
    rubric_document,
    run_document,
)
from storage.cards import Standing


def open_lesson(services: Services, viewer: Viewer, lesson_id: LessonId) -> Document:
    """The lesson's document. Raises NotFound for a lesson that is not there or not open to the viewer."""
    with services.database.view() as unit:
        lesson = unit.lessons.get_lesson(viewer, lesson_id)
        names = next((each.teachers for each in unit.lessons.list_lessons(viewer) if each.lesson.id == lesson_id), ())
        standing = unit.lessons.get_standing(viewer, lesson_id)
        recordings = unit.lessons.list_recordings(viewer, lesson_id)
        renditions = {each.id: unit.lessons.list_renditions(viewer, each.id) for each in recordings}
        run = unit.runs.find_newest_run(viewer, recordings[0].id) if recordings else None
    return {
        "id": lesson.id,
        "title": lesson.title,
        "subject": lesson.subject,
        "grade": lesson.grade,
        "taught_on": lesson.taught_on.isoformat() if lesson.taught_on else None,
        "teachers": [
            {"id": person_id, "name": name} for person_id, name in zip(lesson.teacher_ids, names, strict=True)
        ],
        "why": list(standing.reasons),
        "me": {"id": viewer.person_id, "name": viewer.name},
        "conversations": build_conversations(standing, viewer),
        "recordings": [recording_document(each, renditions[each.id]) for each in recordings],
        "run": run_document(run),
        "rubric": rubric_document(services.rubric),
    }


def build_conversations(standing: Standing, viewer: Viewer) -> list[Document]:
    """The conversations about the lesson that the viewer takes part in, her own notes last."""
    pairings = [
        conversation_document(each.pairing, person_id=viewer.person_id, can_write=each.can_write)
        for each in standing.conversations
    ]
    note = note_document(
        can_write=decide(standing.relations, Action.COMMENT_WRITE),
        levels_on=any(each.pairing.levels_on for each in standing.conversations),
    )
    return [*pairings, note]


def find_lesson(services: Services, viewer: Viewer, lesson_id: LessonId) -> Lesson | None:
    """The lesson, None when it is not there or not open to the viewer."""
    try:
        with services.database.view() as unit:
            return unit.lessons.get_lesson(viewer, lesson_id)
    except NotFound:
        return None
