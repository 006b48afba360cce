"""The media store: what every maker of it promises, and how its keys are made."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.errors import BadMediaKey, DiskFull, FileMissing, StoredFileMissing, StoreUnavailable
from models.ids import MediaKey, Sha256

CHUNK_BYTES = 1024 * 1024

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}(/[a-z0-9][a-z0-9_-]{0,63}){1,4}(\.[a-z0-9]{1,8})?")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What the store knows of a file."""

    key: MediaKey
    byte_count: int


class MediaStore(Protocol):
    """Where files are kept. Everything in it is private; keys carry the content, so storing twice is harmless."""

    def put(self, key: MediaKey, source: Path) -> None:
        """Keep a copy of the file under the key, all of it or nothing. Raises DiskFull, StoreUnavailable."""

    def stat(self, key: MediaKey) -> StoredFile:
        """What is known of the file. Raises StoredFileMissing."""

    def exists(self, key: MediaKey) -> bool:
        """Whether there is such a file."""

    def read(self, key: MediaKey, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in chunks of at most CHUNK_BYTES.

        Raises StoredFileMissing before the first chunk.
        """

    def local_path(self, key: MediaKey) -> Path | None:
        """The file on this machine, to be read only; None where the store is elsewhere. Raises StoredFileMissing."""

    def fetch(self, key: MediaKey, into: Path) -> Path:
        """Make a copy of the file at the path `into` and return that path. Raises StoredFileMissing, DiskFull."""

    def delete(self, key: MediaKey) -> None:
        """Remove the file; harmless when it is gone already."""

    def delete_prefix(self, prefix: str) -> int:
        """Remove every file whose key begins with the prefix, which is not empty; says how many."""

    def list_keys(self, prefix: str = "", *, after: str = "", limit: int = 1000) -> tuple[MediaKey, ...]:
        """Keys in order, from the first behind `after`, at most `limit`."""

    def signed_link(self, key: MediaKey, *, seconds: int, content_type: str) -> str | None:
        """A link that opens this one file for so long, None where the store has no links."""


def build_key(folder: str, sha256: Sha256, suffix: str) -> MediaKey:
    """The key of a file with that content, such as `recordings/ab/abcd….mp4`; a strange suffix is left out."""
    lowered = suffix.lower()
    return check_key(f"{folder}/{sha256[:2]}/{sha256}{lowered if _SUFFIX.fullmatch(lowered) else ''}")


def is_key(text: str) -> bool:
    """Whether this is a key: lower-case words between slashes."""
    return _KEY.fullmatch(text) is not None


def check_key(key: str) -> MediaKey:
    """The key, if it is one. Raises BadMediaKey for anything else."""
    if not is_key(key):
        raise BadMediaKey
    return MediaKey(key)


@contextmanager
def disk_errors() -> Iterator[None]:
    """The disk's troubles in our words."""
    try:
        yield
    except FileNotFoundError as error:
        raise StoredFileMissing from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull from error
        raise StoreUnavailable(os.strerror(error.errno) if error.errno else "") from error


def copy_whole(source: Path, into: Path) -> None:
    """A copy of the file at the path `into`: all of it, or nothing that bears that name."""
    part = into.with_name(f"{into.name}.part")
    try:
        into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, part)
        part.rename(into)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sha256_of(path: Path) -> Sha256:
    """The SHA-256 of a file, read in a stream. Raises FileMissing."""
    try:
        with path.open("rb") as file:
            return Sha256(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise FileMissing(path.name) from error
