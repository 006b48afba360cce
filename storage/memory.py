"""Files in memory: the double that passes the same contract, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.errors import BadMediaKey, StoredFileMissing
from models.ids import MediaKey
from storage.media import CHUNK_BYTES, StoredFile, check_key, disk_errors


class MemoryStore:
    """A media store that forgets everything when the process ends."""

    def __init__(self) -> None:
        self._files: dict[MediaKey, bytes] = {}

    def put(self, key: MediaKey, source: Path) -> None:
        """See MediaStore."""
        checked = check_key(key)
        with disk_errors():
            self._files[checked] = source.read_bytes()

    def stat(self, key: MediaKey) -> StoredFile:
        """See MediaStore."""
        return StoredFile(key=key, byte_count=len(self._content(key)))

    def exists(self, key: MediaKey) -> bool:
        """See MediaStore."""
        return check_key(key) in self._files

    def read(self, key: MediaKey, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """See MediaStore."""
        part = self._content(key)[start:end]
        return (part[at : at + CHUNK_BYTES] for at in range(0, len(part), CHUNK_BYTES))

    def local_path(self, key: MediaKey) -> Path | None:
        """See MediaStore."""
        self._content(key)
        return None

    def fetch(self, key: MediaKey, into: Path) -> Path:
        """See MediaStore."""
        content = self._content(key)
        with disk_errors():
            into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            into.write_bytes(content)
        return into

    def delete(self, key: MediaKey) -> None:
        """See MediaStore."""
        self._files.pop(check_key(key), None)

    def delete_prefix(self, prefix: str) -> int:
        """See MediaStore."""
        if not prefix:
            raise BadMediaKey
        doomed = [key for key in self._files if key.startswith(prefix)]
        for key in doomed:
            del self._files[key]
        return len(doomed)

    def list_keys(self, prefix: str = "", *, after: str = "", limit: int = 1000) -> tuple[MediaKey, ...]:
        """See MediaStore."""
        return tuple(sorted(key for key in self._files if key.startswith(prefix) and key > after)[:limit])

    def signed_link(self, key: MediaKey, *, seconds: int, content_type: str) -> str | None:
        """See MediaStore: there are no links into memory."""
        check_key(key)
        return None

    def _content(self, key: MediaKey) -> bytes:
        content = self._files.get(check_key(key))
        if content is None:
            raise StoredFileMissing
        return content
