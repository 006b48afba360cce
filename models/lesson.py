"""Lessons, their recordings and the files derived from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from models.ids import GrantId, LessonId, MediaKey, PairingId, PersonId, ProgrammeId, RecordingId, RenditionId, Sha256
from models.timing import Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The taught event. It may have several teachers (team teaching) and several recordings."""

    id: LessonId
    programme_id: ProgrammeId
    title: str
    teacher_ids: tuple[PersonId, ...]
    subject: str = ""
    grade: str = ""
    taught_on: date | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Why a pairing may see a lesson: given by one of its teachers, until it is withdrawn or the pairing ends."""

    id: GrantId
    lesson_id: LessonId
    pairing_id: PairingId
    given_by: PersonId
    from_at: datetime
    until_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStream:
    """A picture track. `width` and `height` are upright and in square pixels, as a player shows it.

    `rotation` is the turn (clockwise degrees, 0, 90, 180 or 270) that has to be applied to the stored picture;
    `coded_width` and `coded_height` are the stored one's. Rates are frames per second: `nominal_rate` from the header,
    `real_rate` counted. `start_ms` is how much later than the recording the picture starts. `keyframe_ms` is the
    longest stretch between two key frames, None where it was not measured.
    """

    index: int
    codec: str
    width: int
    height: int
    coded_width: int
    coded_height: int
    rotation: int = 0
    nominal_rate: float | None = None
    real_rate: float | None = None
    variable_rate: bool = False
    pixel_format: str = ""
    bit_depth: int = 8
    colour_transfer: str = ""
    hdr: bool = False
    interlaced: bool = False
    start_ms: Ms = 0
    keyframe_ms: Ms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """A sound track. `start_ms` is how much later than the recording the sound starts."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    start_ms: Ms = 0
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """What probing found in a recording's file. `recorded_at` is what the device wrote, if anything."""

    container: str
    duration_ms: Ms
    byte_count: int
    video: VideoStream | None
    audio: tuple[AudioStream, ...]
    recorded_at: datetime | None = None
    subtitle_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One uploaded original, never altered. `media` is None until it was probed."""

    id: RecordingId
    lesson_id: LessonId
    sha256: Sha256
    byte_count: int
    file_name: str
    media_key: MediaKey
    media: MediaInfo | None
    uploaded_by: PersonId
    created_at: datetime


class RenditionKind(StrEnum):
    """What a derived file is for."""

    AUDIO = "audio"
    """16 kHz mono WAV, read by the speech recogniser."""
    CLIP = "clip"
    """A clip handed out as a file of its own."""
    FRAMES = "frames"
    """Low-rate small frames, read by OpenCV."""
    PEAKS = "peaks"
    """The waveform's peaks as JSON, shown under the picture."""
    POSTER = "poster"
    """One representative frame as JPEG."""
    STORYBOARD = "storyboard"
    """Sprite sheets of small frames as JPEG, for hovering over the timeline."""
    THUMBNAILS = "thumbnails"
    """The WebVTT track that says which part of which sprite sheet shows which moment."""
    WEB = "web"
    """What browsers play: H.264 and AAC in MP4 with fast start (AAC alone for sound recordings)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A stored file derived from a recording. `part` counts files of one kind from 0."""

    id: RenditionId
    recording_id: RecordingId
    kind: RenditionKind
    part: int = 0
    media_key: MediaKey
    sha256: Sha256
    byte_count: int
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A derived file that lies in a working folder and is not stored yet."""

    kind: RenditionKind
    path: Path
    content_type: str
    part: int = 0
