"""A throw-away S3 server on a free port of this machine, or the one that the environment names."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3

from storage.s3 import S3Store
from tests.servers.parts import S3_VARIABLE
from tests.servers.postgres import free_port

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """A running server and an account on it."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str

    def client(self) -> S3Client:
        """The server as boto3 knows it."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
        )

    def create_bucket(self) -> str:
        """A new bucket; its name."""
        name = f"debrief-test-{uuid4().hex}"
        self.client().create_bucket(Bucket=name)
        return name

    def store(self, bucket: str, *, prefix: str = "") -> S3Store:
        """The bucket as our store."""
        return S3Store(
            bucket=bucket,
            prefix=prefix,
            endpoint=self.endpoint,
            region=self.region,
            access_key=self.access_key,
            secret_key=self.secret_key,
        )


@contextmanager
def running_s3() -> Iterator[S3]:
    """The server, for as long as this lasts."""
    given = {name: os.environ.get(f"{S3_VARIABLE}{name}", "") for name in ("ENDPOINT", "ACCESS_KEY", "SECRET_KEY")}
    if given["ENDPOINT"]:
        region = os.environ.get(f"{S3_VARIABLE}REGION", "us-east-1")
        yield S3(
            endpoint=given["ENDPOINT"], access_key=given["ACCESS_KEY"], secret_key=given["SECRET_KEY"], region=region
        )
        return
    folder = Path(tempfile.mkdtemp(prefix="debrief-s3-"))
    environment = {**os.environ, "S3_STORE": "memory", "S3_SIZE_GB": "1"}
    try:
        started = subprocess.run(
            [HERE / "s3-start.sh", folder, str(free_port())],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        said = dict(line.split("=", 1) for line in started.stdout.splitlines() if line.startswith("S3_"))
        yield S3(
            endpoint=said["S3_ENDPOINT"],
            access_key=said["S3_ACCESS_KEY"],
            secret_key=said["S3_SECRET_KEY"],
            region=said["S3_REGION"],
        )
    finally:
        subprocess.run([HERE / "s3-stop.sh", folder, "--wipe"], check=True, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
