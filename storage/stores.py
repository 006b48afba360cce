"""Which media store the settings mean."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from models.settings import Settings
from storage.local import LocalStore
from storage.media import MediaStore


def open_store(settings: Settings) -> MediaStore:
    """The store of these settings: `s3://bucket/prefix`, or a folder."""
    where = settings.resolved_media_store
    if not where.startswith("s3://"):
        return LocalStore(Path(where).expanduser())
    from storage.s3 import S3Store  # boto3 is large, and most schools use a folder

    address = urlsplit(where)
    return S3Store(
        bucket=address.netloc,
        prefix=address.path,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
