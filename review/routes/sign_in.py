"""Signing in and out: own pages with plain forms."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.errors import DebriefError, ForgedRequest
from pipeline.bootstrap import Services, now
from review import accounts, words
from review.attempts import Attempts
from review.routes import html
from review.routes.answers import log_fault, status_of
from review.routes.calls import read_body, signed_in_of
from review.routes.doors import SIGN_IN, SIGN_OUT, local_page
from review.routes.gate import COOKIE

_FORM_COOKIE = "sign_in_form"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_FORM_SECONDS = 60 * 60
_DAY_SECONDS = 24 * 60 * 60
_AT_ONCE = 2
"""Passwords checked at the same time: each takes some 64 MiB of memory on purpose."""


def build_routes(services: Services) -> list[Route]:
    """The sign-in page with its form, and signing out."""
    desk = _Desk(services)
    return [
        Route(SIGN_IN, desk.show, methods=["GET"], name="sign-in page"),
        Route(SIGN_IN, desk.sign_in, methods=["POST"], name="sign in"),
        Route(SIGN_OUT, desk.ask, methods=["GET"], name="sign-out page"),
        Route(SIGN_OUT, desk.sign_out, methods=["POST"], name="sign out"),
    ]


class _Desk:
    """Where people come in and go out."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._attempts = Attempts()
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._secure = services.settings.resolved_public_url.startswith("https://")

    async def show(self, request: Request) -> Response:
        """The form, filled in as far as the address says."""
        query = request.query_params
        news = html.news(words.SIGNED_OUT) if "out" in query else ""
        return self._form(request, query, news=news)

    async def sign_in(self, request: Request) -> Response:
        """Check the form; begin a session and go on to where the person wanted to be, or say what was not right."""
        fields: dict[str, str] = {}
        try:
            fields = await _read_form(request)
            _check_token(fields.get("form", ""), request.cookies.get(_FORM_COOKIE, ""))
            client = request.client.host if request.client else ""
            old_token = request.cookies.get(COOKIE, "")
            token = await to_thread.run_sync(self._begin, fields, client, old_token, limiter=self._limiter)
        except DebriefError as error:
            if not error.expected:
                log_fault(error)
            return self._form(request, fields, news=html.alarm(error.message), status=status_of(error))
        response = RedirectResponse(local_page(fields.get("next", "/")), status_code=303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=self._services.settings.session_days * _DAY_SECONDS,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        response.delete_cookie(_FORM_COOKIE, path=SIGN_IN)
        return response

    async def ask(self, request: Request) -> Response:
        """The page that asks whether to sign out here or everywhere."""
        signed_in = signed_in_of(request)
        token = f'<input type="hidden" name="csrf" value="{escape(signed_in.csrf)}">'
        lead = escape(words.SIGN_OUT_LEAD.format(name=signed_in.viewer.name))
        return html.page(
            words.SIGN_OUT,
            f'<h1>{words.SIGN_OUT}</h1><p>{lead}</p><form method="post" action="{SIGN_OUT}">{token}'
            f'<button name="where" value="here">{words.SIGN_OUT}</button>'
            f'<button class="quiet" name="where" value="everywhere">{words.SIGN_OUT_EVERYWHERE}</button></form>'
            f'<a class="button quiet" href="/">{words.STAY}</a>',
        )

    async def sign_out(self, request: Request) -> Response:
        """End this session, or all of this person's."""
        signed_in = signed_in_of(request)
        try:
            fields = await _read_form(request)
            _check_token(fields.get("csrf", ""), signed_in.csrf)
            if fields.get("where") == "everywhere":
                await to_thread.run_sync(
                    lambda: accounts.sign_out_everywhere(self._services, signed_in.viewer, at=now())
                )
            else:
                token = request.cookies.get(COOKIE, "")
                await to_thread.run_sync(lambda: accounts.sign_out(self._services, token, at=now()))
        except DebriefError as error:
            if not error.expected:
                log_fault(error)
            return html.page(words.SIGN_OUT, html.alarm(error.message), status=status_of(error))
        response = RedirectResponse(f"{SIGN_IN}?out=1", status_code=303)
        response.delete_cookie(COOKIE, path="/", secure=self._secure, httponly=True, samesite="lax")
        return response

    def _begin(self, fields: dict[str, str], client: str, old_token: str) -> str:
        return accounts.sign_in(
            self._services,
            self._attempts,
            email=fields.get("email", ""),
            password=fields.get("password", ""),
            client=client,
            old_token=old_token,
            at=now(),
        )

    def _form(self, request: Request, filled: Mapping[str, str], *, news: str, status: int = 200) -> Response:
        """The sign-in page, filled in as far as is known. Its token must come back with the same browser's cookie."""
        email, wanted = filled.get("email", ""), local_page(filled.get("next", "/"))
        # A second tab shows the token of the first, or the first one's form would no longer be taken.
        token = request.cookies.get(_FORM_COOKIE, "")
        if not _TOKEN.fullmatch(token):
            token = secrets.token_urlsafe(32)
        here, there = ("", " autofocus") if email else (" autofocus", "")
        response = html.page(
            words.SIGN_IN,
            f"<h1>{words.SIGN_IN}</h1><p>{words.SIGN_IN_LEAD}</p>{news}"
            f'<form method="post" action="{SIGN_IN}">'
            f'<input type="hidden" name="form" value="{token}">'
            f'<input type="hidden" name="next" value="{escape(wanted)}">'
            f'<label for="email">{words.EMAIL}</label>'
            f'<input id="email" name="email" type="email" autocomplete="username" inputmode="email" '
            f'autocapitalize="none" spellcheck="false" required value="{escape(email)}"{here}>'
            f'<label for="password">{words.PASSWORD}</label>'
            f'<input id="password" name="password" type="password" autocomplete="current-password" required{there}>'
            f"<button>{words.SIGN_IN}</button></form>",
            status=status,
        )
        response.set_cookie(
            _FORM_COOKIE,
            token,
            max_age=_FORM_SECONDS,
            path=SIGN_IN,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
        return response


async def _read_form(request: Request) -> dict[str, str]:
    """The fields of a form as browsers send it without files; the last of each name."""
    try:
        text = (await read_body(request)).decode()
        return {name: values[-1] for name, values in parse_qs(text, max_num_fields=20).items()}
    except ValueError as error:
        raise ForgedRequest from error


def _check_token(sent: str, kept: str) -> None:
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise ForgedRequest
