"""The real app, with its gate and lifespan, on a school of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app import build_app
from review.ui import component
from tests.review.world import PASSWORD, World, build_world

ADDRESS = "http://localhost:8501"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The school; tests that change something make their own lessons in it."""
    made = build_world(tmp_path_factory.mktemp("school"))
    yield made
    made.services.database.close()


@pytest.fixture(scope="session")
def server(world: World) -> Iterator[TestClient]:
    """The running app; sign in with `browser`."""
    component.check_built()
    with TestClient(build_app(world.services), base_url=ADDRESS) as client:
        yield client


class Browser:
    """One person's browser: its cookies, and the headers that pages of ours send."""

    def __init__(self, server: TestClient) -> None:
        self.client = TestClient(server.app, base_url=ADDRESS, headers={"origin": ADDRESS}, follow_redirects=False)
        self.client.portal = server.portal
        self.csrf = ""

    def sign_in(self, email: str, password: str = PASSWORD, *, next_page: str = "/") -> Response:
        """Fill in the form and send it."""
        form = self.client.get("/sign-in", params={"email": email, "next": next_page})
        token = re.search(r'name="form" value="([^"]+)"', form.text)
        assert token
        return self.client.post(
            "/sign-in", data={"form": token[1], "email": email, "password": password, "next": next_page}
        )


@pytest.fixture
def anybody(server: TestClient) -> Iterator[Browser]:
    """A browser in which nobody is signed in."""
    browser = Browser(server)
    yield browser
    browser.client.close()


@pytest.fixture(scope="session")
def browser(server: TestClient) -> Callable[[str], Browser]:
    """The browser of the person with this name in the school, signed in; asked again, it is the same one."""
    open_ones: dict[str, Browser] = {}

    def open_for(name: str) -> Browser:
        if name not in open_ones:
            made = Browser(server)
            answer = made.sign_in(f"{name}@school.example")
            assert answer.status_code == 303, answer.text
            page = made.client.get("/sign-out")
            found = re.search(r'name="csrf" value="([^"]+)"', page.text)
            assert found
            made.client.headers["x-debrief-csrf"] = made.csrf = found[1]
            open_ones[name] = made
        return open_ones[name]

    return open_for
