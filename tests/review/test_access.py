"""Every address × every relation to a lesson, walked from the app itself: a new route without a row fails here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient

from models.access import Action, Relation, decide
from models.run import RunState
from review.routes.doors import PAGES, Door, door_of
from tests.review.conftest import Browser
from tests.review.world import NOTED, SAID, SPOKEN, TITLE, World, add_lesson

RELATIONS: dict[str, frozenset[Relation]] = {
    "mia": frozenset({Relation.TEACHER, Relation.PARTNER_ACTIVE, Relation.PARTNER_READ_ONLY}),
    "co_teacher": frozenset({Relation.TEACHER}),
    "daniel": frozenset({Relation.PARTNER_ACTIVE}),
    "ines": frozenset({Relation.PARTNER_READ_ONLY}),
    "otto": frozenset(),
    "lena": frozenset(),
    "coordinator": frozenset({Relation.COORDINATOR}),
    "outsider": frozenset(),
    "administrator": frozenset(),
    "other_coordinator": frozenset(),
}

PUBLIC = {
    ("GET", "/health"),
    ("GET", "/favicon.ico"),
    ("GET", "/favicon.png"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
}
OWN = {("GET", "/sign-out"), ("POST", "/sign-out")}
"""Of the signed-in person alone; no lesson is in it."""
NOWHERE = {
    (method, f"{place}{{rest:path}}")
    for place in ("/api/", "/m/")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
}
"""Not found, whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a route on the lesson's content needs, and what else it needs of the person."""

    action: Action
    only: frozenset[str] | None = None
    body: Callable[[World], dict[str, object]] | None = None
    good: int = 200


def note(world: World) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "recording_id": world.recording,
        "pairing_id": None,
        "kind": "noticing",
        "start_ms": 1000,
        "end_ms": 1000,
        "body": "a note of my own",
        "tags": [],
        "reply_to": None,
    }


AUTHOR = frozenset({"daniel"})
MATRIX: dict[tuple[str, str], Row] = {
    ("GET", "/m/{recording}/{kind}"): Row(action=Action.MEDIA_READ),
    ("GET", "/m/{recording}/{kind}/{part}"): Row(action=Action.MEDIA_READ),
    ("GET", "/api/lessons/{lesson}"): Row(action=Action.LESSON_READ),
    ("GET", "/api/recordings/{recording}/transcript"): Row(action=Action.TRANSCRIPT_READ),
    ("GET", "/api/recordings/{recording}/clips"): Row(action=Action.CLIP_READ),
    ("GET", "/api/lessons/{lesson}/comments"): Row(action=Action.COMMENT_READ),
    ("POST", "/api/lessons/{lesson}/comments"): Row(action=Action.COMMENT_WRITE, body=note, good=201),
    ("PATCH", "/api/comments/{comment}"): Row(
        action=Action.COMMENT_WRITE,
        only=AUTHOR,
        body=lambda _: {"body": SAID, "kind": "noticing", "tags": [], "revision": 1},
    ),
    ("DELETE", "/api/comments/{comment}"): Row(action=Action.COMMENT_WRITE, only=AUTHOR),
    ("POST", "/api/comments/{comment}/restore"): Row(action=Action.COMMENT_WRITE, only=AUTHOR),
    ("PATCH", "/api/pairings/{pairing}"): Row(
        action=Action.COMMENT_WRITE, only=frozenset({"mia", "daniel"}), body=lambda _: {"levels_on": True}
    ),
    # The run is done, so there is nothing to take up again; test_lessons.py has the ones that failed.
    ("POST", "/api/runs/{recording}/retry"): Row(action=Action.RUN_CONTROL, good=404),
    ("POST", "/api/runs/{recording}/cancel"): Row(action=Action.RUN_CONTROL, good=202),
}

STREAMLIT = {
    "/_stcore/health": Door.OPEN,
    "/_stcore/host-config": Door.OPEN,
    "/_stcore/stream": Door.SOCKET,
    "/_stcore/bidi-components/{path:path}": Door.API,
    "/_stcore/metrics": Door.HIDDEN,
    "/_stcore/upload_file/{session_id}/{file_id}": Door.HIDDEN,
    "/_stcore/agent/interact": Door.HIDDEN,
    "/_stcore/agent/openapi.json": Door.HIDDEN,
    "/_stcore/agent/mcp": Door.HIDDEN,
    "/media/{file_id:path}": Door.HIDDEN,
    "/component/{path:path}": Door.HIDDEN,
    "/auth/login": Door.HIDDEN,
    "/auth/logout": Door.HIDDEN,
    "/oauth2callback": Door.HIDDEN,
    "": Door.HIDDEN,
}
"""Streamlit's own routes and their doors; its pages and files lie under the mount at the root."""


def ids(world: World) -> dict[str, str]:
    return {
        "lesson": world.lesson,
        "recording": world.recording,
        "comment": world.comment,
        "pairing": world.pairing,
        "kind": "poster",
        "part": "0",
    }


def nothing() -> dict[str, str]:
    """The same ids for what does not exist."""
    return {name: str(uuid.UUID(int=77)) for name in ("lesson", "recording", "comment", "pairing")} | {
        "kind": "poster",
        "part": "0",
    }


def own_routes(server: TestClient) -> set[tuple[str, str]]:
    found = set()
    for route in server.app._starlette_app.routes:  # type: ignore[attr-defined]
        if isinstance(route, Route) and route.path not in STREAMLIT:
            found |= {(method, route.path) for method in route.methods or () if method != "HEAD"}
    return found


