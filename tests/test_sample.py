"""The sample lesson is what its truth says it is, and its script still makes that truth."""

import json
from pathlib import Path
from typing import TypedDict

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from sample.board import PAGES, STEPS_OF_WRITING
from sample.picture import describe_frame, draw_frame
from sample.script import SPEAKERS, STEPS, Board, list_sentences
from sample.timeline import Timeline, plan_timeline

FOLDER = Path(__file__).resolve().parent.parent / "sample"
FILM = FOLDER / "lesson.mp4"


class Word(TypedDict):
    start_ms: int
    end_ms: int
    text: str


class Said(TypedDict):
    start_ms: int
    end_ms: int
    speaker: str
    text: str
    words: list[Word]


class Titled(TypedDict):
    start_ms: int
    title: str


class Changed(TypedDict):
    at_ms: int
    what: str


class Waited(TypedDict):
    start_ms: int
    end_ms: int
    after: str


class Truth(TypedDict):
    duration_ms: int
    speakers: dict[str, dict[str, str]]
    utterances: list[Said]
    topics: list[Titled]
    board_changes: list[Changed]
    waits: list[Waited]
    hand_overs: list[dict[str, int | str]]
    silences: list[dict[str, int | str]]


@pytest.fixture(scope="module")
def truth() -> Truth:
    found: Truth = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def timeline(truth: Truth) -> Timeline:
    return plan_timeline(STEPS, [said["end_ms"] - said["start_ms"] for said in truth["utterances"]])


