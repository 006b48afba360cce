"""The gate in front of the whole app, Streamlit's own routes and socket included.

Pure ASGI, so that films pass through it as they come. It finds out who is behind a request, refuses what its door
refuses, and puts the security headers on every answer.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import DebriefError, ForgedRequest, NotFound, NotSignedIn
from models.ids import LessonId
from models.settings import Settings
from pipeline.bootstrap import Services, now
from review import words
from review.accounts import SignedIn, find_signed_in
from review.routes import html
from review.routes.answers import error_response, fault_response, log_fault
from review.routes.calls import SIGNED_IN
from review.routes.doors import SIGN_IN, Door, door_of, is_own_origin

COOKIE = "sid"
"""The cookie that holds the session's token."""

CSRF_HEADER = "x-debrief-csrf"

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_PRIVATE = "private, no-store"


class Gate:
    """ASGI middleware; `script_hashes` are of the inline scripts that Streamlit's own page carries."""

    def __init__(self, app: ASGIApp, *, services: Services, script_hashes: Iterable[str] = ()) -> None:
        self._app = app
        self._services = services
        self._policy = build_policy(services.settings, script_hashes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "websocket":
            if await self._may_connect(HTTPConnection(scope)):
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 4403, "reason": ""})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        door = door_of(scope["path"])
        guarded = self._with_headers(send, door)
        refusal = await self._refusal(Request(scope), door)
        await (refusal or self._app)(scope, receive, guarded)

    async def _may_connect(self, connection: HTTPConnection) -> bool:
        if door_of(connection.scope["path"]) is not Door.SOCKET or not self._is_ours(connection):
            return False
        try:
            return await self._find(connection) is not None
        except Exception as error:  # noqa: BLE001  whatever happens, the gate stays closed
            log_fault(error)
            return False

    async def _refusal(self, request: Request, door: Door) -> Response | None:
        """The answer to a request that may not pass, None for one that may."""
        try:
            await self._check(request, door)
        except Exception as error:  # noqa: BLE001  whatever happens, the gate stays closed
            return _refuse(error, request, door)
        return None

    async def _check(self, request: Request, door: Door) -> None:
        """Raises what stands against the request: NotFound, ForgedRequest, NotSignedIn, or a fault of the machine."""
        if door is Door.HIDDEN:
            raise NotFound
        changing = request.method not in _READING
        if changing and not self._is_ours(request):
            raise ForgedRequest
        if door is Door.OPEN:
            return
        signed_in = await self._find(request)
        if signed_in is None:
            raise NotSignedIn
        if door is Door.API and changing and not _holds_csrf(request, signed_in):
            raise ForgedRequest
        if door is Door.PAGE:
            await run_in_threadpool(self._check_page, request, signed_in)
        request.scope[SIGNED_IN] = signed_in

    def _is_ours(self, connection: HTTPConnection) -> bool:
        return is_own_origin(
            connection.headers.get("origin", ""), connection.headers.get("host", ""), self._services.settings
        )

    async def _find(self, connection: HTTPConnection) -> SignedIn | None:
        token = connection.cookies.get(COOKIE, "")
        return await run_in_threadpool(find_signed_in, self._services, token, at=now()) if token else None

    def _check_page(self, request: Request, signed_in: SignedIn) -> None:
        """Raises NotFound where this page does not exist for this viewer: a real 404, before Streamlit begins."""
        if request.url.path == "/programme" and not signed_in.viewer.coordinates:
            raise NotFound
        lesson_id = request.query_params.get("lesson", "")
        if request.url.path == "/watch" and lesson_id:
            with self._services.database.view() as unit:
                unit.lessons.get_lesson(signed_in.viewer, LessonId(lesson_id))

    def _with_headers(self, send: Send, door: Door) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", self._policy)
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page or (door is Door.API and "cache-control" not in headers):
                    headers["Cache-Control"] = _PRIVATE
            await send(message)

        return sending


_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with that a browser sends a form's Origin as "null", and the check of it would refuse the form.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=(), microphone=(self), fullscreen=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def build_policy(settings: Settings, script_hashes: Iterable[str]) -> str:
    """The Content-Security-Policy of Streamlit's pages: everything from here, media also from the store."""
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'{each}'" for each in script_hashes)])
    media = " ".join(["'self'", "blob:", *_store_origin(settings)])
    rules = (
        "default-src 'self'",
        f"script-src {scripts}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        f"media-src {media}",
        "connect-src 'self'",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)


def _store_origin(settings: Settings) -> list[str]:
    """Where signed links lead, if there are any."""
    if not settings.resolved_media_store.startswith("s3://"):
        return []
    if not settings.s3_endpoint:
        return ["https://*.amazonaws.com"]
    endpoint = urlsplit(settings.s3_endpoint)
    return [f"{endpoint.scheme}://{endpoint.netloc}"]


def _refuse(error: Exception, request: Request, door: Door) -> Response:
    if door is Door.API:
        return error_response(error) if isinstance(error, DebriefError) else fault_response(error)
    if isinstance(error, ForgedRequest):
        return html.page(words.PRODUCT, html.alarm(error.message), status=403)
    if isinstance(error, NotSignedIn):
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", status_code=303)
    if isinstance(error, NotFound):
        return html.not_found()
    log_fault(error)
    return html.trouble()


def _holds_csrf(request: Request, signed_in: SignedIn) -> bool:
    return hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), signed_in.csrf.encode())
