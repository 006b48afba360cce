"""Captions of every kind that people bring are read, and what can't be read says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnknownTranscriptFormat, UnreadableCaptions
from models.transcript import Engine, Segment, Transcript, Word
from pipeline.speech.captions import clamp_transcript, read_transcript, write_transcript
from pipeline.speech.documents import transcript_from_json, transcript_to_json

REPOSITORY = Path(__file__).resolve().parents[3]
REAL = Path(os.environ.get("DEBRIEF_TEST_DATA", REPOSITORY.parent / "shared" / "data")) / "subtitles"

WRITTEN = {
    "vtt": "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.500\n<v Mia Novak>Good morning.\n\n00:00:04.000 --> 00:00:05.000\nDaniel: Hello!\n",
    "srt": "1\n00:00:01,000 --> 00:00:03,500\nMia: Good morning.\n\n2\n00:00:04,000 --> 00:00:05,000\nDaniel: Hello!\n",
    "sbv": "0:00:01.000,0:00:03.500\nGood morning.\n\n0:00:04.000,0:00:05.000\nHello!\n",
}


def in_order(parts: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(parts, key=lambda each: (each.start_ms, each.end_ms)))


words = st.builds(
    Word,
    start_ms=st.integers(0, 10_000),
    end_ms=st.integers(10_000, 20_000),
    text=st.text("abcäß分", min_size=1, max_size=8),
    confidence=st.none() | st.floats(0, 1),
)
transcripts = st.builds(
    Transcript,
    engine=st.sampled_from(Engine),
    language=st.sampled_from(["", "en", "de-CH"]),
    draft=st.booleans(),
    segments=st.lists(
        st.builds(
            Segment,
            start_ms=st.integers(0, 10_000),
            end_ms=st.integers(10_000, 20_000),
            text=st.text("abc ÄÖ分", min_size=1, max_size=20).map(str.strip).filter(bool),
            speaker=st.sampled_from(["", "teacher A"]),
            words=st.lists(words, max_size=4).map(in_order),
        ),
        max_size=5,
    ).map(in_order),
)


@given(transcripts)
def test_a_transcript_survives_its_document(spoken: Transcript) -> None:
    assert transcript_from_json(transcript_to_json(spoken)) == spoken


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_format_is_seen_from_its_content_in_any_encoding(kind: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    path.write_bytes(WRITTEN[kind].replace("morning", "morning, señor").encode(encoding))
    spoken = read_transcript(path)
    assert spoken.engine is Engine.CAPTIONS
    assert [(each.start_ms, each.end_ms) for each in spoken.segments] == [(1000, 3500), (4000, 5000)]
    assert "señor" in spoken.segments[0].text


def test_names_before_the_text_become_speakers(tmp_path: Path) -> None:
    path = tmp_path / "captions.vtt"
    path.write_text(WRITTEN["vtt"], encoding="utf-8")
    assert read_transcript(path).segments[0].speaker == "Mia Novak"


@pytest.mark.parametrize("suffix", [".vtt", ".srt", ".json"])
def test_what_was_written_is_read_again(suffix: str, tmp_path: Path) -> None:
    spoken = Transcript(
        engine=Engine.CAPTIONS,
        language="en",
        segments=(
            Segment(start_ms=0, end_ms=1500, text="One half & <one> quarter.", speaker="Mia"),
            Segment(start_ms=2000, end_ms=2500, text="Yes.", speaker="Daniel"),
            Segment(start_ms=3000, end_ms=3500, text="Good.", speaker="Mia"),
        ),
    )
    path = tmp_path / f"transcript{suffix}"
    write_transcript(spoken, path)
    again = read_transcript(path)
    assert [(each.start_ms, each.end_ms, each.speaker, each.text) for each in again.segments] == [
        (each.start_ms, each.end_ms, each.speaker, each.text) for each in spoken.segments
    ]


def test_times_out_of_order_are_sorted_and_those_beyond_the_end_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "captions.srt"
    path.write_text("1\n00:00:09,000 --> 00:00:12,000\nLater\n\n2\n00:00:01,000 --> 00:00:02,000\nEarlier\n")
    spoken = read_transcript(path)
    assert [each.text for each in spoken.segments] == ["Earlier", "Later"]
    cut, lost = clamp_transcript(spoken, 10_000)
    assert cut.segments[-1].end_ms == 10_000
    assert lost == 0
    assert clamp_transcript(spoken, 5000)[1] == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnreadableCaptions),
        (b"WEBVTT\n\n", UnreadableCaptions),
        (b"Dear colleagues, the meeting is at nine.", UnknownTranscriptFormat),
        (b'{"segments": "none"}', UnreadableCaptions),
        (b'{"segments": [{"start_ms": 5, "end_ms": 1, "text": "x"}]}', UnreadableCaptions),
        (bytes(range(256)) * 20, UnreadableCaptions),
    ],
)
def test_what_cannot_be_read_says_so(content: bytes, error: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / "captions.vtt"
    path.write_bytes(content)
    with pytest.raises(error):
        read_transcript(path)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real captions are not on this machine")
@pytest.mark.parametrize(
    "path",
    sorted(path for path in REAL.rglob("*") if path.suffix in {".vtt", ".srt", ".sbv"}) if REAL.is_dir() else [],
    ids=lambda path: f"{path.parent.name}-{path.name}",
)
def test_a_real_file_is_read_or_refused_by_name(path: Path) -> None:
    try:
        spoken = read_transcript(path)
    except UnreadableCaptions:
        assert any(word in path.name for word in ("invalid", "missing", "empty", "no_captions")), path.name
        return
    starts = [each.start_ms for each in spoken.segments]
    assert starts == sorted(starts)
    assert all(each.text.strip() and each.end_ms >= each.start_ms for each in spoken.segments)
    assert not any(mark in each.text for each in spoken.segments for mark in ("-->", "<v ", "</c>"))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real captions are not on this machine")
def test_a_real_meeting_keeps_its_speakers() -> None:
    spoken = read_transcript(REAL / "zoomGroupStats" / "meeting001_transcript.vtt")
    assert len(spoken.segments) == 300
    assert len({each.speaker for each in spoken.segments if each.speaker}) > 2
