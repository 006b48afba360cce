"""The JSON documents that pages read, built from what is kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.clip import Clip
from models.feedback import Comment
from models.ids import PersonId
from models.lesson import Recording, Rendition, RenditionKind
from models.people import Pairing
from models.rubric import Rubric
from models.run import Run
from models.transcript import StoredTranscript
from review import words

Document = dict[str, object]

_SHOWN = (RenditionKind.WEB, RenditionKind.POSTER, RenditionKind.THUMBNAILS, RenditionKind.PEAKS)


def media_url(rendition: Rendition) -> str:
    """The address at which the rendition is served."""
    part = f"/{rendition.part}" if rendition.part else ""
    return f"/m/{rendition.recording_id}/{rendition.kind}{part}"


def poster_url(recording_id: str) -> str:
    """The address of a recording's poster."""
    return f"/m/{recording_id}/{RenditionKind.POSTER}"


def recording_document(recording: Recording, renditions: Iterable[Rendition]) -> Document:
    """One recording: its length, its picture and where its files are; null for a file that is not made (yet)."""
    media = recording.media
    video = media.video if media else None
    urls = {each.kind: media_url(each) for each in renditions if each.part == 0}
    return {
        "id": recording.id,
        "duration_ms": media.duration_ms if media else None,
        "width": video.width if video else None,
        "height": video.height if video else None,
        "has_video": video is not None,
        "urls": {kind.value: urls.get(kind) for kind in _SHOWN},
    }


def run_document(run: Run | None) -> Document | None:
    """Where a run stands, null where there never was one."""
    if run is None:
        return None
    step = run.current_step
    return {
        "state": run.state.value,
        "step": step.name.value if step else None,
        "share": round(run.share(), 4),
        "seconds_left": step.seconds_left if step else None,
        "error_message": run.error_message,
    }


def rubric_document(rubric: Rubric) -> Document:
    """The rubric with its levels and criteria."""
    return {
        "id": rubric.id,
        "version": rubric.version,
        "title": rubric.title,
        "levels": [{"code": each.code, "title": each.title} for each in rubric.levels],
        "criteria": [
            {
                "code": each.code,
                "category": each.category,
                "title": each.title,
                "indicators": list(each.indicators),
            }
            for each in rubric.criteria
        ],
    }


def conversation_document(pairing: Pairing, *, person_id: PersonId, can_write: bool) -> Document:
    """A pairing as one of the conversations about a lesson, named by the others in it."""
    others = [each.person.name for each in pairing.members if each.person.id != person_id]
    return {
        "pairing_id": pairing.id,
        "title": words.CONVERSATION_TITLE.format(names=joined(others)) if others else words.NOTE_TITLE,
        "can_write": can_write,
        "levels_on": pairing.levels_on,
    }


def note_document(*, can_write: bool, levels_on: bool) -> Document:
    """The conversation with oneself: notes that nobody else sees."""
    return {"pairing_id": None, "title": words.NOTE_TITLE, "can_write": can_write, "levels_on": levels_on}


def transcript_document(stored: StoredTranscript) -> Document:
    """The transcript; each word is a short list, since there are thousands."""
    spoken = stored.transcript
    return {
        "version": stored.version,
        "engine": spoken.engine.value,
        "language": spoken.language,
        "draft": spoken.draft,
        "segments": [
            {
                "start_ms": each.start_ms,
                "end_ms": each.end_ms,
                "text": each.text,
                "speaker": each.speaker,
                "words": [[word.start_ms, word.end_ms, word.text, word.confidence] for word in each.words],
            }
            for each in spoken.segments
        ],
    }


def clips_document(clips: Iterable[Clip]) -> Document:
    """The clips in order of time."""
    return {
        "clips": [
            {
                "id": each.id,
                "start_ms": each.start_ms,
                "end_ms": each.end_ms,
                "title": each.title,
                "reason": each.reason,
                "origin": each.origin.value,
            }
            for each in sorted(clips, key=lambda each: (each.start_ms, each.end_ms))
        ]
    }


def comment_document(comment: Comment, *, rubric: Rubric, person_id: PersonId) -> Document:
    """One comment. Of a deleted one only the shell is left: its words are shown to nobody."""
    deleted = comment.deleted_at is not None
    return {
        "id": comment.id,
        "recording_id": comment.recording_id,
        "pairing_id": comment.pairing_id,
        "author": {"id": comment.author_id, "name": comment.author_name},
        "kind": comment.kind.value,
        "start_ms": comment.start_ms,
        "end_ms": comment.end_ms,
        "body": "" if deleted else comment.body,
        "tags": [] if deleted else _tag_documents(comment, rubric),
        "reply_to": comment.reply_to,
        "created_at": comment.created_at.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "deleted": deleted,
        "revision": comment.revision,
        "change": comment.change,
        "mine": comment.author_id == person_id,
    }


def _tag_documents(comment: Comment, rubric: Rubric) -> list[Mapping[str, str | None]]:
    """The tags with their titles; one of another rubric or version, which is not at hand, shows its code."""
    shown: list[Mapping[str, str | None]] = []
    for each in comment.tags:
        same = (each.rubric_id, each.rubric_version) == (rubric.id, rubric.version)
        criterion = rubric.find_criterion(each.criterion) if same else None
        title = criterion.title if criterion else each.criterion
        shown.append({"criterion": each.criterion, "level": each.level, "title": title})
    return shown


def joined(names: list[str]) -> str:
    """`Ana`, `Ana and Ben`, `Ana, Ben and Cem`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
