"""Opening files that strangers made: only recordings, only from this machine, and a name for everything else."""

from __future__ import annotations

import contextlib
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
from av.container import InputContainer

from models.errors import DamagedMedia, EmptyFile, FileMissing, MediaError, NotMedia, ProtectedMedia, TruncatedMedia

FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,dv,eac3,f4v,flac,flv,gxf,h264,hevc,ivf,m4v,matroska,mov,mp3,"
    "mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm,tta,voc,w64,wav,webm,wtv,wv"
)
"""Recordings only. Playlists, scripts, pictures and subtitles are left out: some of them make ffmpeg open others."""

PROTOCOLS = "file,pipe"

GUESSED_FORMATS = {"aac", "ac3", "amr", "amrnb", "amrwb", "dts", "eac3", "h264", "hevc", "m4v", "mp3", "mpegvideo"}
"""Formats without a header: any bytes may pass for them, and their lengths are guesses from the first frames."""

_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx", b"moof", b"uuid"}
_EBML = b"\x1a\x45\xdf\xa3"
_CONTENT_ENCRYPTION = b"\x50\x35"
_HEAD_BYTES = 65536
_MOST_BOXES = 10_000


def input_address(path: Path) -> str:
    """How the file is named to ffmpeg, so that no character of its name means anything."""
    return f"file:{path.resolve()}"


def check_file(path: Path) -> int:
    """Its size in bytes. Raises FileMissing for what is no readable file, EmptyFile for one without a byte."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileMissing
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyFile
    except OSError as error:
        raise FileMissing from error
    except ValueError as error:  # a name with a NUL in it
        raise FileMissing from error
    return found.st_size


@contextlib.contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """The recording opened for reading. Raises TruncatedMedia, DamagedMedia or NotMedia where it can't be opened."""
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
    try:
        container = av.open(input_address(path), options=options, metadata_errors="replace")
    except (av.error.FFmpegError, UnicodeError) as error:
        raise why_unreadable(path) from error
    with container:
        yield container


def why_unreadable(path: Path) -> MediaError:
    """What is wrong with a file that no demuxer takes, from its first bytes and its outermost boxes."""
    boxes, whole = list_boxes(path)
    if boxes:
        return DamagedMedia() if "moov" in boxes and whole else TruncatedMedia()
    head = read_head(path)
    if head.startswith(_EBML):
        return ProtectedMedia() if is_encrypted_matroska(head) else TruncatedMedia()
    return NotMedia()


def read_head(path: Path) -> bytes:
    """The file's first bytes."""
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def is_encrypted_matroska(head: bytes) -> bool:
    """Whether a Matroska or WebM file's head tells of an encrypted track."""
    return head.startswith(_EBML) and _CONTENT_ENCRYPTION in head


def list_boxes(path: Path) -> tuple[frozenset[str], bool]:
    """The names of an MP4 or QuickTime file's outermost boxes, and whether the last one ends within the file.

    Reading stops at the first fragment. Other files have no boxes.
    """
    found: set[str] = set()
    size = path.stat().st_size
    position = 0
    with path.open("rb") as file:
        for _ in range(_MOST_BOXES):
            file.seek(position)
            header = file.read(16)
            if len(header) < 8:
                break
            length, name = struct.unpack(">I4s", header[:8])
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            elif length == 0:
                length = size - position
            if (not found and name not in _BOXES) or length < 8 or not name.isalnum():
                break
            found.add(name.decode("ascii"))
            position += length
            if name == b"moof":
                break
    return frozenset(found), position <= size
