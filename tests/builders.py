"""A small school: a person in every relation to one lesson, and what the lesson holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from models.access import Machine, Viewer
from models.clip import ProposedClip
from models.feedback import CommentDraft, Tag
from models.ids import CommentId, GrantId, LessonId, PairingId, PersonId, ProgrammeId, RecordingId, RunId, Sha256
from models.lesson import AudioStream, MediaInfo, RenditionKind, VideoStream
from models.people import PairingRole
from models.transcript import Engine, Segment, Transcript, Word
from storage.database import Database, Unit
from storage.media import build_key

MACHINE = Machine()
DURATION_MS = 240_000
SHA256 = Sha256("ab" * 32)

MEDIA = MediaInfo(
    container="mov",
    duration_ms=DURATION_MS,
    byte_count=1_000,
    video=VideoStream(index=0, codec="h264", width=1280, height=720, coded_width=1280, coded_height=720),
    audio=(AudioStream(index=1, codec="aac", sample_rate=48_000, channels=2),),
)
TRANSCRIPT = Transcript(
    engine=Engine.CAPTIONS,
    language="en",
    segments=(
        Segment(
            start_ms=1_000,
            end_ms=2_500,
            text="What is a third of twelve?",
            speaker="Mia",
            words=(
                Word(start_ms=1_000, end_ms=1_200, text="What", confidence=0.9),
                Word(start_ms=1_200, end_ms=1_400, text="is", confidence=None),
            ),
        ),
        Segment(start_ms=4_000, end_ms=4_500, text="Four."),
    ),
)
CLIPS = (
    ProposedClip(start_ms=0, end_ms=60_000, title="Opening", reason="The lesson begins."),
    ProposedClip(start_ms=60_000, end_ms=150_000, title="Halves", reason="The topic changes."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Who and what there is, by id.

    Mia and her co-teacher taught the lesson. It is shared with Mia's pairings with Daniel (active), Ines (ended, can
    still be read) and Otto (closed); not with her pairing with Lena.
    """

    at: datetime
    programme: ProgrammeId
    other_programme: ProgrammeId
    mia: PersonId
    co_teacher: PersonId
    daniel: PersonId
    ines: PersonId
    otto: PersonId
    lena: PersonId
    coordinator: PersonId
    other_coordinator: PersonId
    administrator: PersonId
    outsider: PersonId
    pairing: PairingId
    ended_pairing: PairingId
    closed_pairing: PairingId
    ungranted_pairing: PairingId
    lesson: LessonId
    grant: GrantId
    recording: RecordingId
    run: RunId
    comment: CommentId
    ended_comment: CommentId
    closed_comment: CommentId
    mias_note: CommentId
    daniels_note: CommentId

    @property
    def people(self) -> dict[str, PersonId]:
        """Everybody, by the name of the part that they play."""
        return {name: getattr(self, name) for name in PARTS}

    def viewer(self, unit: Unit, name: str, *, at: datetime | None = None) -> Viewer:
        """The person as things stand now, or at another time."""
        return unit.people.viewer(self.people[name], at=at or self.at)


PARTS = (
    "mia",
    "co_teacher",
    "daniel",
    "ines",
    "otto",
    "lena",
    "coordinator",
    "other_coordinator",
    "administrator",
    "outsider",
)


def new_comment_id() -> CommentId:
    """An id as a device makes it."""
    return CommentId(str(uuid4()))


def build_draft(
    recording_id: RecordingId,
    pairing_id: PairingId | None,
    body: str = "You waited, and Sami found it.",
    *,
    comment_id: CommentId | None = None,
    reply_to: CommentId | None = None,
    tags: tuple[Tag, ...] = (),
    start_ms: int = 1_000,
) -> CommentDraft:
    """What a person asks to be kept."""
    return CommentDraft(
        id=comment_id or new_comment_id(),
        recording_id=recording_id,
        pairing_id=pairing_id,
        start_ms=start_ms,
        end_ms=start_ms + 500,
        body=body,
        tags=tags,
        reply_to=reply_to,
    )


def build_world(database: Database, at: datetime) -> World:
    """The school in an empty database, as things are at `at`."""
    with database.unit() as unit:
        return _Builder(unit, at).world()


