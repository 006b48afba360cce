"""What only a folder can get wrong: who may read it, links out of it, torn files, a full disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import BadMediaKey, DiskFull, StoredFileMissing, StoreUnavailable
from models.ids import MediaKey
from models.settings import Settings
from storage.local import LocalStore
from storage.stores import open_store

Written = Callable[[bytes], Path]
KEY = MediaKey("recordings/ab/abcd.mp4")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data/media"


@pytest.fixture
def store(root: Path) -> LocalStore:
    return LocalStore(root)


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if not path.is_dir())


def test_files_and_folders_are_closed_to_other_accounts(root: Path, file: Written) -> None:
    earlier = os.umask(0)
    try:
        LocalStore(root).put(KEY, file(b"x"))
    finally:
        os.umask(earlier)
    modes = {path.relative_to(root.parent).as_posix(): path.stat().st_mode & 0o777 for path in root.parent.rglob("*")}
    assert modes == {
        "media": 0o700,
        "media/recordings": 0o700,
        "media/recordings/ab": 0o700,
        f"media/{KEY}": 0o600,
    }
    assert root.parent.stat().st_mode & 0o777 == 0o700


def test_a_link_out_of_the_folder_is_refused(store: LocalStore, root: Path, tmp_path: Path, file: Written) -> None:
    secret = tmp_path / "secret"
    (secret / "ab").mkdir(parents=True)
    (secret / "ab/abcd.mp4").write_bytes(b"not ours")
    (root / "recordings").symlink_to(secret)
    (root / "links").mkdir()
    (root / "links/one.mp4").symlink_to(secret / "ab/abcd.mp4")
    for key in (KEY, MediaKey("links/one.mp4")):
        for call in (store.stat, store.exists, store.local_path, store.delete, lambda each: list(store.read(each))):
            with pytest.raises(BadMediaKey):
                call(key)
        with pytest.raises(BadMediaKey):
            store.put(key, file(b"x"))
    assert store.list_keys() == ()
    assert store.delete_prefix("links/") == 0
    assert (secret / "ab/abcd.mp4").read_bytes() == b"not ours"


def test_a_stranger_in_the_folder_is_neither_listed_nor_removed(store: LocalStore, root: Path, file: Written) -> None:
    store.put(KEY, file(b"x"))
    (root / "recordings/Read Me.TXT").write_bytes(b"not ours")
    assert store.list_keys() == (KEY,)
    assert store.delete_prefix("recordings/") == 1
    assert names(root) == ["Read Me.TXT"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_named_and_leaves_nothing(
    store: LocalStore, root: Path, file: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(*, prefix: str, **where: Path) -> tuple[int, str]:
        path = where["dir"] / f"{prefix}full"
        path.touch()
        return os.open("/dev/full", os.O_WRONLY), str(path)

    monkeypatch.setattr("tempfile.mkstemp", on_a_full_disk)
    with pytest.raises(DiskFull):
        store.put(KEY, file(b"x" * 100_000))
    assert names(root) == []
    assert not store.exists(KEY)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_named_when_a_file_is_fetched(store: LocalStore, file: Written, tmp_path: Path) -> None:
    store.put(KEY, file(b"x" * 100_000))
    (tmp_path / "fetched.mp4.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        store.fetch(KEY, tmp_path / "fetched.mp4")
    assert list(tmp_path.glob("fetched*")) == []


def test_a_root_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        LocalStore(tmp_path / "file/media")


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from storage.local import LocalStore
kept = shutil.copyfileobj
def torn(source, into, size):
    into.write(source.read(10))
    into.flush()
    os.kill(os.getpid(), signal.SIGKILL)
shutil.copyfileobj = torn
LocalStore(Path(sys.argv[1])).put("recordings/ab/abcd.mp4", Path(sys.argv[2]))
"""


def test_a_writer_that_is_killed_leaves_nothing_to_be_seen_and_is_swept_up(
    store: LocalStore, root: Path, file: Written
) -> None:
    path = file(b"x" * 100_000)
    ended = subprocess.run([sys.executable, "-c", KILLED, root, path], cwd=ROOT, check=False)
    assert ended.returncode == -9
    assert len(names(root)) == 1
    assert not store.exists(KEY)
    assert store.list_keys() == ()
    with pytest.raises(StoredFileMissing):
        store.stat(KEY)
    assert store.sweep(older_than_s=3600, now_s=time.time()) == 0
    assert store.sweep(older_than_s=3600, now_s=time.time() + 7200) == 1
    assert names(root) == []
    store.put(KEY, path)
    assert store.stat(KEY).byte_count == 100_000


def test_sweeping_leaves_whole_files_alone(store: LocalStore, file: Written) -> None:
    store.put(KEY, file(b"x"))
    assert store.sweep(older_than_s=0, now_s=time.time() + 10**6) == 0
    assert store.exists(KEY)


def test_a_file_that_is_not_whole_is_put_again(store: LocalStore, root: Path, file: Written) -> None:
    store.put(KEY, file(b"x" * 10))
    (root / KEY).write_bytes(b"x")
    store.put(KEY, file(b"x" * 10))
    assert store.stat(KEY).byte_count == 10


def test_the_settings_open_a_folder_in_the_data_folder(tmp_path: Path, file: Written) -> None:
    open_store(Settings(data_dir=tmp_path / "var")).put(KEY, file(b"x"))
    assert (tmp_path / "var/media" / KEY).read_bytes() == b"x"
