"""Media files: the session and the rule checked for each request, ranges, nothing whole in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from models.access import Viewer
from models.errors import DebriefError, NotFound, StoredFileMissing
from models.ids import RecordingId
from models.lesson import Rendition, RenditionKind
from pipeline.bootstrap import Services
from review.routes.answers import error_response, fault_response, is_known
from review.routes.calls import signed_in_of

CONTENT_TYPES: Mapping[RenditionKind, frozenset[str]] = {
    RenditionKind.PEAKS: frozenset({"application/json"}),
    RenditionKind.POSTER: frozenset({"image/jpeg"}),
    RenditionKind.STORYBOARD: frozenset({"image/jpeg"}),
    RenditionKind.THUMBNAILS: frozenset({"text/vtt"}),
    RenditionKind.WEB: frozenset({"video/mp4", "audio/mp4"}),
}
"""What people are served, and as what; the machine's own renditions are not among it."""

LINK_SECONDS = 4 * 60 * 60
"""How long a link into the store lasts: a sitting, since browsers keep using it for a film that is open."""

_CACHE = "private, no-cache"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A stretch of bytes that was asked for, `end` exclusive."""

    start: int
    end: int


def build_routes(services: Services) -> list[Route]:
    """GET and HEAD of /m/RECORDING/KIND and /m/RECORDING/KIND/PART."""

    async def endpoint(request: Request) -> Response:
        try:
            viewer = signed_in_of(request).viewer
            rendition = await run_in_threadpool(_get_rendition, services, viewer, request.path_params)
            return await run_in_threadpool(_serve, services, rendition, request)
        except DebriefError as error:
            return error_response(error)
        except Exception as error:  # noqa: BLE001  whatever happens, nobody is shown a traceback
            return fault_response(error)

    return [
        Route("/m/{recording}/{kind}", endpoint, methods=["GET"], name="media"),
        Route("/m/{recording}/{kind}/{part}", endpoint, methods=["GET"], name="media part"),
    ]


def _get_rendition(services: Services, viewer: Viewer, path: Mapping[str, str]) -> Rendition:
    part = path.get("part", "0")
    known = path["kind"] in set(CONTENT_TYPES) and _ID.fullmatch(path["recording"])
    if not known or not (part.isascii() and part.isdigit() and len(part) <= 4):
        raise NotFound
    with services.database.view() as unit:
        return unit.lessons.get_rendition(
            viewer, RecordingId(path["recording"]), RenditionKind(path["kind"]), int(part)
        )


def _serve(services: Services, rendition: Rendition, request: Request) -> Response:
    content_type = rendition.content_type.partition(";")[0].strip()
    if content_type not in CONTENT_TYPES[rendition.kind]:
        raise StoredFileMissing
    headers = {
        "Cache-Control": _CACHE,
        "Content-Disposition": "inline",
        "ETag": f'"{rendition.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    asked = request.headers.get("range")
    if asked is None and is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = services.store.local_path(rendition.media_key)
    if path is not None:
        if not path.is_file():
            raise StoredFileMissing
        return FileResponse(path, media_type=content_type, headers=headers)
    if rendition.kind is RenditionKind.WEB:
        link = services.store.signed_link(rendition.media_key, seconds=LINK_SECONDS, content_type=content_type)
        if link is not None:
            return RedirectResponse(link, status_code=307, headers={"Cache-Control": "private, no-store"})
    return _stream(services, rendition, request, headers, content_type)


def _stream(
    services: Services, rendition: Rendition, request: Request, headers: dict[str, str], content_type: str
) -> Response:
    """The stored file's bytes, or the part that was asked for, passed on as they come from the store."""
    whole = services.store.stat(rendition.media_key).byte_count
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", headers["ETag"]) != headers["ETag"]:
        asked = ""
    try:
        part = _read_range(asked, whole)
    except ValueError:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{whole}"})
    headers |= {"Accept-Ranges": "bytes"}
    if part is not None:
        headers |= {"Content-Range": f"bytes {part.start}-{part.end - 1}/{whole}"}
    sent = part or _Part(start=0, end=whole)
    headers |= {"Content-Length": str(sent.end - sent.start)}
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=content_type)
    chunks = services.store.read(rendition.media_key, start=sent.start, end=sent.end)
    return StreamingResponse(chunks, status_code=status, headers=headers, media_type=content_type)


def _read_range(asked: str, whole: int) -> _Part | None:
    """The part that a Range header asks for; None means everything (no range, or several: then all is sent).

    Raises ValueError for one that lies outside.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, whole - int(last)), whole
    else:
        start, end = int(first), min(whole, int(last) + 1) if last else whole
    if start >= end:
        raise ValueError(asked)
    return _Part(start=start, end=end)
