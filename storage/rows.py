"""Rows and models: one small function for each kind of record, in one direction or both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row

from models.clip import Clip, ClipOrigin
from models.ids import (
    ClipId,
    GrantId,
    LessonId,
    MediaKey,
    PairingId,
    PersonId,
    RecordingId,
    RenditionId,
    RunId,
    Sha256,
)
from models.lesson import AudioStream, Grant, MediaInfo, Recording, Rendition, RenditionKind, VideoStream
from models.people import Person
from models.run import Run, RunState, StepName, StepRecord
from models.transcript import Segment, Word

AnyRow = Row[*tuple[object, ...]]


def person_of(row: AnyRow) -> Person:
    """A row of `person`."""
    return Person(
        id=PersonId(row.id),
        email=row.email,
        name=row.name,
        is_administrator=row.is_administrator,
        disabled_at=row.disabled_at,
    )


def grant_of(row: AnyRow) -> Grant:
    """A row of `lesson_grant`."""
    return Grant(
        id=GrantId(row.id),
        lesson_id=LessonId(row.lesson_id),
        pairing_id=PairingId(row.pairing_id),
        given_by=PersonId(row.given_by),
        from_at=row.from_at,
        until_at=row.until_at,
        withdrawn_at=row.withdrawn_at,
    )


def recording_of(row: AnyRow) -> Recording:
    """A row of `recording`."""
    return Recording(
        id=RecordingId(row.id),
        lesson_id=LessonId(row.lesson_id),
        sha256=Sha256(row.sha256),
        byte_count=row.byte_count,
        file_name=row.file_name,
        media_key=MediaKey(row.media_key),
        media=media_from_json(row.media) if row.media else None,
        uploaded_by=PersonId(row.uploaded_by),
        created_at=row.created_at,
    )


def media_to_json(media: MediaInfo) -> dict[str, object]:
    """What probing found, as kept in a JSON column."""
    video = media.video
    return {
        "container": media.container,
        "duration_ms": media.duration_ms,
        "byte_count": media.byte_count,
        "video": {name: getattr(video, name) for name in VideoStream.__slots__} if video else None,
        "audio": [{name: getattr(each, name) for name in AudioStream.__slots__} for each in media.audio],
        "recorded_at": media.recorded_at.isoformat() if media.recorded_at else None,
        "subtitle_count": media.subtitle_count,
    }


def media_from_json(kept: dict[str, object]) -> MediaInfo:
    """The other way round. A field that an earlier version did not write takes its default."""
    video, audio, recorded_at = kept.get("video"), kept.get("audio"), kept.get("recorded_at")
    plain = {name: value for name, value in kept.items() if name not in {"video", "audio", "recorded_at"}}
    return MediaInfo(
        **plain,  # type: ignore[arg-type]
        video=VideoStream(**video) if isinstance(video, dict) else None,
        audio=tuple(AudioStream(**each) for each in audio) if isinstance(audio, list) else (),
        recorded_at=datetime.fromisoformat(recorded_at) if isinstance(recorded_at, str) else None,
    )


def rendition_of(row: AnyRow) -> Rendition:
    """A row of `rendition`."""
    return Rendition(
        id=RenditionId(row.id),
        recording_id=RecordingId(row.recording_id),
        kind=RenditionKind(row.kind),
        part=row.part,
        media_key=MediaKey(row.media_key),
        sha256=Sha256(row.sha256),
        byte_count=row.byte_count,
        content_type=row.content_type,
    )


def run_of(row: AnyRow, steps: list[AnyRow]) -> Run:
    """A row of `run` with its rows of `run_step`, put in the steps' order."""
    records = {step.name: step_of(step) for step in steps}
    return Run(
        id=RunId(row.id),
        recording_id=RecordingId(row.recording_id),
        state=RunState(row.state),
        steps=tuple(records[name] for name in StepName if name in records),
        created_at=row.created_at,
        finished_at=row.finished_at,
        attempt=row.attempt,
        error_name=row.error_name,
        error_message=row.error_message,
    )


def step_of(row: AnyRow) -> StepRecord:
    """A row of `run_step`."""
    return StepRecord(
        name=StepName(row.name),
        state=RunState(row.state),
        share=row.share,
        started_at=row.started_at,
        finished_at=row.finished_at,
        seconds_left=row.seconds_left,
        note=row.note,
    )


def segment_of(row: AnyRow) -> Segment:
    """A row of `segment`."""
    return Segment(
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        text=row.text,
        speaker=row.speaker,
        words=tuple(
            Word(start_ms=start_ms, end_ms=end_ms, text=text, confidence=confidence)
            for start_ms, end_ms, text, confidence in row.words
        ),
    )


def words_to_json(segment: Segment) -> list[list[object]]:
    """A segment's words as kept in a JSON column: a short list each, since there are thousands."""
    return [[word.start_ms, word.end_ms, word.text, word.confidence] for word in segment.words]


def clip_of(row: AnyRow) -> Clip:
    """A row of `clip`."""
    return Clip(
        id=ClipId(row.id),
        recording_id=RecordingId(row.recording_id),
        origin=ClipOrigin(row.origin),
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        title=row.title,
        reason=row.reason,
        marked_by=PersonId(row.marked_by) if row.marked_by else None,
    )