class _Builder:
    def __init__(self, unit: Unit, at: datetime) -> None:
        self.unit, self.at = unit, at
        self.began = at - timedelta(days=300)
        self.people = {
            name: unit.people.add_person(
                email=f"{name}@school.example",
                name=name.title(),
                is_administrator=name == "administrator",
                at=self.began,
            ).id
            for name in PARTS
        }
        self.programme = unit.people.add_programme(name="First years").id
        self.other_programme = unit.people.add_programme(name="Second years").id
        unit.people.add_coordinator(self.programme, self.people["coordinator"])
        unit.people.add_coordinator(self.other_programme, self.people["other_coordinator"])

    def world(self) -> World:
        pairings = {name: self.pair(name) for name in ("daniel", "ines", "otto", "lena")}
        lesson = self.unit.lessons.add_lesson(
            programme_id=self.programme,
            title="Fractions of a set",
            teacher_ids=(self.people["mia"], self.people["co_teacher"]),
            subject="Mathematics",
            grade="4",
            taught_on=self.began.date(),
            at=self.began,
        ).id
        mia = self.viewer("mia")
        grants = {
            name: self.unit.lessons.share(mia, lesson, pairings[name], at=self.began).id
            for name in ("daniel", "ines", "otto")
        }
        recording = self.record(lesson)
        said = {
            name: self.say(name, recording, pairings[name], f"A word of {name}") for name in ("daniel", "ines", "otto")
        }
        notes = {name: self.say(name, recording, None, f"A note of {name}") for name in ("mia", "daniel")}
        self.unit.people.end_pairing(pairings["ines"], at=self.at - timedelta(days=3))
        self.unit.people.end_pairing(pairings["otto"], at=self.at - timedelta(days=100))
        return World(
            at=self.at,
            programme=self.programme,
            other_programme=self.other_programme,
            **self.people,
            pairing=pairings["daniel"],
            ended_pairing=pairings["ines"],
            closed_pairing=pairings["otto"],
            ungranted_pairing=pairings["lena"],
            lesson=lesson,
            grant=grants["daniel"],
            recording=recording,
            run=self.unit.runs.add_run(recording_id=recording, at=self.began).id,
            comment=said["daniel"],
            ended_comment=said["ines"],
            closed_comment=said["otto"],
            mias_note=notes["mia"],
            daniels_note=notes["daniel"],
        )

    def viewer(self, name: str) -> Viewer:
        return self.unit.people.viewer(self.people[name], at=self.began)

    def pair(self, mentor: str) -> PairingId:
        members = {self.people["mia"]: PairingRole.MENTEE, self.people[mentor]: PairingRole.MENTOR}
        return self.unit.people.add_pairing(programme_id=self.programme, members=members, from_at=self.began).id

    def record(self, lesson: LessonId) -> RecordingId:
        recording = self.unit.lessons.add_recording(
            lesson_id=lesson,
            sha256=SHA256,
            byte_count=1_000,
            file_name="IMG_0001.MOV",
            media_key=build_key("recordings", SHA256, ".mov"),
            uploaded_by=self.people["mia"],
            at=self.began,
        ).id
        self.unit.lessons.set_media(MACHINE, recording, MEDIA)
        for kind, suffix, content_type in (
            (RenditionKind.WEB, ".mp4", "video/mp4"),
            (RenditionKind.POSTER, ".jpg", "image/jpeg"),
        ):
            self.unit.lessons.add_rendition(
                MACHINE,
                recording_id=recording,
                kind=kind,
                media_key=build_key("renditions", SHA256, suffix),
                sha256=SHA256,
                byte_count=10,
                content_type=content_type,
            )
        self.unit.transcripts.add(MACHINE, recording, TRANSCRIPT, at=self.began)
        self.unit.clips.replace_proposed(MACHINE, recording, CLIPS, at=self.began)
        return recording

    def say(self, name: str, recording: RecordingId, pairing: PairingId | None, body: str) -> CommentId:
        draft = build_draft(recording, pairing, body)
        return self.unit.feedback.add_comment(self.viewer(name), draft, at=self.began).id