def test_every_route_of_ours_has_a_row(server: TestClient) -> None:
    assert own_routes(server) == set(MATRIX) | PUBLIC | OWN | NOWHERE


def test_every_route_of_streamlits_has_a_door(server: TestClient) -> None:
    own = {path for _, path in own_routes(server)}
    for route in server.app._starlette_app.routes:  # type: ignore[attr-defined]
        assert isinstance(route, Route | WebSocketRoute | Mount)
        if route.path not in own:
            assert (
                door_of(route.path.partition("{")[0] + "x" if "{" in route.path else route.path)
                is STREAMLIT[route.path]
            )


@pytest.mark.parametrize("person", RELATIONS)
@pytest.mark.parametrize(("method", "path"), MATRIX, ids=str)
def test_a_route_answers_whom_the_table_allows_and_nobody_else(
    method: str, path: str, person: str, world: World, browser: Callable[[str], Browser]
) -> None:
    row = MATRIX[method, path]
    body = row.body(world) if row.body else None
    client = browser(person).client
    answer = client.request(method, path.format(**ids(world)), json=body)
    if decide(RELATIONS[person], row.action) and (row.only is None or person in row.only):
        assert answer.status_code == row.good, answer.text
        return
    missing = client.request(method, path.format(**nothing()), json=body)
    assert answer.status_code == missing.status_code == 404
    assert answer.content == missing.content
    assert set(answer.headers) == set(missing.headers)


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=str)
def test_a_route_answers_nobody_who_is_not_signed_in(method: str, path: str, world: World, anybody: Browser) -> None:
    row = MATRIX[method, path]
    for sid in ("", "made-up", "a" * 5000):
        anybody.client.cookies.set("sid", sid)
        answer = anybody.client.request(method, path.format(**ids(world)), json=row.body(world) if row.body else None)
        assert answer.status_code == 401
        assert answer.json() == {"error": "NotSignedIn", "message": "Please sign in first."}


@pytest.mark.parametrize(("method", "path"), [each for each in MATRIX if each[0] != "GET"], ids=str)
def test_a_changing_route_wants_its_token_and_our_own_page(
    method: str, path: str, world: World, browser: Callable[[str], Browser]
) -> None:
    row = MATRIX[method, path]
    client = browser("daniel").client
    for forged in (
        {"x-debrief-csrf": ""},
        {"x-debrief-csrf": "wrong"},
        {"x-debrief-csrf": browser("mia").csrf},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ):
        answer = client.request(
            method, path.format(**ids(world)), json=row.body(world) if row.body else None, headers=forged
        )
        assert answer.status_code == 403
        assert answer.json()["error"] == "ForgedRequest"


@pytest.mark.parametrize("person", RELATIONS)
def test_the_lessons_page_is_not_found_for_whom_it_is_not_open(
    person: str, world: World, browser: Callable[[str], Browser]
) -> None:
    client = browser(person).client
    answer = client.get("/watch", params={"lesson": world.lesson})
    if decide(RELATIONS[person], Action.LESSON_READ):
        assert answer.status_code == 200
        return
    missing = client.get("/watch", params={"lesson": str(uuid.UUID(int=77))})
    assert answer.status_code == missing.status_code == 404
    assert answer.content == missing.content


@pytest.mark.parametrize("person", RELATIONS)
def test_the_programmes_page_is_there_for_its_coordinator_only(person: str, browser: Callable[[str], Browser]) -> None:
    expected = 200 if person.endswith("coordinator") else 404
    assert browser(person).client.get("/programme").status_code == expected


@pytest.mark.parametrize("path", [*sorted(PAGES), "/sign-out"])
def test_a_page_sends_whoever_is_not_signed_in_to_the_sign_in_page(path: str, anybody: Browser) -> None:
    answer = anybody.client.get(path, params={"lesson": "7"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2F")


def test_nothing_that_an_outsider_gets_holds_a_word_of_the_lesson(
    world: World, browser: Callable[[str], Browser]
) -> None:
    for person in ("outsider", "coordinator", "otto", "administrator"):
        for method, path in MATRIX:
            answer = browser(person).client.request(method, path.format(**ids(world)))
            for secret in (TITLE, SPOKEN, SAID, NOTED, "Opening"):
                assert secret.encode() not in answer.content


def test_who_shares_one_lesson_sees_no_other(world: World, browser: Callable[[str], Browser], tmp_path: Path) -> None:
    lesson, recording = add_lesson(world, tmp_path, title="Not shared", teacher="co_teacher", state=RunState.DONE)
    for person in set(RELATIONS) - {"co_teacher"}:
        client = browser(person).client
        for path in (
            f"/api/lessons/{lesson}",
            f"/api/lessons/{lesson}/comments",
            f"/m/{recording}/web",
            f"/watch?lesson={lesson}",
        ):
            assert client.get(path).status_code == 404, (person, path)
    assert browser("co_teacher").client.get(f"/m/{recording}/web").status_code == 200


def test_a_note_is_read_by_its_author_alone(world: World, browser: Callable[[str], Browser]) -> None:
    read = {
        person: {each["id"] for each in comments(browser(person), world)}
        for person in ("daniel", "mia", "co_teacher", "ines")
    }
    assert {world.comment, world.note} <= read["daniel"]
    assert world.comment in read["mia"]
    assert world.note not in read["mia"] | read["co_teacher"] | read["ines"]
    assert world.comment not in read["co_teacher"] | read["ines"]


def comments(browser: Browser, world: World) -> list[dict[str, str]]:
    found: list[dict[str, str]] = browser.client.get(f"/api/lessons/{world.lesson}/comments").json()["comments"]
    return found
