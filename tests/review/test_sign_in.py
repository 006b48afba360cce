"""Signing in and out through the real forms."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.errors import TooManyAttempts, WrongCredentials
from pipeline.bootstrap import now
from review import accounts
from review.attempts import Attempts
from review.routes.gate import Gate
from review.routes.table import build_routes
from tests.review.conftest import Browser
from tests.review.world import PASSWORD, World

EMAIL = "mia@school.example"


def sid_of(browser: Browser) -> str:
    return browser.client.cookies.get("sid") or ""


def test_the_right_password_leads_to_the_page_that_was_wanted(anybody: Browser) -> None:
    answer = anybody.sign_in(" Mia@School.example ", next_page="/watch?lesson=7")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/watch?lesson=7"
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("sid="))
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=2592000"} <= {each.strip() for each in cookie.split(";")}
    assert "Secure" not in cookie
    assert len(sid_of(anybody)) >= 43
    assert anybody.client.get("/account").status_code == 200


def test_the_token_itself_is_kept_nowhere(anybody: Browser, world: World) -> None:
    anybody.sign_in(EMAIL)
    kept = (world.services.settings.data_dir / "debrief.sqlite").read_bytes()
    kept += (world.services.settings.data_dir / "debrief.sqlite-wal").read_bytes()
    assert sid_of(anybody).encode() not in kept
    assert hashlib.sha256(sid_of(anybody).encode()).hexdigest().encode() in kept


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), ("nobody@school.example", PASSWORD), (EMAIL, ""), ("", ""), (EMAIL, "x" * 5000)],
)
def test_a_wrong_address_and_a_wrong_password_are_told_in_the_same_words(
    anybody: Browser, email: str, password: str
) -> None:
    answer = anybody.sign_in(email, password)
    assert answer.status_code == 401
    assert "The e-mail address or the password is not right." in answer.text
    assert sid_of(anybody) == ""


def test_the_address_is_filled_in_and_shown_as_text(anybody: Browser) -> None:
    page = anybody.client.get(
        "/sign-in", params={"email": 'a"><script>alert(1)</script>', "next": '/watch?lesson="><b>'}
    )
    assert "<script>" not in page.text
    assert "<b>" not in page.text
    assert "&quot;&gt;&lt;script&gt;" in page.text


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-out"])
def test_signing_in_leads_to_no_other_site(anybody: Browser, wanted: str) -> None:
    assert anybody.sign_in(EMAIL, next_page=wanted).headers["location"] == "/"


def test_a_form_that_is_not_ours_is_refused(anybody: Browser) -> None:
    form = {"email": EMAIL, "password": PASSWORD, "form": "made-up"}
    assert anybody.client.post("/sign-in", data=form).status_code == 403
    anybody.client.get("/sign-in")
    assert anybody.client.post("/sign-in", data=form).status_code == 403
    right = anybody.client.cookies.get("sign_in_form")
    for origin in ("https://evil.example", "null"):
        answer = anybody.client.post("/sign-in", data=form | {"form": right}, headers={"origin": origin})
        assert answer.status_code == 403
        assert "reload the page" in answer.text
    assert sid_of(anybody) == ""
    assert anybody.client.post("/sign-in", data=form | {"form": right}).status_code == 303


def test_two_open_sign_in_pages_both_work(anybody: Browser) -> None:
    tokens = [re.findall(r'name="form" value="([^"]+)"', anybody.client.get("/sign-in").text)[0] for _ in range(2)]
    form = {"email": EMAIL, "password": PASSWORD, "form": tokens[0]}
    assert anybody.client.post("/sign-in", data=form).status_code == 303


def test_a_token_from_before_signing_in_is_worth_nothing_after(anybody: Browser) -> None:
    anybody.client.cookies.set("sid", "a-token-that-somebody-else-knows", domain="localhost.local")
    anybody.sign_in(EMAIL)
    first = sid_of(anybody)
    anybody.sign_in(EMAIL)
    assert sid_of(anybody) != first
    anybody.client.cookies.delete("sid")
    assert anybody.client.get("/account", headers={"cookie": f"sid={first}"}).status_code == 303


def csrf_of(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.client.get("/sign-out").text)
    assert found
    return found[1]


def test_signing_out_ends_the_session_on_the_server(anybody: Browser) -> None:
    anybody.sign_in(EMAIL)
    token = sid_of(anybody)
    assert anybody.client.post("/sign-out", data={"csrf": "wrong"}).status_code == 403
    assert anybody.client.get("/account").status_code == 200
    answer = anybody.client.post("/sign-out", data={"csrf": csrf_of(anybody), "where": "here"})
    assert answer.headers["location"] == "/sign-in?out=1"
    assert "You are signed out." in anybody.client.get("/sign-in?out=1").text
    assert anybody.client.get("/account", headers={"cookie": f"sid={token}"}).status_code == 303


def test_looking_at_the_sign_out_page_signs_nobody_out(anybody: Browser) -> None:
    anybody.sign_in(EMAIL)
    assert "You are signed in as Mia." in anybody.client.get("/sign-out").text
    assert anybody.client.get("/account").status_code == 200


def test_signing_out_everywhere_ends_all_sessions_of_this_person(server: TestClient, world: World) -> None:
    one, other, another_person = Browser(server), Browser(server), Browser(server)
    for each in (one, other):
        each.sign_in("co_teacher@school.example")
    another_person.sign_in("lena@school.example")
    one.client.post("/sign-out", data={"csrf": csrf_of(one), "where": "everywhere"})
    assert other.client.get("/account").status_code == 303
    assert another_person.client.get("/account").status_code == 200


def test_a_session_ends_when_it_is_not_used_and_in_any_case_after_its_days(world: World) -> None:
    at = now()
    token = sign_in(world, at=at)
    settings = world.services.settings
    idle, absolute = timedelta(minutes=settings.session_idle_minutes), timedelta(days=settings.session_days)
    find = accounts.find_signed_in
    assert find(world.services, token, at=at + idle) is None
    seen = at
    while seen + idle < at + absolute:
        seen += idle - timedelta(seconds=1)
        assert find(world.services, token, at=seen) is not None
    assert find(world.services, token, at=at + absolute) is None


def sign_in(world: World, *, attempts: Attempts | None = None, at: object = None, **more: str) -> str:
    given = {"email": EMAIL, "password": PASSWORD, "client": "10.0.0.7", "old_token": ""} | more
    return accounts.sign_in(world.services, attempts or Attempts(), at=at or now(), **given)  # type: ignore[arg-type]


def test_guessing_is_slowed_down_for_the_guesser_and_not_for_others(world: World) -> None:
    attempts, at = Attempts(), now()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            sign_in(world, attempts=attempts, at=at, password="guess")
    with pytest.raises(TooManyAttempts):
        sign_in(world, attempts=attempts, at=at)
    assert sign_in(world, attempts=attempts, at=at, client="10.0.0.8")
    assert sign_in(world, attempts=attempts, at=at + timedelta(seconds=2))


def test_a_disabled_account_has_no_way_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.people import People

    found = People.find_sign_in

    def disabled(self: People, email: str) -> object:
        kept = found(self, email)
        assert kept
        return replace(kept, person=replace(kept.person, disabled_at=now()))

    monkeypatch.setattr(People, "find_sign_in", disabled)
    with pytest.raises(WrongCredentials):
        sign_in(world)


def test_over_https_the_cookies_are_marked_secure(world: World) -> None:
    public = "https://debrief.school.example"
    services = replace(world.services, settings=replace(world.services.settings, public_url=public))
    app = Gate(Starlette(routes=build_routes(services)), services=services)
    with TestClient(app, base_url=public, headers={"origin": public}, follow_redirects=False) as client:
        token = re.findall(r'name="form" value="([^"]+)"', client.get("/sign-in").text)[0]
        answer = client.post("/sign-in", data={"form": token, "email": EMAIL, "password": PASSWORD})
    cookies = answer.headers.get_list("set-cookie")
    assert all("Secure" in each for each in cookies if "Max-Age=0" not in each)
    assert any(each.startswith("sid=") for each in cookies)


def test_the_sign_in_page_runs_no_script(anybody: Browser) -> None:
    policy = anybody.client.get("/sign-in").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"&" * 300_000, b"x=1&" * 5000])
def test_odd_forms_are_refused_without_a_fault(anybody: Browser, body: bytes) -> None:
    answer = anybody.client.post(
        "/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in {403, 413}


def test_each_person_sees_their_own_name(browser: Callable[[str], Browser]) -> None:
    assert "Daniel" in browser("daniel").client.get("/sign-out").text
