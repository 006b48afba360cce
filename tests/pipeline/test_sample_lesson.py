"""What the pipeline makes of the sample lesson, held against the truth that it never reads."""

from __future__ import annotations

import json

import jiwer
import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from models.access import Machine
from models.ids import RecordingId
from models.lesson import RenditionKind
from models.settings import Settings
from models.transcript import StoredTranscript
from pipeline.bootstrap import Services, open_services
from tests.lesson import ROOT, ProcessedLesson

pytestmark = pytest.mark.slow

TRUTH = json.loads((ROOT / "sample/truth.json").read_text(encoding="utf-8"))
WORST_WORD_ERROR_RATE = 0.2
"""Measured: 0.09 with the offline draft."""


@pytest.fixture(scope="module")
def services(processed_lesson: ProcessedLesson) -> Services:
    return open_services(Settings(data_dir=processed_lesson.data_dir))


@pytest.fixture(scope="module")
def recording_id(services: Services, processed_lesson: ProcessedLesson) -> RecordingId:
    with services.database.view() as unit:
        return unit.lessons.list_recordings(Machine(), processed_lesson.summary["lesson"]["id"])[0].id


@pytest.fixture(scope="module")
def stored(services: Services, recording_id: RecordingId) -> StoredTranscript:
    with services.database.view() as unit:
        return unit.transcripts.get_newest(services.machine, recording_id)


def test_the_draft_is_marked_as_one_and_its_word_error_rate_is_told(
    stored: StoredTranscript, capsys: pytest.CaptureFixture[str]
) -> None:
    normalise = EnglishTextNormalizer()
    said = normalise(" ".join(each["text"] for each in TRUTH["utterances"]))
    heard = normalise(" ".join(each.text for each in stored.transcript.segments))
    rate = jiwer.wer(said, heard)
    with capsys.disabled():
        print(f"\nSample lesson, {stored.transcript.engine.value}: word error rate {rate:.3f}")
    assert stored.transcript.draft
    assert stored.transcript.language == "en"
    assert rate < WORST_WORD_ERROR_RATE


def test_words_lie_where_they_were_said(stored: StoredTranscript) -> None:
    spoken = [(each["start_ms"], each["end_ms"]) for each in TRUTH["utterances"]]
    words = [word for each in stored.transcript.segments for word in each.words]
    inside = [
        any(start - 300 <= (word.start_ms + word.end_ms) // 2 <= end + 300 for start, end in spoken) for word in words
    ]
    assert len(words) > 500
    assert sum(inside) / len(inside) > 0.97


def test_clips_begin_within_five_seconds_of_the_four_topics(services: Services, recording_id: RecordingId) -> None:
    with services.database.view() as unit:
        starts = [each.start_ms for each in unit.clips.list_clips(services.machine, recording_id)]
    missed = [each for each in TRUTH["topics"] if min(abs(each["start_ms"] - start) for start in starts) > 5000]
    assert missed == []
    assert len(starts) <= 8


def test_every_kind_of_rendition_is_there(services: Services, recording_id: RecordingId) -> None:
    with services.database.view() as unit:
        kinds = {each.kind for each in unit.lessons.list_renditions(services.machine, recording_id)}
    assert kinds == set(RenditionKind) - {RenditionKind.CLIP}


def test_the_demo_again_uses_what_is_there(processed_lesson: ProcessedLesson) -> None:
    from tests.lesson import process_lesson

    again = process_lesson(processed_lesson.data_dir.parent)
    assert again.summary == processed_lesson.summary
