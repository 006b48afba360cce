"""A small school for the web's tests: people in every relation to one lesson, and the lesson itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from models.access import Viewer
from models.clip import ProposedClip
from models.feedback import CommentDraft, Tag
from models.ids import CommentId, LessonId, PairingId, PersonId, ProgrammeId, RecordingId
from models.lesson import AudioStream, MediaInfo, RenditionKind, VideoStream
from models.people import PairingRole
from models.run import RunState, StepName
from models.settings import Settings
from models.transcript import Engine, Segment, Transcript, Word
from pipeline.bootstrap import Services, now, open_services
from storage.media import build_key, sha256_of
from storage.passwords import hash_password

PASSWORD = "heron-maple-olive-2718"
TITLE = "Fractions of a set"
SPOKEN = "What is a third of twelve"
SAID = "You waited, and Sami found it"
NOTED = "Ask her about the board"
NAMES = {
    "mia": "Mia Novak",  # taught the lesson; mentee in both pairings
    "tom": "Tom Berg",  # taught it with her
    "daniel": "Daniel Okafor",  # mentor in the pairing that lasts
    "erik": "Erik Sand",  # mentor in a pairing that ended and can still be read
    "nora": "Nora Vale",  # mentor in a pairing that is closed
    "lena": "Lena Ruiz",  # in a pairing with Mia that the lesson is not shared with
    "ruth": "Ruth Lindqvist",  # coordinator of the programme
    "omar": "Omar Haddad",  # a teacher with no part in it
    "ada": "Ada Berg",  # administrator of the server
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is, by name."""

    services: Services
    people: Mapping[str, PersonId]
    programme: ProgrammeId
    pairing: PairingId
    other_pairing: PairingId
    lesson: LessonId
    recording: RecordingId
    comment: CommentId
    note: CommentId

    def viewer(self, name: str, *, at: datetime | None = None) -> Viewer:
        """The person as things stand."""
        with self.services.database.view() as unit:
            return unit.people.viewer(self.people[name], at=at or now())


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


def build_world(folder: Path) -> World:
    """The school in an empty folder: one lesson that is ready, another under way, one that failed."""
    services = open_services(Settings(data_dir=folder), migrate=True)
    at = now()
    with services.database.unit() as unit:
        people = {
            key: unit.people.add_person(
                email=f"{key}@school.example",
                name=name,
                is_administrator=key == "ada",
                password_hash=_password_hash(),
                at=at,
            ).id
            for key, name in NAMES.items()
        }
        programme = unit.people.add_programme(name="First years").id
        unit.people.add_coordinator(programme, people["ruth"])
        begun = at - timedelta(days=400)

        def pair(mentor: str, until_at: datetime | None, *, levels_on: bool = False) -> PairingId:
            return unit.people.add_pairing(
                programme_id=programme,
                members={people["mia"]: PairingRole.MENTEE, people[mentor]: PairingRole.MENTOR},
                from_at=begun,
                until_at=until_at,
                levels_on=levels_on,
            ).id

        pairing = pair("daniel", at + timedelta(days=200), levels_on=True)
        ended = pair("erik", at + timedelta(seconds=1))
        closed = pair("nora", at + timedelta(seconds=1))
        other = pair("lena", None)
        mia = unit.people.viewer(people["mia"], at=at)
        lesson = unit.lessons.add_lesson(
            programme_id=programme,
            title=TITLE,
            teacher_ids=(people["mia"], people["tom"]),
            subject="Mathematics",
            grade="4",
            taught_on=at.date(),
            at=at,
        ).id
        for each in (pairing, ended, closed):
            unit.lessons.share(mia, lesson, each, at=at)
        # Only a lasting pairing can be given a lesson, so these two end after they got it.
        unit.people.end_pairing(ended, at=at - timedelta(days=3))
        unit.people.end_pairing(closed, at=at - timedelta(days=300))
    recording = add_recording(services, folder, lesson, people["mia"], at=at)
    finish_run(services, recording, at)
    comment, note = _add_words(services, people["daniel"], recording, pairing, at)
    return World(
        services=services,
        people=people,
        programme=programme,
        pairing=pairing,
        other_pairing=other,
        lesson=lesson,
        recording=recording,
        comment=comment,
        note=note,
    )


FILES: dict[RenditionKind, tuple[bytes, str, str]] = {
    RenditionKind.WEB: (bytes(range(256)) * 8192, ".mp4", "video/mp4"),
    RenditionKind.POSTER: (b"\xff\xd8\xff\xe0 a picture \xff\xd9", ".jpg", "image/jpeg"),
    RenditionKind.STORYBOARD: (b"\xff\xd8\xff\xe0 small pictures \xff\xd9", ".jpg", "image/jpeg"),
    RenditionKind.THUMBNAILS: (b"WEBVTT\n\n00:00.000 --> 00:10.000\nstoryboard#xywh=0,0,8,8\n", ".vtt", "text/vtt"),
    RenditionKind.PEAKS: (json.dumps({"peaks": [0, 1]}).encode(), ".json", "application/json"),
    RenditionKind.AUDIO: (b"RIFF the machine's own", ".wav", "audio/wav"),
}


