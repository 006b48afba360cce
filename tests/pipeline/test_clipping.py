"""Clips cover the recording once, begin where something begins, and are named with their own words."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.clip import Event, EventKind, ProposedClip
from models.transcript import Engine, Segment, Transcript, Word
from pipeline.clipping import ClippingOptions, propose_clips
from pipeline.titles import build_titles

TRUTH = Path(__file__).resolve().parents[2] / "sample" / "truth.json"
VOCABULARY = [
    "halves",
    "quarters",
    "counters",
    "partner",
    "volcano",
    "lava",
    "river",
    "bridge",
    "answer",
    "mistake",
    "so",
    "now",
    "let",
    "us",
    "the",
    "of",
    "and",
]


def transcript(*segments: Segment) -> Transcript:
    return Transcript(engine=Engine.CAPTIONS, language="en", segments=segments)


def talk(start_s: float, end_s: float, text: str, speaker: str = "") -> Segment:
    return Segment(start_ms=round(start_s * 1000), end_ms=round(end_s * 1000), text=text, speaker=speaker)


@st.composite
def lessons(draw: st.DrawFn) -> tuple[Transcript, int]:
    """Talk with words, pauses and overlaps of any kind, and a recording that is longer or shorter than it."""
    position, segments = 0, []
    for _ in range(draw(st.integers(0, 40))):
        position += draw(st.integers(-2000, 30_000))
        start = max(0, position)
        words = []
        for text in draw(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=25)):
            length = draw(st.integers(50, 900))
            words.append(Word(start_ms=max(0, position), end_ms=max(0, position) + length, text=text))
            position = max(0, position) + length
        segments.append(
            Segment(
                start_ms=start,
                end_ms=max(start, words[-1].end_ms),
                text=" ".join(each.text for each in words),
                speaker=draw(st.sampled_from(["", "A", "B"])),
                words=tuple(words) if draw(st.booleans()) else (),
            )
        )
    shuffled = draw(st.permutations(segments))
    return transcript(*shuffled), max(0, position + draw(st.integers(-5000, 60_000)))


def check_cover(clips: tuple[ProposedClip, ...], duration_ms: int) -> None:
    if duration_ms <= 0:
        assert clips == ()
        return
    assert clips[0].start_ms == 0
    assert clips[-1].end_ms == duration_ms
    assert all(earlier.end_ms == later.start_ms for earlier, later in pairwise(clips))
    assert all(each.end_ms > each.start_ms for each in clips)
    assert all(each.title and each.reason for each in clips)


@settings(max_examples=60, deadline=None)
@given(lessons())
def test_every_moment_is_in_exactly_one_clip_and_the_same_lesson_gives_the_same_clips(
    lesson: tuple[Transcript, int],
) -> None:
    spoken, duration_ms = lesson
    clips = propose_clips(spoken, duration_ms=duration_ms)
    check_cover(clips, duration_ms)
    assert propose_clips(spoken, duration_ms=duration_ms) == clips


@settings(max_examples=60, deadline=None)
@given(lessons())
def test_titles_are_made_of_the_clips_own_words(lesson: tuple[Transcript, int]) -> None:
    spoken, duration_ms = lesson
    said = {word.lower() for each in spoken.segments for word in each.text.split()}
    for clip in propose_clips(spoken, duration_ms=duration_ms):
        words = clip.title.replace(",", "").lower().split()
        assert clip.title == "No speech" or set(words) <= said
        assert len(words) <= 8


def test_a_boundary_never_cuts_a_word_of_a_long_segment() -> None:
    words = tuple(
        Word(start_ms=at * 400, end_ms=at * 400 + 350, text=VOCABULARY[at // 700 % len(VOCABULARY)])
        for at in range(9000)
    )
    hour = Segment(start_ms=0, end_ms=3_600_000, text=" ".join(each.text for each in words), words=words)
    clips = propose_clips(transcript(hour), duration_ms=3_600_000)
    check_cover(clips, 3_600_000)
    assert len(clips) > 2
    assert all(not (word.start_ms < clip.start_ms < word.end_ms) for clip in clips for word in words)


def test_an_hour_in_one_segment_without_words_is_cut_all_the_same() -> None:
    text = " ".join(VOCABULARY[at // 600 % len(VOCABULARY)] for at in range(9000))
    clips = propose_clips(transcript(talk(0, 3600, text)), duration_ms=3_600_000)
    check_cover(clips, 3_600_000)
    assert len(clips) > 2


def test_a_change_of_topic_is_found_and_said() -> None:
    first = [talk(5 * at, 5 * at + 4, "the fraction of the cake is one quarter of the cake") for at in range(60)]
    second = [talk(305 + 5 * at, 309 + 5 * at, "lava flows out of the volcano and cools") for at in range(60)]
    clips = propose_clips(transcript(*first, *second), duration_ms=610_000)
    assert any(each.start_ms == 305_000 for each in clips)
    named = next(each for each in clips if each.start_ms == 305_000)
    assert "volcano" in named.title.lower()
    assert named.reason.startswith("new topic: ")


def test_lengths_stay_between_the_limits_where_the_talk_allows_it() -> None:
    segments = [talk(4 * at, 4 * at + 3, VOCABULARY[at // 7 % len(VOCABULARY)] * 2) for at in range(900)]
    options = ClippingOptions(shortest_ms=60_000, longest_ms=240_000)
    clips = propose_clips(transcript(*segments), duration_ms=3_600_000, options=options)
    assert all(60_000 <= each.end_ms - each.start_ms <= 240_000 for each in clips)


@pytest.mark.parametrize("events", [(), (Event(kind=EventKind.BOARD_CHANGE, start_ms=400_000, end_ms=401_000),)])
def test_without_speech_clips_come_from_the_picture(events: tuple[Event, ...]) -> None:
    clips = propose_clips(transcript(), duration_ms=3_000_000, events=events)
    check_cover(clips, 3_000_000)
    assert len(clips) > 3
    assert any(each.start_ms == 400_000 and each.reason == "board changed" for each in clips) == bool(events)


def test_another_script_and_strange_input_give_clips() -> None:
    japanese = [
        talk(6 * at, 6 * at + 5, "分数は全体を等しく分けた一部です" if at < 50 else "火山は溶岩を出します")
        for at in range(100)
    ]
    check_cover(propose_clips(transcript(*japanese), duration_ms=600_000), 600_000)
    check_cover(propose_clips(transcript(talk(0, 0, "..."), talk(5, 5, "?")), duration_ms=10_000), 10_000)
    check_cover(propose_clips(transcript(talk(900, 950, "beyond the end")), duration_ms=10_000), 10_000)
    assert propose_clips(transcript(), duration_ms=0) == ()


def test_ten_hours_are_cut_too() -> None:
    segments = [talk(5 * at, 5 * at + 4, f"{VOCABULARY[at // 40 % 10]} and more {at % 13}") for at in range(7200)]
    clips = propose_clips(transcript(*segments), duration_ms=36_000_000)
    check_cover(clips, 36_000_000)
    assert 20 < len(clips) < 400


@pytest.mark.parametrize("with_board", [True, False])
def test_most_of_the_sample_lessons_topics_are_found_from_its_text(with_board: bool) -> None:
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    spoken = transcript(
        *(Segment(start_ms=each["start_ms"], end_ms=each["end_ms"], text=each["text"]) for each in truth["utterances"])
    )
    board = [
        Event(kind=EventKind.BOARD_CHANGE, start_ms=each["at_ms"], end_ms=each["at_ms"] + 1000)
        for each in truth["board_changes"]
    ]
    clips = propose_clips(spoken, duration_ms=truth["duration_ms"], events=board if with_board else ())
    starts = [each.start_ms for each in clips]
    found = [min(abs(each["start_ms"] - start) for start in starts) <= 5000 for each in truth["topics"]]
    assert found.count(True) >= 3, (starts, truth["topics"])


def test_a_title_says_a_word_once_in_one_form() -> None:
    title, _ = build_titles(
        ["a plane. planes. a plane. planes. a ticket. the ticket. an island.", "one two three four"]
    )
    assert title.lower().count("plane") == 1
    assert "ticket" in title.lower()
