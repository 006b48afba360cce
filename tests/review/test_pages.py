"""Every page, run by Streamlit's own tester as the person who is signed in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.run import RunState
from pipeline import workflow
from review import words
from review.ui import component, looks, session
from tests.review.conftest import Browser
from tests.review.world import TITLE, World, add_lesson

SHELL = Path(looks.__file__).with_name("shell") / "script.py"
Shown = Callable[..., AppTest]


@pytest.fixture
def shown(world: World, browser: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Draws a page as this person sees it; only the browser's cookies are made up."""
    session.use(world.services)
    # The tester forgets which server runs; the other tests still need theirs.
    monkeypatch.setattr(Runtime, "_instance", Runtime._instance)
    cookies: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _self: cookies))

    def draw(person: str | None, page: str = "", **query: str) -> AppTest:
        cookies["sid"] = browser(person).client.cookies["sid"] if person else "made-up"
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        if page:
            app.run()
            app._page_hash = calc_hash(page)  # the tester itself only switches to pages that are files
        app.run()
        assert not app.exception
        return app

    return draw


def text(app: AppTest) -> str:
    """All that a page shows, as one text."""
    parts = [each.value for each in (*app.title, *app.subheader, *app.markdown, *app.info, *app.error, *app.warning)]
    parts += [each.proto.body for each in app.get("html")]
    parts += [each.proto.label for each in app.get("page_link")]
    parts += [each.proto.text for each in app.get("progress")]
    return "\n".join(parts)


def test_my_lessons_shows_what_i_taught_with_its_state_and_comments(world: World, shown: Shown) -> None:
    seen = text(shown("mia"))
    assert f"**{TITLE}**" in seen
    assert "Mia and Co_Teacher" in seen
    assert "Mathematics · 4" in seen
    assert words.STATES[RunState.DONE] in seen
    assert f"/m/{world.recording}/poster" in seen
    assert ">4:00<" in seen
    assert re.search(r"\d+ comments?", seen)


def test_my_lessons_shows_nothing_of_a_lesson_that_is_not_shared_with_me(world: World, shown: Shown) -> None:
    for person in ("outsider", "coordinator", "otto", "administrator"):
        seen = text(shown(person))
        assert TITLE not in seen
        assert world.lesson not in seen
        assert words.NO_LESSONS in seen


def test_a_lesson_under_way_shows_its_step_its_share_and_the_time_left(
    world: World, shown: Shown, tmp_path: Path
) -> None:
    add_lesson(world, tmp_path, title="Under way", teacher="lena", state=RunState.RUNNING, files={})
    app = shown("lena")
    bars = app.get("progress")
    assert [each.proto.text for each in bars] == ["Recognising speech · 68 % · about 3 min left in this step"]
    assert [each.proto.value for each in bars] == [68]


def test_a_failed_lesson_says_why_and_only_its_teacher_may_try_again(
    world: World, shown: Shown, tmp_path: Path
) -> None:
    lesson, _ = add_lesson(world, tmp_path, title="Broken", state=RunState.FAILED, pairing=world.pairing)
    for person, buttons in (("mia", 1), ("daniel", 0)):
        app = shown(person, lesson=lesson)
        assert "Could not be prepared" in text(app)
        assert "The recording is damaged" in text(app).replace("\\", "")
        assert len([each for each in app.button if each.label == words.RETRY]) >= buttons
        assert buttons or not app.button


def test_trying_again_puts_the_recording_back_in_the_queue(world: World, shown: Shown, tmp_path: Path) -> None:
    workflow.migrate_engine(world.services.settings)
    _, recording = add_lesson(world, tmp_path, title="Once more", teacher="otto", state=RunState.FAILED, files={})
    assert recording
    app = shown("otto")
    app.button[0].click().run()
    assert not app.exception
    assert words.STATES[RunState.WAITING] in text(app)
    with world.services.database.view() as unit:
        run = unit.runs.find_newest_run(world.services.machine, recording)
        assert run
        assert (run.state, run.attempt) == (RunState.WAITING, 2)


