"""What only S3 can get wrong: who may read without a link, large files, other people's names, a server that is away."""

from __future__ import annotations

import errno
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from models.errors import DiskFull, StoredFileMissing, StoreUnavailable
from models.ids import MediaKey
from models.settings import Settings
from storage.s3 import S3Store
from storage.stores import open_store
from tests.servers.postgres import free_port
from tests.servers.s3 import S3

pytestmark = pytest.mark.s3

KEY = MediaKey("recordings/ab/abcd.mp4")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.mp4"
    path.write_bytes(b"a lesson")
    return path


def test_nobody_reads_a_file_without_a_link(s3_server: S3, bucket: str, source: Path) -> None:
    s3_server.store(bucket).put(KEY, source)
    for path in (f"/{bucket}/{KEY}", f"/{bucket}", f"/{bucket}?list-type=2"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{s3_server.endpoint}{path}", timeout=10)
        with refused.value as answer:
            assert answer.code == 403


def test_no_access_is_given_to_anybody_else(s3_server: S3, bucket: str, source: Path) -> None:
    s3_server.store(bucket).put(KEY, source)
    rights = s3_server.client().get_object_acl(Bucket=bucket, Key=KEY)
    assert {each["Grantee"]["ID"] for each in rights["Grants"]} == {rights["Owner"]["ID"]}
    sent: list[str] = []
    store = s3_server.store(bucket)
    store._client.meta.events.register("before-send.s3", lambda request, **_: sent.extend(request.headers))
    store.put(KEY, source)
    assert sent
    assert not [name for name in sent if "acl" in name.lower() or "grant" in name.lower()]


def test_a_file_of_several_parts_comes_back_whole(s3_server: S3, bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(range(251)) * 80_000)
    store = s3_server.store(bucket)
    store.put(KEY, path)
    assert store.stat(KEY).byte_count == path.stat().st_size
    assert store.fetch(KEY, tmp_path / "back.bin").read_bytes() == path.read_bytes()


def test_an_upload_that_breaks_off_leaves_nothing(
    s3_server: S3, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(40 * 1024 * 1024))
    store = s3_server.store(bucket)
    parts = []

    def break_off(request: object, **_: object) -> None:
        parts.append(request)
        if len(parts) > 1:
            raise OSError(errno.EIO, "the disk can't be read")

    store._client.meta.events.register("before-send.s3.UploadPart", break_off)
    with pytest.raises(StoreUnavailable):
        store.put(KEY, path)
    assert not store.exists(KEY)
    assert store.list_keys() == ()
    assert "Uploads" not in s3_server.client().list_multipart_uploads(Bucket=bucket)


def test_names_that_others_put_there_are_no_keys_of_ours(s3_server: S3, bucket: str, source: Path) -> None:
    client = s3_server.client()
    for name in ("school/Read Me.txt", "school/recordings/", "elsewhere/recordings/ab/abcd.mp4"):
        client.put_object(Bucket=bucket, Key=name, Body=b"x")
    store = s3_server.store(bucket, prefix="/school/")
    store.put(KEY, source)
    assert store.list_keys() == (KEY,)
    assert store.delete_prefix("recordings/") == 1
    assert len(client.list_objects_v2(Bucket=bucket)["Contents"]) == 3


def test_more_files_than_a_page_holds_are_listed_and_deleted(s3_server: S3, bucket: str, source: Path) -> None:
    store = s3_server.store(bucket, prefix="p")
    keys = tuple(MediaKey(f"a/{number:04d}") for number in range(8))
    for key in keys:
        store.put(key, source)
    pages = []

    def give_three(params: dict[str, object], **_: object) -> None:
        params["MaxKeys"] = 3
        pages.append(params)

    store._client.meta.events.register("before-parameter-build.s3.ListObjectsV2", give_three)
    assert store.list_keys() == keys
    assert len(pages) == 3
    assert store.delete_prefix("a/") == len(keys)
    assert store.list_keys() == ()


def test_a_disk_that_is_full_is_named_when_a_file_is_fetched(
    s3_server: S3, bucket: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = s3_server.store(bucket)
    store.put(KEY, source)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("s3transfer.utils.OSUtils.open", full)
    with pytest.raises(DiskFull):
        store.fetch(KEY, tmp_path / "fetched.mp4")
    assert list(tmp_path.glob("fetched*")) == []


def test_a_bucket_that_is_not_there_is_no_missing_file(s3_server: S3, source: Path) -> None:
    store = s3_server.store("debrief-no-such-bucket")
    with pytest.raises(StoreUnavailable):
        store.put(KEY, source)
    with pytest.raises(StoreUnavailable):
        store.list_keys()


def test_a_server_that_does_not_answer_is_named(source: Path) -> None:
    store = S3Store(bucket="b", endpoint=f"http://127.0.0.1:{free_port()}", region="r", access_key="a", secret_key="s")
    for call in (lambda: store.put(KEY, source), lambda: store.stat(KEY), store.list_keys):
        with pytest.raises(StoreUnavailable):
            call()


def test_a_wrong_key_is_refused_and_not_taken_for_a_missing_file(s3_server: S3, bucket: str) -> None:
    store = S3Store(
        bucket=bucket, endpoint=s3_server.endpoint, region=s3_server.region, access_key="nobody", secret_key="wrong"
    )
    with pytest.raises(StoreUnavailable):
        store.stat(KEY)


def test_the_settings_open_the_bucket(s3_server: S3, bucket: str, source: Path) -> None:
    store = open_store(
        Settings(
            media_store=f"s3://{bucket}/school/one",
            s3_endpoint=s3_server.endpoint,
            s3_region=s3_server.region,
            s3_access_key=s3_server.access_key,
            s3_secret_key=s3_server.secret_key,
        )
    )
    store.put(KEY, source)
    assert s3_server.client().head_object(Bucket=bucket, Key=f"school/one/{KEY}")["ContentLength"] == 8
    with pytest.raises(StoredFileMissing):
        s3_server.store(bucket).stat(KEY)
