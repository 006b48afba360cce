"""Files in an S3-compatible store. Nothing is ever public: no ACL is sent, links are signed for minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from models.errors import BadMediaKey, StoredFileMissing, StoreUnavailable
from models.ids import MediaKey
from storage.media import CHUNK_BYTES, StoredFile, check_key, disk_errors, is_key

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_MISSING = {"NoSuchKey", "404", "NotFound"}
_PART_BYTES = 16 * 1024 * 1024
_TRANSFER = TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, max_concurrency=4)


class S3Store:
    """A media store in a bucket, under a prefix."""

    def __init__(
        self,
        *,
        bucket: str,
        prefix: str = "",
        endpoint: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: str = "",
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        given: dict[str, Any] = {
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "aws_access_key_id": access_key or None,
            "aws_secret_access_key": secret_key or None,
        }
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"} if endpoint else {},
            retries={"mode": "standard", "max_attempts": 4},
            connect_timeout=5,
            read_timeout=60,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self._client: S3Client = boto3.client("s3", config=config, **given)

    def put(self, key: MediaKey, source: Path) -> None:
        """See MediaStore."""
        name = self._name(key)
        if not source.is_file():
            raise StoredFileMissing
        with _translated():
            self._client.upload_file(str(source), self._bucket, name, Config=_TRANSFER)

    def stat(self, key: MediaKey) -> StoredFile:
        """See MediaStore."""
        name = self._name(key)
        with _translated():
            found = self._client.head_object(Bucket=self._bucket, Key=name)
        return StoredFile(key=key, byte_count=found["ContentLength"])

    def exists(self, key: MediaKey) -> bool:
        """See MediaStore."""
        try:
            self.stat(key)
        except StoredFileMissing:
            return False
        return True

    def read(self, key: MediaKey, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """See MediaStore."""
        size = self.stat(key).byte_count
        last = min(size, size if end is None else end) - 1
        if start > last:
            return iter(())
        name = self._name(key)
        with _translated():
            answer = self._client.get_object(Bucket=self._bucket, Key=name, Range=f"bytes={start}-{last}")
        return _guarded(answer["Body"].iter_chunks(CHUNK_BYTES))

    def local_path(self, key: MediaKey) -> Path | None:
        """See MediaStore."""
        self.stat(key)
        return None

    def fetch(self, key: MediaKey, into: Path) -> Path:
        """See MediaStore."""
        name = self._name(key)
        with _translated():
            into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # boto3 writes under a temporary name, which it removes when it fails, and renames at the end.
            self._client.download_file(self._bucket, name, str(into), Config=_TRANSFER)
        return into

    def delete(self, key: MediaKey) -> None:
        """See MediaStore."""
        name = self._name(key)
        with _translated():
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def delete_prefix(self, prefix: str) -> int:
        """See MediaStore."""
        if not prefix:
            raise BadMediaKey
        count = 0
        while keys := self.list_keys(prefix):
            with _translated():
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": self._name(key)} for key in keys], "Quiet": True}
                )
            if answer.get("Errors"):
                raise StoreUnavailable("not everything could be removed")
            count += len(keys)
        return count

    def list_keys(self, prefix: str = "", *, after: str = "", limit: int = 1000) -> tuple[MediaKey, ...]:
        """See MediaStore."""
        found: list[MediaKey] = []
        behind = f"{self._prefix}{after}" if after else ""
        while len(found) < limit:
            with _translated():
                page = self._client.list_objects_v2(
                    Bucket=self._bucket,
                    Prefix=f"{self._prefix}{prefix}",
                    StartAfter=behind,
                    MaxKeys=min(1000, limit - len(found)),
                )
            names = [each["Key"] for each in page.get("Contents", [])]
            keys = [name.removeprefix(self._prefix) for name in names]
            found += [MediaKey(key) for key in keys if is_key(key)]
            if not names or not page.get("IsTruncated"):
                break
            behind = names[-1]
        return tuple(found)

    def signed_link(self, key: MediaKey, *, seconds: int, content_type: str) -> str | None:
        """See MediaStore."""
        wanted = {"Bucket": self._bucket, "Key": self._name(key), "ResponseContentType": content_type}
        return self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)

    def _name(self, key: MediaKey) -> str:
        return f"{self._prefix}{check_key(key)}"


def _guarded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    with _translated():
        yield from chunks


@contextmanager
def _translated() -> Iterator[None]:
    try:
        with disk_errors():
            yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise StoredFileMissing from error
        raise StoreUnavailable from error
    except (BotoCoreError, boto3.exceptions.Boto3Error) as error:
        raise StoreUnavailable from error
