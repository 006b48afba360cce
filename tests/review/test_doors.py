"""Which address lies behind which door, where signing in may lead, and whose pages may send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.settings import Settings
from review.routes.doors import PAGES, Door, door_of, is_own_origin, local_page


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/", Door.PAGE),
        ("/watch", Door.PAGE),
        ("/sign-out", Door.PAGE),
        ("/sign-in", Door.OPEN),
        ("/health", Door.OPEN),
        ("/static/js/index.js", Door.OPEN),
        ("/_stcore/health", Door.OPEN),
        ("/_stcore/host-config", Door.OPEN),
        ("/_stcore/stream", Door.SOCKET),
        ("/_stcore/bidi-components/debrief.player/player.js", Door.API),
        ("/m/1/web", Door.API),
        ("/api/lessons/1", Door.API),
        ("/_stcore/metrics", Door.HIDDEN),
        ("/_stcore/agent/interact", Door.HIDDEN),
        ("/_stcore/upload_file/1/2", Door.HIDDEN),
        ("/_stcore/script-health-check", Door.HIDDEN),
        ("/media/abc.mp4", Door.HIDDEN),
        ("/component/x/index.html", Door.HIDDEN),
        ("/app/static/x", Door.HIDDEN),
        ("/auth/login", Door.HIDDEN),
        ("/oauth2callback", Door.HIDDEN),
        ("/watch/", Door.HIDDEN),
        ("/sign-in/../api/lessons/1", Door.HIDDEN),
        ("//health", Door.HIDDEN),
        ("", Door.HIDDEN),
    ],
)
def test_an_address_lies_behind_its_door(path: str, door: Door) -> None:
    assert door_of(path) is door


@given(st.text())
def test_what_is_not_listed_is_hidden(text: str) -> None:
    assert door_of(f"/_stcore/{text}!") is Door.HIDDEN or text.startswith("bidi-components/")
    assert door_of(f"/x{text}") is Door.HIDDEN


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%0d%0aSet-Cookie:x=1",
        "/\nwatch",
        "javascript:alert(1)",
        "watch",
        "/sign-out",
        "/api/lessons/1",
        "/.//evil.example",
        "http://[",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(address: str) -> None:
    assert local_page(address) == "/"


@pytest.mark.parametrize("address", ["/", "/watch?lesson=1&t=12:40", "/programme", "/account"])
def test_signing_in_leads_back_to_the_page_that_was_wanted(address: str) -> None:
    assert local_page(address) == address


@given(st.text())
def test_wherever_signing_in_leads_is_a_page_of_ours(address: str) -> None:
    assert local_page(address).partition("?")[0].partition("#")[0] in PAGES


@pytest.mark.parametrize(
    ("origin", "host", "public_url", "own"),
    [
        ("http://localhost:8501", "localhost:8501", "", True),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", "", True),
        ("http://localhost:8502", "localhost:8501", "", False),
        ("http://evil.example", "localhost:8501", "", False),
        ("null", "localhost:8501", "", False),
        ("", "localhost:8501", "", False),
        ("", "", "", False),
        ("http://", "", "", False),
        ("https://debrief.school.example", "10.0.0.7:8501", "https://debrief.school.example/", True),
        ("http://debrief.school.example", "debrief.school.example", "https://debrief.school.example", False),
        ("http://localhost:8501", "localhost:8501", "https://debrief.school.example", False),
    ],
)
def test_only_our_own_pages_may_send(origin: str, host: str, public_url: str, own: bool) -> None:
    assert is_own_origin(origin, host, Settings(public_url=public_url)) is own
