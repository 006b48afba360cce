"""The web's tests on the small school: real files in the store, passwords, and lessons in every state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from models.access import Viewer
from models.ids import CommentId, LessonId, PairingId, PersonId, ProgrammeId, RecordingId
from models.lesson import RenditionKind
from models.run import RunState, StepName
from models.settings import Settings
from pipeline.bootstrap import Services, now, open_services
from storage.media import build_key, sha256_of
from storage.passwords import hash_password
from tests import builders
from tests.builders import MEDIA

PASSWORD = "heron-maple-olive-2718"
TITLE = "Fractions of a set"
SPOKEN = "What is a third of twelve?"
SAID = "A word of daniel"
NOTED = "A note of daniel"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The school of `tests.builders` with all that the web needs around it."""

    services: Services
    school: builders.World

    @property
    def people(self) -> Mapping[str, PersonId]:
        return self.school.people

    @property
    def programme(self) -> ProgrammeId:
        return self.school.programme

    @property
    def lesson(self) -> LessonId:
        return self.school.lesson

    @property
    def recording(self) -> RecordingId:
        return self.school.recording

    @property
    def pairing(self) -> PairingId:
        """Mia's with Daniel, which lasts."""
        return self.school.pairing

    @property
    def other_pairing(self) -> PairingId:
        """Mia's with Lena, which the lesson is not shared with."""
        return self.school.ungranted_pairing

    @property
    def comment(self) -> CommentId:
        """Daniel's, in his pairing."""
        return self.school.comment

    @property
    def note(self) -> CommentId:
        """Daniel's own."""
        return self.school.daniels_note

    def viewer(self, name: str, *, at: datetime | None = None) -> Viewer:
        """The person as things stand."""
        with self.services.database.view() as unit:
            return unit.people.viewer(self.people[name], at=at or now())


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


def build_world(folder: Path) -> World:
    """The school in an empty folder: its lesson is ready to watch, and everybody can sign in."""
    services = open_services(Settings(data_dir=folder), migrate=True)
    world = World(services=services, school=builders.build_world(services.database, now()))
    with services.database.unit() as unit:
        for each in world.people.values():
            unit.people.set_password_hash(each, _password_hash())
        unit.people.set_levels(world.viewer("daniel"), world.pairing, on=True)
    add_files(services, folder, world.recording, FILES)
    finish_run(services, world.recording, now())
    return world


FILES: dict[RenditionKind, tuple[bytes, str, str]] = {
    RenditionKind.WEB: (bytes(range(256)) * 8192, ".mp4", "video/mp4"),
    RenditionKind.POSTER: (b"\xff\xd8\xff\xe0 a picture \xff\xd9", ".jpg", "image/jpeg"),
    RenditionKind.STORYBOARD: (b"\xff\xd8\xff\xe0 small pictures \xff\xd9", ".jpg", "image/jpeg"),
    RenditionKind.THUMBNAILS: (b"WEBVTT\n\n00:00.000 --> 00:10.000\nstoryboard#xywh=0,0,8,8\n", ".vtt", "text/vtt"),
    RenditionKind.PEAKS: (json.dumps({"peaks": [0, 1]}).encode(), ".json", "application/json"),
    RenditionKind.AUDIO: (b"RIFF the machine's own", ".wav", "audio/wav"),
}


def add_recording(services: Services, folder: Path, lesson: LessonId, teacher: PersonId) -> RecordingId:
    """A recording of four minutes, without files."""
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
            at=now(),
        )
        unit.lessons.set_media(services.machine, recording.id, MEDIA)
    return recording.id


def add_files(
    services: Services, folder: Path, recording: RecordingId, files: Mapping[RenditionKind, tuple[bytes, str, str]]
) -> None:
    """Renditions of the recording, each with its content, suffix and type."""
    for kind, (content, suffix, content_type) in files.items():
        path = folder / f"made{suffix}"
        path.write_bytes(content)
        sha256 = sha256_of(path)
        key = build_key("renditions", sha256, suffix)
        services.store.put(key, path)
        with services.database.unit() as unit:
            unit.lessons.add_rendition(
                services.machine,
                recording_id=recording,
                kind=kind,
                media_key=key,
                sha256=sha256,
                byte_count=len(content),
                content_type=content_type,
            )


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
    recording = add_recording(world.services, folder, lesson, world.people[teacher])
    add_files(world.services, folder, recording, files)
    finish_run(world.services, recording, at, state)
    return lesson, recording
