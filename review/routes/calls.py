"""The frame around every JSON route: who calls, what was sent, in a thread, errors translated in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.access import Viewer
from models.errors import DebriefError, InvalidInput, NotFound, NotSignedIn, RequestTooLarge
from pipeline.bootstrap import Services
from review.accounts import SignedIn
from review.routes.answers import error_response, fault_response, json_response

SIGNED_IN = "debrief.signed_in"
"""Where in the ASGI scope the gate leaves who is behind a request."""

LARGEST_BODY = 256 * 1024
"""Bytes that a request to a JSON route may have."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CHANGING = frozenset({"POST", "PATCH", "DELETE", "PUT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a JSON route, as its function gets it."""

    services: Services
    viewer: Viewer
    csrf: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a JSON route's function gives back."""

    document: object
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One method at one address, and the function that answers it. It may raise any DebriefError."""

    method: str
    path: str
    answer: Callable[[Call], Answer]


def build_route(services: Services, api: ApiRoute) -> Route:
    """The Starlette route of it."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_json(request) if api.method in _CHANGING else {}
            signed_in = signed_in_of(request)
            call = Call(
                services=services,
                viewer=signed_in.viewer,
                csrf=signed_in.csrf,
                path=_checked_path(request.path_params),
                query=dict(request.query_params),
                body=body,
            )
            answer = await run_in_threadpool(api.answer, call)
        except DebriefError as error:
            return error_response(error)
        except Exception as error:  # noqa: BLE001  whatever happens, nobody is shown a traceback
            return fault_response(error)
        return json_response(answer.document, status=answer.status, request=request if api.method == "GET" else None)

    return Route(api.path, endpoint, methods=[api.method], name=f"{api.method} {api.path}")


def _checked_path(ids: Mapping[str, str]) -> dict[str, str]:
    if not all(_ID.fullmatch(each) for each in ids.values()):
        raise NotFound
    return dict(ids)


def signed_in_of(request: Request) -> SignedIn:
    """Who the gate found behind this request. Raises NotSignedIn where it found nobody."""
    found = request.scope.get(SIGNED_IN)
    if not isinstance(found, SignedIn):
        raise NotSignedIn
    return found


async def read_body(request: Request) -> bytes:
    """The request's body. Raises RequestTooLarge past LARGEST_BODY bytes, without reading the rest."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST_BODY:
            raise RequestTooLarge(f"at most {LARGEST_BODY // 1024} kB")
    return bytes(received)


async def read_json(request: Request) -> dict[str, object]:
    """The JSON object that was sent, {} where nothing was. Raises InvalidInput for anything else."""
    content = await read_body(request)
    if not content.strip():
        return {}
    try:
        document = json.loads(content)
        # Text that is no Unicode (a lone half of a surrogate pair) could be kept nowhere.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidInput("it is not JSON") from error
    if not isinstance(document, dict):
        raise InvalidInput("it is not a JSON object")
    return document
