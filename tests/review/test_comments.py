"""Writing together: comments are kept once, changed by their author, and never lost."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.run import RunState
from tests.review.conftest import Browser
from tests.review.test_access import MATRIX, ids
from tests.review.world import World, add_lesson

Document = dict[str, object]


@pytest.fixture
def lesson(world: World, tmp_path: Path) -> tuple[str, str]:
    """A fresh lesson of Mia's, shared with Daniel: its id and its recording's."""
    made, recording = add_lesson(world, tmp_path, title="Comments", state=RunState.DONE, pairing=world.pairing)
    assert recording
    return made, recording


def draft(world: World, lesson: tuple[str, str], **more: object) -> Document:
    return {
        "id": str(uuid.uuid4()),
        "recording_id": lesson[1],
        "pairing_id": world.pairing,
        "kind": "question",
        "start_ms": 2000,
        "end_ms": 3000,
        "body": "What did Sami see?",
        "tags": [{"criterion": "move.pause", "level": "steady"}],
        "reply_to": None,
    } | more


def post(browser: Browser, lesson: tuple[str, str], sent: Document) -> tuple[int, Document]:
    answer = browser.client.post(f"/api/lessons/{lesson[0]}/comments", json=sent)
    return answer.status_code, answer.json()


def listed(browser: Browser, lesson: tuple[str, str], after: int | None = None) -> tuple[int, list[Document]]:
    answer = browser.client.get(f"/api/lessons/{lesson[0]}/comments", params={} if after is None else {"after": after})
    assert answer.status_code == 200
    return answer.json()["change"], answer.json()["comments"]


def test_a_comment_is_kept_and_seen_by_the_other_in_the_pairing(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    sent = draft(world, lesson)
    status, kept = post(browser("daniel"), lesson, sent)
    assert status == 201
    assert {name: kept[name] for name in sent if name != "tags"} == {
        name: value for name, value in sent.items() if name != "tags"
    }
    assert kept["tags"] == [{"criterion": "move.pause", "level": "steady", "title": "Leave a silence"}]
    assert kept["author"] == {"id": world.people["daniel"], "name": "Daniel"}
    assert (kept["mine"], kept["revision"], kept["deleted"], kept["edited_at"]) == (True, 1, False, None)
    change, comments = listed(browser("mia"), lesson)
    assert comments == [kept | {"mine": False}]
    assert change == kept["change"]


def test_sending_the_same_comment_again_changes_nothing(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    sent = draft(world, lesson)
    first = post(browser("daniel"), lesson, sent)
    again = post(browser("daniel"), lesson, sent | {"body": "a second click with other words"})
    assert (first[0], again[0]) == (201, 200)
    assert again[1] == first[1]
    assert len(listed(browser("daniel"), lesson)[1]) == 1


def test_another_persons_id_can_not_be_taken(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    sent = draft(world, lesson)
    post(browser("daniel"), lesson, sent)
    assert post(browser("mia"), lesson, sent | {"body": "mine now"})[0] == 404


def test_an_edit_of_what_somebody_changed_meanwhile_is_a_conflict_and_both_texts_are_there(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    _, kept = post(browser("daniel"), lesson, draft(world, lesson))
    path = f"/api/comments/{kept['id']}"
    change = {"body": "First", "kind": "praise", "tags": [], "revision": 1}
    first = browser("daniel").client.patch(path, json=change)
    assert first.status_code == 200
    assert (first.json()["body"], first.json()["revision"], first.json()["tags"]) == ("First", 2, [])
    second = browser("daniel").client.patch(path, json=change | {"body": "Second"})
    assert second.status_code == 409
    assert second.json()["error"] == "Conflict"
    assert second.json()["current"] == first.json()


def test_a_comment_is_taken_away_and_brought_back(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    _, kept = post(browser("daniel"), lesson, draft(world, lesson))
    before, _ = listed(browser("mia"), lesson)
    deleted = browser("daniel").client.delete(f"/api/comments/{kept['id']}")
    assert deleted.status_code == 200
    assert (deleted.json()["deleted"], deleted.json()["body"]) == (True, "")
    assert listed(browser("mia"), lesson)[1] == []
    change, news = listed(browser("mia"), lesson, before)
    assert [(each["id"], each["deleted"], each["body"], each["tags"]) for each in news] == [(kept["id"], True, "", [])]
    assert change > before
    restored = browser("daniel").client.post(f"/api/comments/{kept['id']}/restore")
    assert restored.json()["body"] == kept["body"]
    assert [each["body"] for each in listed(browser("mia"), lesson, change)[1]] == [kept["body"]]


def test_a_reply_hangs_on_a_comment_of_the_same_conversation(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    _, kept = post(browser("daniel"), lesson, draft(world, lesson))
    assert post(browser("mia"), lesson, draft(world, lesson, reply_to=kept["id"]))[0] == 201
    assert post(browser("mia"), lesson, draft(world, lesson, reply_to=kept["id"], pairing_id=None))[0] == 404
    assert post(browser("mia"), lesson, draft(world, lesson, reply_to=world.comment))[0] == 404


def test_nobody_writes_where_the_lesson_is_not_shared(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    assert post(browser("mia"), lesson, draft(world, lesson, pairing_id=world.other_pairing))[0] == 404
    assert post(browser("lena"), lesson, draft(world, lesson, pairing_id=world.other_pairing))[0] == 404
    assert post(browser("daniel"), lesson, draft(world, lesson, recording_id=world.recording))[0] == 404


def test_a_time_beyond_the_end_is_moved_to_the_end(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    status, kept = post(browser("daniel"), lesson, draft(world, lesson, start_ms=239_000, end_ms=999_000))
    assert (status, kept["start_ms"], kept["end_ms"]) == (201, 239_000, 240_000)
    _, kept = post(browser("daniel"), lesson, draft(world, lesson, start_ms=700_000, end_ms=999_000))
    assert (kept["start_ms"], kept["end_ms"]) == (240_000, 240_000)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "مرحبا بالعالم\nשלום",
        "👩🏽‍🏫 gut gemacht 🎉",
        "two\n\nlines",
        "a' OR 1=1; --",
        "{{7*7}} %s ${x}",
        "x" * 20_000,
    ],
)
def test_any_words_come_back_as_they_were_written(
    world: World, browser: Callable[[str], Browser], lesson: tuple[str, str], body: str
) -> None:
    status, kept = post(browser("daniel"), lesson, draft(world, lesson, body=body))
    assert (status, kept["body"]) == (201, body)
    assert listed(browser("mia"), lesson)[1][0]["body"] == body


REFUSED: list[tuple[Document, str, int]] = [
    ({"body": "  \n "}, "InvalidComment", 422),
    ({"body": "x" * 50_000}, "TextTooLong", 422),
    ({"body": "x" * 300_000}, "RequestTooLarge", 413),
    ({"body": None}, "InvalidInput", 422),
    ({"kind": "verdict"}, "InvalidInput", 422),
    ({"id": "1; DROP TABLE"}, "BadIdentifier", 422),
    ({"start_ms": 9, "end_ms": 8}, "InvalidRange", 422),
    ({"start_ms": True}, "InvalidInput", 422),
    ({"start_ms": 10**30}, "InvalidInput", 422),
    ({"tags": [{"criterion": "2b"}]}, "UnknownCriterion", 422),
    ({"tags": [{"criterion": "move.pause", "level": "5"}]}, "UnknownCriterion", 422),
    ({"tags": "move.pause"}, "InvalidInput", 422),
    ({"recording_id": "no/such"}, "NotFound", 404),
    ({"pairing_id": "x" * 65}, "InvalidInput", 422),
]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda each: f"{next(iter(each[0]))} {each[1]}")
def test_what_can_not_be_kept_is_refused_with_a_sentence_and_nothing_is_changed(
    world: World,
    browser: Callable[[str], Browser],
    lesson: tuple[str, str],
    refused: tuple[Document, str, int],
) -> None:
    change, error, status = refused
    answered, refusal = post(browser("daniel"), lesson, draft(world, lesson, **change))
    assert (answered, refusal["error"]) == (status, error)
    assert str(refusal["message"]).endswith((".", ")"))
    assert listed(browser("daniel"), lesson) == (0, [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"body": "\\ud800"}',
        b"[" * 100_000,
        b'{"start_ms": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_is_refused(
    content: bytes, browser: Callable[[str], Browser], lesson: tuple[str, str]
) -> None:
    answer = browser("daniel").client.post(f"/api/lessons/{lesson[0]}/comments", content=content)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("Something in what was sent is not valid.")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "²", "9" * 30, " 1"])
def test_an_odd_place_to_begin_from_is_refused(after: str, world: World, browser: Callable[[str], Browser]) -> None:
    answer = browser("daniel").client.get(f"/api/lessons/{world.lesson}/comments", params={"after": after})
    assert answer.status_code == 422


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "id",
        "recording_id",
        "pairing_id",
        "kind",
        "start_ms",
        "end_ms",
        "body",
        "tags",
        "reply_to",
        "revision",
        "levels_on",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    where=st.sampled_from(sorted(each for each in MATRIX if each[0] in {"POST", "PATCH"} and "runs" not in each[1])),
    change=st.dictionaries(names, json_values, max_size=4),
    odd_id=st.none() | st.text(min_size=1),
)
def test_whatever_is_sent_nothing_breaks(
    world: World,
    browser: Callable[[str], Browser],
    where: tuple[str, str],
    change: dict[str, object],
    odd_id: str | None,
) -> None:
    method, path = where
    known: dict[str, str] = ids(world) if odd_id is None else dict.fromkeys(ids(world), odd_id)
    if odd_id is not None and not odd_id.isprintable():
        known = dict.fromkeys(known, "%00")
    sent = draft(world, (world.lesson, world.recording), pairing_id=None) | {"revision": 9, "levels_on": True} | change
    client = browser("lena" if odd_id is None else "daniel").client
    content = json.dumps(sent).encode()
    answer = client.request(method, path.format(**known), content=content)
    assert answer.status_code < 500, answer.text
