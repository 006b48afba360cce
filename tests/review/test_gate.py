"""The gate: Streamlit's socket and routes, the headers, and what happens when the machine fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from models.errors import DatabaseUnavailable
from models.settings import Settings
from pipeline.bootstrap import Services
from review.routes.gate import Gate, build_policy
from review.routes.table import build_routes
from review.ui.frontend import script_hashes
from tests.review.conftest import ADDRESS, Browser
from tests.review.world import World

SOCKET = "/_stcore/stream"


def connect(client: TestClient, path: str, headers: dict[str, str]) -> bool:
    """Whether the socket opens."""
    try:
        with client.websocket_connect(f"ws://localhost:8501{path}", headers=headers, subprotocols=["streamlit"]):
            return True
    except WebSocketDisconnect:
        return False


def test_the_socket_opens_for_a_signed_in_person_on_our_own_page(browser: Callable[[str], Browser]) -> None:
    assert connect(browser("mia").client, SOCKET, {"origin": ADDRESS})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://localhost:8501.evil.example"])
def test_the_socket_is_refused_to_a_foreign_page(origin: str, browser: Callable[[str], Browser]) -> None:
    assert not connect(browser("mia").client, SOCKET, {"origin": origin})


def test_the_socket_is_refused_without_a_session(anybody: Browser) -> None:
    assert not connect(anybody.client, SOCKET, {"origin": ADDRESS})
    anybody.client.cookies.set("sid", "made-up")
    assert not connect(anybody.client, SOCKET, {"origin": ADDRESS})


@pytest.mark.parametrize("path", ["/", "/watch/_stcore/stream", "/api/lessons/1", "/health"])
def test_there_is_no_other_socket(path: str, browser: Callable[[str], Browser]) -> None:
    assert not connect(browser("mia").client, path, {"origin": ADDRESS})


HIDDEN = [
    ("GET", "/_stcore/metrics"),
    ("GET", "/_stcore/script-health-check"),
    ("POST", "/_stcore/agent/interact"),
    ("GET", "/_stcore/agent/openapi.json"),
    ("POST", "/_stcore/agent/mcp"),
    ("PUT", "/_stcore/upload_file/1/2"),
    ("GET", "/media/abc.mp4"),
    ("GET", "/component/x/index.html"),
    ("GET", "/auth/login"),
    ("GET", "/oauth2callback"),
    ("GET", "/some-page"),
    ("GET", "/watch/"),
    ("GET", "/pages/watch"),
]


@pytest.mark.parametrize(("method", "path"), HIDDEN)
def test_streamlits_other_routes_are_not_found_signed_in_or_not(
    method: str, path: str, browser: Callable[[str], Browser], anybody: Browser
) -> None:
    for client in (browser("mia").client, anybody.client):
        answer = client.request(method, path)
        assert answer.status_code == 404
        assert "Not found" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/_stcore/health",
        "/_stcore/host-config",
        "/manifest.json",
        "/favicon.ico",
        "/favicon.png",
        "/sign-in",
    ],
)
def test_what_the_sign_in_page_needs_is_open(path: str, anybody: Browser) -> None:
    answer = anybody.client.get(path)
    assert answer.status_code == 200
    assert "sid=" not in answer.headers.get("set-cookie", "")


def test_the_components_files_are_for_signed_in_people(browser: Callable[[str], Browser], anybody: Browser) -> None:
    path = "/_stcore/bidi-components/debrief.player/player.js"
    assert anybody.client.get(path).status_code == 401
    answer = browser("mia").client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))


@pytest.mark.parametrize("path", ["/", "/watch", "/account", "/sign-out", "/sign-in", "/nowhere"])
def test_a_page_is_kept_by_no_browser_and_framed_by_nobody(path: str, browser: Callable[[str], Browser]) -> None:
    headers = browser("mia").client.get(path).headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    policy = rules(headers["content-security-policy"])
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert "'unsafe-inline'" not in policy.get("script-src", policy["default-src"])
    assert "'unsafe-eval'" not in policy.get("script-src", policy["default-src"])
    assert policy["default-src"] in (["'self'"], ["'none'"])


def rules(policy: str) -> dict[str, list[str]]:
    return {each.split()[0]: each.split()[1:] for each in policy.split(";")}


def test_the_policy_names_streamlits_inline_script_and_the_store() -> None:
    hashes = script_hashes()
    assert len(hashes) == 1
    policy = rules(build_policy(Settings(), hashes))
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'", f"'{hashes[0]}'"]
    assert policy["media-src"] == ["'self'", "blob:"]
    outside = Settings(media_store="s3://lessons", s3_endpoint="https://s3.school.example:9000/x")
    assert rules(build_policy(outside, ()))["media-src"] == ["'self'", "blob:", "https://s3.school.example:9000"]
    assert "https://*.amazonaws.com" in rules(build_policy(Settings(media_store="s3://lessons"), ()))["media-src"]


def test_a_host_that_is_not_ours_changes_nothing_on_the_pages(browser: Callable[[str], Browser]) -> None:
    answer = browser("mia").client.get("/sign-out", headers={"host": "evil.example"})
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


def test_a_changing_request_under_another_host_needs_that_hosts_page(browser: Callable[[str], Browser]) -> None:
    answer = browser("mia").client.post("/sign-out", headers={"host": "evil.example", "origin": ADDRESS})
    assert answer.status_code == 403


class BrokenDatabase:
    """A database that does not answer."""

    def unit(self) -> AbstractContextManager[None]:
        raise DatabaseUnavailable

    view = unit

    def is_current(self) -> bool:
        raise DatabaseUnavailable


class FaultyDatabase(BrokenDatabase):
    """A database with a fault nobody foresaw, whose text holds what a person wrote."""

    def unit(self) -> AbstractContextManager[None]:
        raise ValueError("Sami said the secret word")

    view = unit


def gated(world: World, database: object) -> TestClient:
    broken = Services(
        settings=world.services.settings,
        database=database,  # type: ignore[arg-type]
        store=world.services.store,
        rubric=world.services.rubric,
        machine=world.services.machine,
    )

    async def page(_request: object) -> PlainTextResponse:
        return PlainTextResponse("inside")

    inner = Starlette(routes=[*build_routes(broken), Route("/", page)])
    return TestClient(Gate(inner, services=broken), base_url=ADDRESS, cookies={"sid": "x"}, headers={"origin": ADDRESS})


@pytest.mark.parametrize("database", [BrokenDatabase(), FaultyDatabase()])
@pytest.mark.usefixtures("errors_allowed")
def test_when_the_database_fails_the_gate_stays_closed_and_says_so_in_words(
    world: World, database: object, caplog: pytest.LogCaptureFixture
) -> None:
    with gated(world, database) as client:
        page, api = client.get("/"), client.get("/api/lessons/1")
        health, sign_in = client.get("/health"), client.get("/sign-in")
        assert not connect(client, SOCKET, {"origin": ADDRESS})
    assert page.status_code == 503
    assert "nothing you saved is lost" in page.text
    assert api.status_code in {500, 503}
    assert api.json()["message"].endswith(".")
    assert health.status_code == 503
    assert health.json() == {"status": "trouble", "database": "trouble", "store": "ok"}
    assert sign_in.status_code == 200
    for text in (page.text, api.text, caplog.text):
        assert "secret" not in text
        assert "Traceback" not in text


def test_health_says_nothing_private(anybody: Browser) -> None:
    assert anybody.client.get("/health").json() == {"status": "ok", "database": "ok", "store": "ok"}
