"""What routes answer: JSON documents with their ETag, and each error as a status with a sentence."""

from __future__ import annotations

import hashlib
import json
import logging
import traceback

from starlette.requests import Request
from starlette.responses import Response

from models.errors import (
    AccessRefused,
    Conflict,
    DebriefError,
    ForgedRequest,
    MachineError,
    NotFound,
    NotSignedIn,
    RequestTooLarge,
    TooManyAttempts,
    WrongCredentials,
)
from review import words

_log = logging.getLogger(__name__)

_STATUSES: tuple[tuple[type[DebriefError], int], ...] = (
    (NotSignedIn, 401),
    (WrongCredentials, 401),
    (ForgedRequest, 403),
    (TooManyAttempts, 429),
    (NotFound, 404),
    (AccessRefused, 403),
    (Conflict, 409),
    (RequestTooLarge, 413),
    (MachineError, 503),
    (DebriefError, 422),
)
"""The first that fits; the more special stand before their kin."""


def status_of(error: DebriefError) -> int:
    """The HTTP status that tells what kind of refusal or fault this is."""
    return next(status for kind, status in _STATUSES if isinstance(error, kind))


def json_response(document: object, *, status: int = 200, request: Request | None = None) -> Response:
    """The document as JSON. For a read, give the `request`: it gets an ETag, and 304 when the browser has it already."""
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {}
    if request is not None:
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers["ETag"] = tag
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
    return Response(content, status_code=status, headers=headers, media_type="application/json")


def is_known(request: Request, tag: str) -> bool:
    """Whether the browser said that it holds the version with this ETag."""
    held = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    return tag in held


def error_document(error: DebriefError) -> dict[str, object]:
    """The error as pages read it."""
    return {"error": type(error).__name__, "message": error.message}


def error_response(error: DebriefError) -> Response:
    """The error as its status and `{"error", "message"}`; a fault of the machine is logged."""
    if not error.expected:
        log_fault(error)
    return json_response(error_document(error), status=status_of(error))


def fault_response(error: Exception) -> Response:
    """The answer to a fault nobody foresaw: general words; what happened is logged."""
    log_fault(error)
    return json_response({"error": "Fault", "message": words.TROUBLE}, status=500)


def log_fault(error: Exception) -> None:
    """Write down which error it was and where it arose, never its text: that may hold what a person wrote."""
    places = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
    _log.error("%s at %s", type(error).__name__, " < ".join(reversed(places[-6:])))
