"""Files in a folder of this machine, readable for the account that runs Debrief."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.errors import BadMediaKey, DiskFull, StoredFileMissing, StoreUnavailable
from models.ids import MediaKey
from storage.media import CHUNK_BYTES, StoredFile, check_key

_TEMPORARY = ".incoming-"


class LocalStore:
    """A media store in a folder. A file is written under a temporary name, made durable, and renamed into place."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        with _translated():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, key: MediaKey, source: Path) -> None:
        """See MediaStore."""
        target = self._path(key)
        with _translated():
            if target.is_file() and target.stat().st_size == source.stat().st_size:
                return
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            number, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
            temporary = Path(name)
            try:
                with os.fdopen(number, "wb") as into, source.open("rb") as file:
                    shutil.copyfileobj(file, into, CHUNK_BYTES)
                    into.flush()
                    os.fsync(into.fileno())
                temporary.rename(target)
                _sync_folder(target.parent)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise

    def stat(self, key: MediaKey) -> StoredFile:
        """See MediaStore."""
        path = self._existing(key)
        return StoredFile(key=key, byte_count=path.stat().st_size)

    def exists(self, key: MediaKey) -> bool:
        """See MediaStore."""
        return self._path(key).is_file()

    def read(self, key: MediaKey, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """See MediaStore."""
        path = self._existing(key)
        return _chunks(path, start, end)

    def local_path(self, key: MediaKey) -> Path | None:
        """See MediaStore."""
        return self._existing(key)

    def fetch(self, key: MediaKey, into: Path) -> Path:
        """See MediaStore."""
        path = self._existing(key)
        with _translated():
            into.parent.mkdir(parents=True, exist_ok=True)
            part = into.with_name(f"{into.name}.part")
            shutil.copyfile(path, part)
            part.rename(into)
        return into

    def delete(self, key: MediaKey) -> None:
        """See MediaStore."""
        with _translated():
            self._path(key).unlink(missing_ok=True)

    def delete_prefix(self, prefix: str) -> int:
        """See MediaStore."""
        if not prefix:
            raise BadMediaKey
        count = 0
        while keys := self.list_keys(prefix):
            for key in keys:
                self.delete(key)
            count += len(keys)
        return count

    def list_keys(self, prefix: str = "", *, after: str = "", limit: int = 1000) -> tuple[MediaKey, ...]:
        """See MediaStore."""
        found = sorted(
            key
            for path in self._root.rglob("*")
            if path.is_file() and not path.name.startswith(_TEMPORARY)
            if (key := path.relative_to(self._root).as_posix()).startswith(prefix) and key > after
        )
        return tuple(MediaKey(key) for key in found[:limit])

    def signed_link(self, key: MediaKey, *, seconds: int, content_type: str) -> str | None:
        """See MediaStore: a folder has no links, the web process serves its files."""
        check_key(key)
        return None

    def sweep(self, *, older_than_s: float, now_s: float) -> int:
        """Remove what writers that were killed left behind; says how many files."""
        count = 0
        for path in self._root.rglob(f"{_TEMPORARY}*"):
            with suppress(FileNotFoundError):
                if now_s - path.stat().st_mtime > older_than_s:
                    path.unlink()
                    count += 1
        return count

    def _path(self, key: MediaKey) -> Path:
        """The file's path, proved again to lie inside the root after links are followed."""
        path = (self._root / check_key(key)).resolve()
        if not path.is_relative_to(self._root):
            raise BadMediaKey
        return path

    def _existing(self, key: MediaKey) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise StoredFileMissing
        return path


def _chunks(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = None if end is None else max(0, end - start)
        while left is None or left > 0:
            chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
            if not chunk:
                return
            left = None if left is None else left - len(chunk)
            yield chunk


def _sync_folder(folder: Path) -> None:
    """Make a rename durable: the folder's own entry has to reach the disk too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StoredFileMissing from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull from error
        raise StoreUnavailable(os.strerror(error.errno or 0)) from error
