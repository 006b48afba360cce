"""A fresh, empty store of each kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.local import LocalStore
from storage.media import MediaStore
from storage.memory import MemoryStore
from tests.servers.s3 import S3

KINDS = ("memory", "local", pytest.param("s3", marks=pytest.mark.s3))


@pytest.fixture
def bucket(s3_server: S3) -> str:
    """A bucket of this test's own."""
    return s3_server.create_bucket()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    """An empty store; the S3 one lies under a prefix, beside a stranger's file."""
    if request.param == "memory":
        return MemoryStore()
    if request.param == "local":
        return LocalStore(tmp_path / "media")
    server: S3 = request.getfixturevalue("s3_server")
    bucket: str = request.getfixturevalue("bucket")
    server.client().put_object(Bucket=bucket, Key="recordings/of/strangers.mp4", Body=b"not ours")
    return server.store(bucket, prefix="school")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes a file to be put into a store."""

    def written(content: bytes) -> Path:
        path = tmp_path / "source.bin"
        path.write_bytes(content)
        return path

    return written
