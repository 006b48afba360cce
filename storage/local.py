"""Files in a folder of this machine, readable for the account that runs Debrief."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from models.errors import BadMediaKey, StoredFileMissing
from models.ids import MediaKey
from storage.media import CHUNK_BYTES, StoredFile, check_key, copy_whole, disk_errors, is_key

_TEMPORARY = ".incoming-"


class LocalStore:
    """A media store in a folder. A file is written under a temporary name, made durable, and renamed into place."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        with disk_errors():
            _make_folder(self._root)

    def put(self, key: MediaKey, source: Path) -> None:
        """See MediaStore."""
        target = self._path(key)
        with disk_errors():
            if target.is_file() and target.stat().st_size == source.stat().st_size:
                return
            _make_folder(target.parent)
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
        with disk_errors():
            copy_whole(path, into)
        return into

    def delete(self, key: MediaKey) -> None:
        """See MediaStore."""
        with disk_errors():
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
        keys = (name for name in _names(self._root, "") if name.startswith(prefix) and name > after and is_key(name))
        with disk_errors():
            return tuple(MediaKey(key) for key in islice(keys, limit))

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


def _names(folder: Path, before: str) -> Iterator[str]:
    """The names of the files in the folder and below, in the order of their keys; links are no files of ours."""
    with os.scandir(folder) as entries:
        kept = [(each.name, each.is_dir(follow_symlinks=False)) for each in entries if not each.is_symlink()]
    for name in sorted(f"{name}/" if is_folder else name for name, is_folder in kept):
        if name.endswith("/"):
            yield from _names(folder / name, before + name)
        else:
            yield before + name


def _make_folder(folder: Path) -> None:
    """The folder and those above it that are not there yet, closed to other accounts and made durable."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable: the folder's own entry has to reach the disk too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