def test_the_film_is_small_enough_to_ship_and_long_enough_to_show(truth: Truth) -> None:
    assert FILM.stat().st_size < 8_000_000
    with av.open(str(FILM)) as film:
        assert film.duration is not None
        assert film.duration // 1000 >= 240_000
        assert abs(film.duration // 1000 - truth["duration_ms"]) < 200
        picture, sound = film.streams.video[0], film.streams.audio[0]
        assert (picture.codec_context.name, picture.width, picture.height) == ("h264", 1280, 720)
        assert picture.average_rate == 25
        assert sound.codec_context.name == "aac"


def test_the_films_index_comes_before_its_pictures() -> None:
    with FILM.open("rb") as film:
        start = film.read(300_000)
    assert 0 < start.find(b"moov") < start.find(b"mdat")


def test_the_script_still_says_what_the_truth_says(truth: Truth) -> None:
    assert [(said["speaker"], said["text"]) for said in truth["utterances"]] == list(list_sentences())


def test_planning_again_gives_the_times_of_the_truth(truth: Truth, timeline: Timeline) -> None:
    assert timeline.duration_ms == truth["duration_ms"]
    assert [said.start_ms for said in timeline.utterances] == [said["start_ms"] for said in truth["utterances"]]
    assert [(topic.at_ms, topic.what) for topic in timeline.topics] == [
        (topic["start_ms"], topic["title"]) for topic in truth["topics"]
    ]
    assert [(board.at_ms, board.what) for board in timeline.boards] == [
        (board["at_ms"], board["what"]) for board in truth["board_changes"]
    ]
    assert [(hand.at_ms, hand.what, hand.detail) for hand in timeline.hand_overs] == [
        (hand["at_ms"], hand["from"], hand["to"]) for hand in truth["hand_overs"]
    ]
    assert [(quiet.start_ms, quiet.end_ms, quiet.what) for quiet in timeline.silences] == [
        (quiet["start_ms"], quiet["end_ms"], quiet["why"]) for quiet in truth["silences"]
    ]


def test_sentences_follow_one_another_inside_the_lesson(truth: Truth) -> None:
    before_ms = 0
    for said in truth["utterances"]:
        assert before_ms <= said["start_ms"] < said["end_ms"] <= truth["duration_ms"]
        assert said["speaker"] in truth["speakers"]
        before_ms = said["end_ms"]


def test_words_follow_one_another_inside_their_sentence(truth: Truth) -> None:
    for said in truth["utterances"]:
        assert " ".join(word["text"] for word in said["words"]) == said["text"]
        before_ms = said["start_ms"]
        for word in said["words"]:
            assert before_ms <= word["start_ms"] < word["end_ms"] <= said["end_ms"]
            before_ms = word["end_ms"]


def test_four_topics_begin_with_a_pause_and_a_change_of_the_board(truth: Truth) -> None:
    topics = truth["topics"]
    assert [topic["start_ms"] for topic in topics] == sorted(topic["start_ms"] for topic in topics)
    assert len(topics) == 4
    for topic in topics[1:]:
        ends = [said["end_ms"] for said in truth["utterances"] if said["end_ms"] <= topic["start_ms"]]
        assert 2000 <= topic["start_ms"] - max(ends) <= 4000
        assert any(0 <= board["at_ms"] - topic["start_ms"] <= 1000 for board in truth["board_changes"])


def test_nobody_speaks_while_a_teacher_waits(truth: Truth) -> None:
    assert len(truth["waits"]) >= 5
    for wait in truth["waits"]:
        assert wait["end_ms"] - wait["start_ms"] >= 3000
        assert not [
            said
            for said in truth["utterances"]
            if said["start_ms"] < wait["end_ms"] and said["end_ms"] > wait["start_ms"]
        ]
        asked = next(said for said in truth["utterances"] if said["end_ms"] == wait["start_ms"])
        assert asked["text"] == wait["after"]
        assert truth["speakers"][asked["speaker"]]["role"] == "teacher"


def test_the_film_is_loud_where_someone_speaks_and_quiet_where_a_teacher_waits(truth: Truth) -> None:
    sound = _read_sound()

    def level_db(start_ms: int, end_ms: int) -> float:
        return float(10 * np.log10(np.mean(sound[start_ms * 16 : end_ms * 16] ** 2)))

    assert all(level_db(said["start_ms"], said["end_ms"]) > -32 for said in truth["utterances"])
    # A room is never digitally silent either.
    assert all(-75 < level_db(wait["start_ms"] + 100, wait["end_ms"] - 50) < -55 for wait in truth["waits"])
    assert -4.0 < 20 * np.log10(np.abs(sound).max()) < -2.0


def _read_sound() -> NDArray[np.float64]:
    """The film's sound at 16 kHz, +-1."""
    resampler = av.AudioResampler("s16", "mono", 16_000)
    with av.open(str(FILM)) as film:
        blocks = [part.to_ndarray()[0] for frame in film.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(blocks).astype(np.float64) / 32768


def test_two_teachers_hand_over_to_one_another_three_times_or_more(truth: Truth) -> None:
    assert len(truth["hand_overs"]) >= 3
    for hand in truth["hand_overs"]:
        assert {hand["from"], hand["to"]} == {"teacher_a", "teacher_b"}
        taken = next(said for said in truth["utterances"] if said["start_ms"] == hand["at_ms"])
        assert taken["speaker"] == hand["to"]


def test_every_speaker_of_the_script_says_something(truth: Truth) -> None:
    assert {said["speaker"] for said in truth["utterances"]} == set(SPEAKERS) == set(truth["speakers"])


def test_every_scene_of_the_script_is_on_a_page_of_the_board() -> None:
    scenes = {step.scene for step in STEPS if isinstance(step, Board)}
    assert scenes == {scene for page in PAGES for scene in page}


def test_the_speaking_teacher_opens_the_mouth_and_the_other_keeps_it_shut(timeline: Timeline) -> None:
    said = next(said for said in timeline.utterances if said.speaker == "teacher_b")
    moving = describe_frame(timeline, (said.start_ms + said.end_ms) // 2, 0.9)
    assert {teacher.who: teacher.mouth > 0 for teacher in moving.teachers} == {"teacher_a": False, "teacher_b": True}


def test_a_board_is_written_bit_by_bit_and_then_stays(timeline: Timeline) -> None:
    board = next(board for board in timeline.boards if board.detail == "quarters")
    steps = [describe_frame(timeline, board.at_ms + later, 0.0).step for later in (0, 1000, 2000, 4000)]
    assert steps[0] < steps[1] < steps[2] == steps[3] == STEPS_OF_WRITING


def test_drawing_the_same_moment_twice_gives_the_same_picture(timeline: Timeline) -> None:
    moving = describe_frame(timeline, 60_000, 0.5)
    picture = draw_frame(moving)
    assert picture.size == (1280, 720)
    assert picture.tobytes() == draw_frame(describe_frame(timeline, 60_000, 0.5)).tobytes()
    assert picture.tobytes() != draw_frame(describe_frame(timeline, 10_000, 0.5)).tobytes()