def add_recording(
    services: Services,
    folder: Path,
    lesson: LessonId,
    teacher: PersonId,
    *,
    at: datetime,
    files: Mapping[RenditionKind, tuple[bytes, str, str]] = FILES,
) -> RecordingId:
    """A recording of four minutes with its files."""
    original = folder / f"{lesson}.mov"
    original.write_bytes(f"the original of {lesson}".encode())
    sha256 = sha256_of(original)
    with services.database.unit() as unit:
        recording = unit.lessons.add_recording(
            lesson_id=lesson,
            sha256=sha256,
            byte_count=original.stat().st_size,
            file_name="IMG_0001.MOV",
            media_key=build_key("recordings", sha256, ".mov"),
            uploaded_by=teacher,
            at=at,
        )
        unit.lessons.set_media(
            services.machine,
            recording.id,
            MediaInfo(
                container="mov",
                duration_ms=240_000,
                byte_count=original.stat().st_size,
                video=VideoStream(index=0, codec="h264", width=1280, height=720, coded_width=1280, coded_height=720),
                audio=(AudioStream(index=1, codec="aac", sample_rate=48_000, channels=2),),
            ),
        )
    for kind, (content, suffix, content_type) in files.items():
        path = folder / f"made{suffix}"
        path.write_bytes(content)
        sha256 = sha256_of(path)
        key = build_key("renditions", sha256, suffix)
        services.store.put(key, path)
        with services.database.unit() as unit:
            unit.lessons.add_rendition(
                services.machine,
                recording_id=recording.id,
                kind=kind,
                media_key=key,
                sha256=sha256,
                byte_count=len(content),
                content_type=content_type,
            )
    return recording.id


def finish_run(services: Services, recording: RecordingId, at: datetime, state: RunState = RunState.DONE) -> None:
    """A run of the recording that ended well; RUNNING stops in the middle, FAILED fails there."""
    machine = services.machine
    with services.database.unit() as unit:
        run = unit.runs.add_run(recording_id=recording, at=at)
        for name in StepName:
            unit.runs.start_step(machine, run.id, name, at=at)
            if name is StepName.TRANSCRIBE and state is not RunState.DONE:
                unit.runs.report(machine, run.id, name, share=0.5, seconds_left=170.0)
                break
            unit.runs.finish_step(machine, run.id, name, at=at)
        if state is RunState.DONE:
            unit.runs.finish(machine, run.id, state, at=at)
        elif state is RunState.FAILED:
            unit.runs.finish(
                machine,
                run.id,
                state,
                at=at,
                error_name="DamagedMedia",
                error_message="The recording is damaged.",
            )


def add_lesson(
    world: World,
    folder: Path,
    *,
    title: str,
    teacher: str = "mia",
    state: RunState | None = None,
    pairing: PairingId | None = None,
    files: Mapping[RenditionKind, tuple[bytes, str, str]] = FILES,
) -> tuple[LessonId, RecordingId | None]:
    """Another lesson; with a `state` it has a recording whose run stands there, with a `pairing` it is shared."""
    at = now()
    with world.services.database.unit() as unit:
        lesson = unit.lessons.add_lesson(
            programme_id=world.programme, title=title, teacher_ids=(world.people[teacher],), at=at
        ).id
        if pairing is not None:
            unit.lessons.share(unit.people.viewer(world.people[teacher], at=at), lesson, pairing, at=at)
    if state is None:
        return lesson, None
    recording = add_recording(world.services, folder, lesson, world.people[teacher], at=at, files=files)
    finish_run(world.services, recording, at, state)
    return lesson, recording


def _add_words(
    services: Services, daniel: PersonId, recording: RecordingId, pairing: PairingId, at: datetime
) -> tuple[CommentId, CommentId]:
    words = tuple(
        Word(start_ms=1000 + 300 * place, end_ms=1250 + 300 * place, text=each, confidence=0.9)
        for place, each in enumerate(SPOKEN.split())
    )
    segment = Segment(start_ms=1000, end_ms=4000, text=f"{SPOKEN}?", speaker="Mia", words=words)
    with services.database.unit() as unit:
        machine = services.machine
        transcript = Transcript(engine=Engine.CAPTIONS, language="en", segments=(segment,))
        unit.transcripts.add(machine, recording, transcript, at=at)
        clip = ProposedClip(start_ms=0, end_ms=60_000, title="Opening", reason="The lesson begins.")
        unit.clips.replace_proposed(machine, recording, [clip], at=at)
        author = unit.people.viewer(daniel, at=at)
        tag = Tag(rubric_id=services.rubric.id, rubric_version=services.rubric.version, criterion="move.pause")
        comment = unit.feedback.add_comment(
            author,
            CommentDraft(
                id=CommentId("00000000-0000-4000-8000-000000000001"),
                recording_id=recording,
                pairing_id=pairing,
                start_ms=2000,
                end_ms=3000,
                body=SAID,
                tags=(tag,),
            ),
            at=at,
        )
        note = unit.feedback.add_comment(
            author,
            CommentDraft(
                id=CommentId("00000000-0000-4000-8000-000000000002"),
                recording_id=recording,
                pairing_id=None,
                start_ms=5000,
                end_ms=5000,
                body=NOTED,
            ),
            at=at,
        )
    return comment.id, note.id
