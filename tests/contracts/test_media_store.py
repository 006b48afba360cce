"""What every media store promises: one suite over memory, a folder, and S3."""

from __future__ import annotations

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import BadMediaKey, FileMissing, StoredFileMissing
from models.ids import MediaKey, Sha256
from storage.media import CHUNK_BYTES, MediaStore, StoredFile, build_key, check_key, is_key, sha256_of

Written = Callable[[bytes], Path]
KEY = MediaKey("recordings/ab/abcd.mp4")
NOWHERE = MediaKey("recordings/no/nowhere.mp4")
CONTENT = bytes(range(256)) * (CHUNK_BYTES // 256) * 2 + b"the end"
# A store is not made anew for each example: the examples only read it, or are refused.
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def filled(store: MediaStore, file: Written) -> MediaStore:
    """The store with one file of a little more than two chunks."""
    store.put(KEY, file(CONTENT))
    return store


def test_a_file_comes_back_as_it_was_put(filled: MediaStore, tmp_path: Path) -> None:
    assert filled.exists(KEY)
    assert filled.stat(KEY) == StoredFile(key=KEY, byte_count=len(CONTENT))
    assert b"".join(filled.read(KEY)) == CONTENT
    fetched = filled.fetch(KEY, tmp_path / "a folder/fetched.mp4")
    assert fetched == tmp_path / "a folder/fetched.mp4"
    assert fetched.read_bytes() == CONTENT
    assert [each.name for each in fetched.parent.iterdir()] == ["fetched.mp4"]
    path = filled.local_path(KEY)
    assert path is None or path.read_bytes() == CONTENT


def test_an_empty_file_is_a_file(store: MediaStore, file: Written) -> None:
    store.put(KEY, file(b""))
    assert store.stat(KEY).byte_count == 0
    assert list(store.read(KEY)) == []


def test_the_original_is_left_as_it_was(store: MediaStore, file: Written) -> None:
    path = file(b"the original")
    before = path.stat()
    store.put(KEY, path)
    after = path.stat()
    assert path.read_bytes() == b"the original"
    assert (after.st_mtime_ns, after.st_ino, after.st_nlink) == (before.st_mtime_ns, before.st_ino, before.st_nlink)


def test_a_fetched_copy_is_apart_from_what_is_stored(filled: MediaStore, tmp_path: Path) -> None:
    filled.fetch(KEY, tmp_path / "copy.mp4").write_bytes(b"changed")
    assert b"".join(filled.read(KEY)) == CONTENT


def test_putting_twice_is_harmless(filled: MediaStore, file: Written) -> None:
    filled.put(KEY, file(CONTENT))
    assert filled.list_keys() == (KEY,)
    assert b"".join(filled.read(KEY)) == CONTENT


def test_reading_comes_in_chunks(filled: MediaStore) -> None:
    assert max(len(chunk) for chunk in filled.read(KEY)) <= CHUNK_BYTES


@EXAMPLES
@given(
    start=st.integers(0, len(CONTENT) + 10),
    end=st.none() | st.integers(0, len(CONTENT) + 10) | st.integers(0, 20),
)
def test_a_range_is_cut_like_python_cuts_it(filled: MediaStore, start: int, end: int | None) -> None:
    assert b"".join(filled.read(KEY, start=start, end=end)) == CONTENT[start:end]


def test_a_range_far_behind_the_end_is_empty(filled: MediaStore) -> None:
    assert list(filled.read(KEY, start=10**12)) == []
    assert b"".join(filled.read(KEY, start=len(CONTENT) - 1, end=10**12)) == CONTENT[-1:]


def test_what_is_not_there_is_said_to_be_missing(store: MediaStore, tmp_path: Path) -> None:
    assert not store.exists(NOWHERE)
    for call in (store.stat, store.local_path, store.read):
        with pytest.raises(StoredFileMissing):
            call(NOWHERE)
    with pytest.raises(StoredFileMissing):
        store.fetch(NOWHERE, tmp_path / "fetched.mp4")
    assert list(tmp_path.glob("fetched*")) == []


def test_a_source_that_is_not_there_stores_nothing(store: MediaStore, tmp_path: Path) -> None:
    with pytest.raises(StoredFileMissing):
        store.put(KEY, tmp_path / "nowhere.mp4")
    assert not store.exists(KEY)
    assert store.list_keys() == ()


def test_a_deleted_file_is_gone_and_deleting_again_is_harmless(filled: MediaStore) -> None:
    filled.delete(KEY)
    filled.delete(KEY)
    assert not filled.exists(KEY)
    assert filled.list_keys() == ()


# Lists ------------------------------------------------------------------------------------------------------------

NAMES = ("a/b.mp4", "a/b/c.mp4", "a-b/c.mp4", "a/c", "a0/b", "b/1", "b/10", "b/2")


@pytest.fixture
def shelf(store: MediaStore, file: Written) -> MediaStore:
    """The store with a few files whose names are near to one another."""
    for name in NAMES:
        store.put(MediaKey(name), file(name.encode()))
    return store


def test_keys_come_in_order_and_in_pages(shelf: MediaStore) -> None:
    assert shelf.list_keys() == tuple(sorted(NAMES))
    for size in (1, 3, len(NAMES), 100):
        pages: list[MediaKey] = []
        while page := shelf.list_keys(after=pages[-1] if pages else "", limit=size):
            assert len(page) <= size
            pages += page
        assert pages == sorted(NAMES)


@EXAMPLES
@given(
    prefix=st.sampled_from(["", "a", "a/", "a/b", "b/1", "c", "/", "../"]),
    after=st.sampled_from(["", "a", "a/b", *NAMES, "zz"]),
    limit=st.integers(0, 9),
)
def test_any_page_of_any_prefix_holds_what_it_should(shelf: MediaStore, prefix: str, after: str, limit: int) -> None:
    wanted = sorted(each for each in NAMES if each.startswith(prefix) and each > after)
    assert shelf.list_keys(prefix, after=after, limit=limit) == tuple(wanted[:limit])


def test_everything_under_a_prefix_is_deleted_and_nothing_else(shelf: MediaStore) -> None:
    assert shelf.delete_prefix("a/") == 3
    assert shelf.list_keys() == ("a-b/c.mp4", "a0/b", "b/1", "b/10", "b/2")
    assert shelf.delete_prefix("a/") == 0


def test_an_empty_prefix_deletes_nothing(shelf: MediaStore) -> None:
    with pytest.raises(BadMediaKey):
        shelf.delete_prefix("")
    assert len(shelf.list_keys()) == len(NAMES)


# Keys -------------------------------------------------------------------------------------------------------------

HOSTILE = (
    "",
    "/",
    ".",
    "..",
    "../a/b",
    "a/../b",
    "a/..",
    "a//b",
    "/etc/passwd",
    "a/b/",
    "a/.hidden",
    "a\\..\\b",
    "C:/a",
    "a/b\n",
    "a/b\x00.mp4",
    "a/B",
    "a/é",
    "a/b?x=1",
    "a/%2e%2e/b",
    "a/b.mp4/../../c",
    "s3://a/b",
    "a/" + "b" * 65,
    "a/b/c/d/e/f",
)


def refused(store: MediaStore, key: MediaKey, path: Path) -> list[str]:
    """The calls that take the key although they must not."""
    calls: dict[str, Callable[[], object]] = {
        "put": lambda: store.put(key, path),
        "stat": lambda: store.stat(key),
        "exists": lambda: store.exists(key),
        "read": lambda: list(store.read(key)),
        "local_path": lambda: store.local_path(key),
        "fetch": lambda: store.fetch(key, path.with_name("fetched")),
        "delete": lambda: store.delete(key),
        "signed_link": lambda: store.signed_link(key, seconds=60, content_type="video/mp4"),
    }
    taken = []
    for name, call in calls.items():
        try:
            call()
        except BadMediaKey:
            continue
        taken.append(name)
    return taken


def test_a_hostile_key_is_refused_by_every_call(store: MediaStore, file: Written) -> None:
    path = file(b"x")
    assert {key: refused(store, MediaKey(key), path) for key in HOSTILE} == {key: [] for key in HOSTILE}


@EXAMPLES
@given(key=st.text(max_size=40) | st.text(alphabet="a./\\-_~%:", max_size=12))
def test_what_is_no_key_is_refused_by_every_call(store: MediaStore, file: Written, key: str) -> None:
    if not is_key(key):
        assert refused(store, MediaKey(key), file(b"x")) == []


@given(
    folder=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True),
    content=st.binary(max_size=20),
    suffix=st.text(max_size=12) | st.sampled_from([".mp4", ".MOV", ".", "", ".tar.gz", "/../x"]),
)
def test_a_built_key_is_always_a_key_and_carries_the_content(folder: str, content: bytes, suffix: str) -> None:
    digest = hashlib.sha256(content).hexdigest()
    key = build_key(folder, Sha256(digest), suffix)
    assert check_key(key) == key
    assert key.startswith(f"{folder}/{digest[:2]}/{digest}")


