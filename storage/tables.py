"""The tables. What rows mean is in `models/`; here is only how they are kept."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: kept in UTC without a zone, given back with it, the same on every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Prose(TypeDecorator[str]):
    """Text of any length, from people, files or tools.

    NUL is left out and half a character becomes "?": not every database keeps them, and no text may be lost for one.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, key: bool = False, index: bool = False) -> Column[str]:
    return Column(
        name,
        String(64),
        ForeignKey(f"{target}.id", ondelete="CASCADE"),
        nullable=nullable,
        primary_key=key,
        index=index,
    )


# People ------------------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _id(),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Prose, nullable=False),
    Column("is_administrator", Boolean, nullable=False),
    Column("password_hash", String(255)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    _ref("person_id", "person", index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

programme = Table(
    "programme",
    metadata,
    _id(),
    Column("name", Prose, nullable=False),
    Column("read_only_days", Integer, nullable=False),
)

programme_coordinator = Table(
    "programme_coordinator",
    metadata,
    _ref("programme_id", "programme", key=True),
    _ref("person_id", "person", key=True, index=True),
)

pairing = Table(
    "pairing",
    metadata,
    _id(),
    _ref("programme_id", "programme", index=True),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("closes_at", UtcDateTime),
    Column("levels_on", Boolean, nullable=False),
)

pairing_member = Table(
    "pairing_member",
    metadata,
    _ref("pairing_id", "pairing", key=True),
    _ref("person_id", "person", key=True, index=True),
    Column("role", String(16), nullable=False),
)

# Lessons and media -------------------------------------------------------------------------------------------------

lesson = Table(
    "lesson",
    metadata,
    _id(),
    _ref("programme_id", "programme", index=True),
    Column("title", Prose, nullable=False),
    Column("subject", Prose, nullable=False),
    Column("grade", Prose, nullable=False),
    Column("taught_on", Date),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("newest_change", Integer, nullable=False, server_default="0"),
)

lesson_teacher = Table(
    "lesson_teacher",
    metadata,
    _ref("lesson_id", "lesson", key=True),
    _ref("person_id", "person", key=True, index=True),
    Column("position", Integer, nullable=False),
)

lesson_grant = Table(
    "lesson_grant",
    metadata,
    _id(),
    _ref("lesson_id", "lesson", index=True),
    _ref("pairing_id", "pairing", index=True),
    _ref("given_by", "person"),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
)

recording = Table(
    "recording",
    metadata,
    _id(),
    _ref("lesson_id", "lesson"),
    Column("sha256", String(64), nullable=False, index=True),
    Column("byte_count", BigInteger, nullable=False),
    Column("file_name", Prose, nullable=False),
    Column("media_key", String(200), nullable=False),
    Column("media", JSON),
    _ref("uploaded_by", "person"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("lesson_id", "sha256"),
)

rendition = Table(
    "rendition",
    metadata,
    _id(),
    _ref("recording_id", "recording"),
    Column("kind", String(16), nullable=False),
    Column("part", Integer, nullable=False),
    Column("media_key", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("content_type", String(100), nullable=False),
    UniqueConstraint("recording_id", "kind", "part"),
)

run = Table(
    "run",
    metadata,
    _id(),
    _ref("recording_id", "recording", index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("error_name", String(64)),
    Column("error_message", Prose),
)

run_step = Table(
    "run_step",
    metadata,
    _ref("run_id", "run", key=True),
    Column("name", String(32), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("share", Float, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("seconds_left", Float),
    Column("note", Prose, nullable=False),
)

# Speech and clips --------------------------------------------------------------------------------------------------

transcript = Table(
    "transcript",
    metadata,
    _id(),
    _ref("recording_id", "recording"),
    Column("version", Integer, nullable=False),
    Column("engine", String(16), nullable=False),
    Column("language", Prose, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("recording_id", "version"),
)

segment = Table(
    "segment",
    metadata,
    _ref("transcript_id", "transcript", key=True),
    Column("position", Integer, primary_key=True),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("text", Prose, nullable=False),
    Column("speaker", Prose, nullable=False),
    Column("words", JSON, nullable=False),
)

clip = Table(
    "clip",
    metadata,
    _id(),
    _ref("recording_id", "recording", index=True),
    Column("origin", String(16), nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("title", Prose, nullable=False),
    Column("reason", Prose, nullable=False),
    _ref("marked_by", "person", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
)

# Feedback ----------------------------------------------------------------------------------------------------------

comment = Table(
    "comment",
    metadata,
    _id(),
    _ref("lesson_id", "lesson"),
    _ref("recording_id", "recording"),
    _ref("pairing_id", "pairing", nullable=True, index=True),
    _ref("author_id", "person", index=True),
    Column("kind", String(16), nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("body", Prose, nullable=False),
    Column("reply_to", String(64), ForeignKey("comment.id", ondelete="CASCADE")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("revision", Integer, nullable=False),
    Column("change", Integer, nullable=False),
    Index(None, "lesson_id", "change"),
)

comment_tag = Table(
    "comment_tag",
    metadata,
    _ref("comment_id", "comment", key=True),
    Column("position", Integer, primary_key=True),
    Column("rubric_id", Prose, nullable=False),
    Column("rubric_version", Prose, nullable=False),
    Column("criterion", Prose, nullable=False),
    Column("level", Prose),
)

comment_version = Table(
    "comment_version",
    metadata,
    _ref("comment_id", "comment", key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("body", Prose, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)