def test_a_title_is_shown_as_text_whatever_it_holds(world: World, shown: Shown, tmp_path: Path) -> None:
    add_lesson(world, tmp_path, title="<script>x</script> [a](javascript:b) **c** :red[d] $e$ `f`", teacher="outsider")
    labels = [each.proto.label for each in shown("outsider").get("page_link")]
    assert labels == [r"**\<script\>x\</script\> \[a\]\(javascript\:b\) \*\*c\*\* \:red\[d\] \$e\$ \`f\`**"]


def test_the_watch_page_draws_the_player_in_a_container_of_its_own(
    world: World, shown: Shown, browser: Callable[[str], Browser]
) -> None:
    app = shown("daniel", "watch", lesson=world.lesson, t="1:05")
    players = app.get("bidi_component")
    assert len(players) == 1
    assert players[0].proto.component_name == "debrief.player"
    given = json.loads(players[0].proto.json)
    assert given == {"lesson_id": world.lesson, "csrf": browser("daniel").csrf, "start_ms": 65_000}
    assert words.STATES[RunState.DONE] not in text(app)


@pytest.mark.parametrize("odd", ["", "x", "-1", "99:99:99:99"])
def test_an_odd_time_in_the_address_begins_at_the_start(odd: str, world: World, shown: Shown) -> None:
    app = shown("daniel", "watch", lesson=world.lesson, t=odd)
    assert json.loads(app.get("bidi_component")[0].proto.json)["start_ms"] == 0


def test_the_watch_page_has_no_player_for_who_may_not_watch(world: World, shown: Shown) -> None:
    seen = set()
    for person in ("outsider", "coordinator", "otto"):
        app = shown(person, "watch", lesson=world.lesson)
        assert len(app.get("bidi_component")) == 0
        seen.add(app.info[0].value)
    seen.add(shown("mia", "watch", lesson="no-such-lesson").info[0].value)
    assert seen == {words.NOT_FOUND_LEAD}


def test_the_watch_page_without_a_lesson_says_what_to_do(shown: Shown) -> None:
    assert shown("mia", "watch").info[0].value == words.CHOOSE_A_LESSON


def test_the_programme_shows_states_and_no_content(world: World, shown: Shown, tmp_path: Path) -> None:
    add_lesson(world, tmp_path, title="A telling title", state=RunState.RUNNING)
    seen = text(shown("coordinator", "programme"))
    assert "Mia and Co_Teacher" in seen
    assert "Recognising speech · 68 %" in seen
    assert words.STATES[RunState.DONE] in seen
    for secret in (TITLE, "A telling title", "Mathematics", world.lesson, world.recording):
        assert secret not in seen
    assert TITLE not in text(shown("other_coordinator", "programme"))
    assert words.PROGRAMME_EMPTY in text(shown("other_coordinator", "programme"))


def test_the_account_says_in_which_pairings_i_am(shown: Shown) -> None:
    seen = text(shown("mia", "account")).replace("\\", "")
    assert "You are a mentee, with Daniel (mentor)." in seen
    assert "You are a mentee, with Ines (mentor); it ended on" in seen
    assert "Otto" not in seen
    assert 'href="/sign-out"' in seen
    assert words.NO_PAIRINGS in text(shown("outsider", "account"))


def test_a_page_whose_session_has_ended_says_so_and_shows_nothing_else(world: World, shown: Shown) -> None:
    for page in ("", "watch", "account", "programme"):
        app = shown(None, page, lesson=world.lesson)
        assert app.info[0].value == words.SESSION_ENDED
        assert "/sign-in?next=" in text(app)
        assert TITLE not in text(app)
        assert len(app.get("bidi_component")) == 0


def test_the_empty_page_says_what_to_do_next(shown: Shown) -> None:
    seen = text(shown("administrator"))
    assert words.NO_LESSONS in seen
    assert "debrief demo --recording FILE" in seen


def test_every_page_has_a_test() -> None:
    pages = {path.stem for path in Path(looks.__file__).with_name("pages").glob("*.py")} - {"__init__"}
    assert pages == {"my_lessons", "watch", "programme", "account"}


def test_a_player_that_is_not_built_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from models.errors import ToolMissing

    component.check_built()
    monkeypatch.setattr(component, "DIST", tmp_path)
    with pytest.raises(ToolMissing, match="player is not built"):
        component.check_built()