def test_the_digest_of_a_file_is_read_in_a_stream(file: Written, tmp_path: Path) -> None:
    assert sha256_of(file(CONTENT)) == hashlib.sha256(CONTENT).hexdigest()
    with pytest.raises(FileMissing):
        sha256_of(tmp_path / "nowhere")
    with pytest.raises(FileMissing):
        sha256_of(tmp_path)


# Links ------------------------------------------------------------------------------------------------------------


def fetched(link: str) -> tuple[int, str | None, bytes]:
    """Status, content type and body that anybody gets who has the link."""
    try:
        with urllib.request.urlopen(link, timeout=10) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None, b""


def test_a_signed_link_opens_one_file_and_expires(filled: MediaStore) -> None:
    link = filled.signed_link(KEY, seconds=2, content_type="video/mp4")
    if link is None:
        # A store without links is served by the web process.
        assert filled.local_path(KEY) is not None or not hasattr(filled, "_client")
        return
    assert fetched(link) == (200, "video/mp4", CONTENT)
    assert fetched(link.replace("abcd.mp4", "abce.mp4"))[0] >= 400
    deadline = time.monotonic() + 20
    while (status := fetched(link)[0]) == 200:
        assert time.monotonic() < deadline, "the link still opens"
        time.sleep(0.2)
    assert status >= 400
