"""Media: ranges, nothing for the curious, and gone as soon as the pairing is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.ids import MediaKey
from models.lesson import RenditionKind
from models.people import PairingRole
from models.run import RunState
from pipeline.bootstrap import now
from review.routes.gate import Gate
from review.routes.table import build_routes
from storage.memory import MemoryStore
from tests.review.conftest import ADDRESS, Browser
from tests.review.world import FILES, World, add_lesson

FILM = FILES[RenditionKind.WEB][0]
WHOLE = len(FILM)


@pytest.fixture(scope="module")
def streaming(world: World) -> Iterator[TestClient]:
    """The same school with a store that has neither files of this machine nor links, so that bytes pass through."""
    services = replace(world.services, store=copied(world, MemoryStore()))
    app = Gate(Starlette(routes=build_routes(services)), services=services)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client


def copied(world: World, store: MemoryStore) -> MemoryStore:
    for key in world.services.store.list_keys():
        path = world.services.store.local_path(key)
        assert path is not None
        store.put(key, path)
    return store


@pytest.fixture(params=["from a file", "passed through"])
def client(request: pytest.FixtureRequest, browser: Callable[[str], Browser], streaming: TestClient) -> TestClient:
    """Daniel's browser, on both kinds of store."""
    own = browser("daniel").client
    if request.param == "from a file":
        return own
    streaming.cookies.set("sid", own.cookies["sid"])
    return streaming


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=1000000-1000099", 1_000_000, 1_000_099),
        (f"bytes={WHOLE - 5}-", WHOLE - 5, WHOLE - 1),
        ("bytes=-7", WHOLE - 7, WHOLE - 1),
        (f"bytes=0-{WHOLE * 2}", 0, WHOLE - 1),
    ],
)
def test_a_range_is_sent_and_nothing_else(client: TestClient, world: World, asked: str, first: int, last: int) -> None:
    answer = client.get(f"/m/{world.recording}/web", headers={"range": asked})
    assert answer.status_code == 206
    assert answer.content == FILM[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{WHOLE}"
    assert answer.headers["content-length"] == str(last - first + 1)


def test_without_a_range_everything_is_sent_and_never_packed(client: TestClient, world: World) -> None:
    answer = client.get(f"/m/{world.recording}/web", headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.content == FILM
    assert "content-encoding" not in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", [f"bytes={WHOLE}-", f"bytes={WHOLE * 9}-{WHOLE * 10}"])
def test_a_range_outside_is_refused_with_the_length(client: TestClient, world: World, asked: str) -> None:
    answer = client.get(f"/m/{world.recording}/web", headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] in {f"bytes */{WHOLE}", f"*/{WHOLE}"}


def test_a_range_of_another_version_gets_everything(client: TestClient, world: World) -> None:
    headers = {"range": "bytes=0-9", "if-range": '"another"'}
    assert client.get(f"/m/{world.recording}/web", headers=headers).status_code == 200
    tag = client.head(f"/m/{world.recording}/web").headers["etag"]
    answer = client.get(f"/m/{world.recording}/web", headers={"range": "bytes=0-9", "if-range": tag})
    assert answer.status_code == 206


def test_asking_for_the_head_sends_the_length_and_no_bytes(client: TestClient, world: World) -> None:
    answer = client.head(f"/m/{world.recording}/web")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(WHOLE)
    assert answer.content == b""


@pytest.mark.parametrize("kind", [each for each in FILES if each is not RenditionKind.AUDIO])
def test_each_file_has_its_own_type_and_is_kept_private(client: TestClient, world: World, kind: RenditionKind) -> None:
    answer = client.get(f"/m/{world.recording}/{kind}")
    assert answer.status_code == 200
    assert answer.content == FILES[kind][0]
    assert answer.headers["content-type"].partition(";")[0] == FILES[kind][2]
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline"
    again = client.get(f"/m/{world.recording}/{kind}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "audio",
        "frames",
        "original",
        "web/1",
        "web/-1",
        "web/²",
        "web/99999999999999999999",
        "poster/0/0",
        "..%2f..%2fdebrief.sqlite",
        "%00",
        "WEB",
        "",
    ],
)
def test_what_is_not_for_people_is_not_found(client: TestClient, world: World, path: str) -> None:
    # Streamlit answers 400 to a path that tries to climb or holds a NUL, before it comes to our routes.
    assert client.get(f"/m/{world.recording}/{path}").status_code in ({400, 404} if "%" in path else {404})


@pytest.mark.usefixtures("errors_allowed")
def test_a_file_that_is_gone_is_a_fault_in_words(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    content = (b"\xff\xd8 another picture", ".jpg", "image/jpeg")
    _, recording = add_lesson(world, tmp_path, title="Gone", state=RunState.DONE, files={RenditionKind.POSTER: content})
    assert recording
    with world.services.database.view() as unit:
        key = unit.lessons.get_rendition(world.services.machine, recording, RenditionKind.POSTER).media_key
    world.services.store.delete(key)
    answer = browser("mia").client.get(f"/m/{recording}/poster")
    assert answer.status_code == 503
    assert answer.json() == {"error": "StoredFileMissing", "message": "A stored file is not where it should be."}


@pytest.mark.usefixtures("errors_allowed")
def test_a_file_of_a_type_that_a_browser_would_run_is_not_served(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    page = (b"<script>alert(1)</script>", ".jpg", "text/html")
    _, recording = add_lesson(world, tmp_path, title="Page", state=RunState.DONE, files={RenditionKind.POSTER: page})
    answer = browser("mia").client.get(f"/m/{recording}/poster")
    assert answer.status_code == 503
    assert b"script" not in answer.content


def test_a_film_in_a_far_store_is_fetched_there_by_a_link_for_a_while(
    world: World, browser: Callable[[str], Browser]
) -> None:
    asked: list[tuple[MediaKey, int, str]] = []

    class FarStore(MemoryStore):
        def signed_link(self, key: MediaKey, *, seconds: int, content_type: str) -> str:
            asked.append((key, seconds, content_type))
            return "https://far.example/film?signature=1"

    services = replace(world.services, store=copied(world, FarStore()))
    app = Gate(Starlette(routes=build_routes(services)), services=services)
    cookies = {"sid": browser("daniel").client.cookies["sid"]}
    with TestClient(app, base_url=ADDRESS, cookies=cookies, follow_redirects=False) as client:
        answer = client.get(f"/m/{world.recording}/web")
        assert client.get(f"/m/{world.recording}/poster").status_code == 200
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        assert client.get(f"/m/{world.recording}/web").status_code == 401
    assert answer.status_code == 307
    assert answer.headers["location"] == "https://far.example/film?signature=1"
    assert answer.headers["cache-control"] == "private, no-store"
    assert [each[1:] for each in asked] == [(4 * 60 * 60, "video/mp4")]


def test_when_the_pairing_ends_and_closes_the_next_range_is_not_found(
    world: World, browser: Callable[[str], Browser], tmp_path: Path
) -> None:
    at = now()
    with world.services.database.unit() as unit:
        pairing = unit.people.add_pairing(
            programme_id=world.programme,
            members={world.people["mia"]: PairingRole.MENTEE, world.people["outsider"]: PairingRole.MENTOR},
            from_at=at - timedelta(days=100),
        ).id
    lesson, recording = add_lesson(world, tmp_path, title="Ending", state=RunState.DONE, pairing=pairing)
    client = browser("outsider").client
    pages = (f"/m/{recording}/web", f"/api/lessons/{lesson}", f"/watch?lesson={lesson}")
    assert [client.get(each).status_code for each in pages] == [200, 200, 200]
    with world.services.database.unit() as unit:
        unit.people.end_pairing(pairing, at=at - timedelta(days=1))
    assert [client.get(each).status_code for each in pages] == [200, 200, 200]
    written = client.post(f"/api/lessons/{lesson}/comments", json={"recording_id": recording})
    assert written.status_code == 422
    with world.services.database.unit() as unit:
        unit.people.end_pairing(pairing, at=at - timedelta(days=90))
    assert [client.get(each).status_code for each in pages] == [404, 404, 404]
