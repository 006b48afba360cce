"""The recognisers on real sound: what is said is written down, what is not said is not, and nothing is done twice."""

from __future__ import annotations

import itertools
import json
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import NotMedia, RunCancelled, UnknownLanguage, WeightsMissing, WeightsUnusable
from models.settings import EngineChoice
from models.transcript import Engine
from pipeline.speech.sound import open_sound
from pipeline.speech.speakers import PUPILS, TEACHERS, find_turns
from pipeline.speech.transcribe import SpeechOptions, run_transcription
from pipeline.speech.voice import find_speech

TRUTH = json.loads((Path(__file__).resolve().parents[3] / "sample" / "truth.json").read_text(encoding="utf-8"))
DRAFT = SpeechOptions(engine=EngineChoice.POCKETSPHINX)
Cut = Callable[[float, float], Path]


def ignore(share: float) -> None:
    assert 0 <= share <= 1


def test_a_draft_writes_down_what_is_said(cut_sound: Cut, tmp_path: Path) -> None:
    spoken = run_transcription(cut_sound(0, 15), options=DRAFT, work=tmp_path, progress=ignore)
    text = " ".join(each.text for each in spoken.segments).lower()
    assert spoken.engine is Engine.POCKETSPHINX
    assert spoken.draft
    assert "look at the board" in text
    assert "paper" in text
    words = [word for each in spoken.segments for word in each.words]
    assert all(word.confidence is not None and 0 <= word.confidence <= 1 for word in words)
    assert all(earlier.start_ms <= later.start_ms for earlier, later in itertools.pairwise(words))


def test_noise_and_silence_give_no_words(noise: Path, tmp_path: Path) -> None:
    assert run_transcription(noise, options=DRAFT, work=tmp_path, progress=ignore).segments == ()


def test_a_sound_of_no_length_gives_no_words(tmp_path: Path) -> None:
    path = tmp_path / "nothing.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
    assert run_transcription(path, options=DRAFT, work=tmp_path, progress=ignore).segments == ()


def test_another_language_gives_an_empty_transcript_unless_the_draft_is_asked_for(noise: Path, tmp_path: Path) -> None:
    spoken = run_transcription(noise, options=SpeechOptions(language="de"), work=tmp_path, progress=ignore)
    assert spoken.engine is Engine.NONE
    assert spoken.language == "de"
    with pytest.raises(UnknownLanguage):
        run_transcription(
            noise,
            options=SpeechOptions(engine=EngineChoice.POCKETSPHINX, language="de"),
            work=tmp_path,
            progress=ignore,
        )


def test_weights_that_are_not_there_or_not_whole_are_named(noise: Path, tmp_path: Path) -> None:
    whisper = EngineChoice.WHISPER
    with pytest.raises(WeightsMissing):
        run_transcription(
            noise,
            options=SpeechOptions(engine=whisper, weights=str(tmp_path / "gone")),
            work=tmp_path,
            progress=ignore,
        )
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "config.json").write_text("{}")
    with pytest.raises(WeightsUnusable):
        run_transcription(
            noise, options=SpeechOptions(engine=whisper, weights=str(tmp_path / "half")), work=tmp_path, progress=ignore
        )


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.wav"
    path.write_text("RIFF of another kind")
    with pytest.raises(NotMedia):
        run_transcription(path, options=DRAFT, work=tmp_path, progress=ignore)


def test_finished_stretches_are_not_recognised_again(cut_sound: Cut, tmp_path: Path) -> None:
    sound = cut_sound(0, 30)
    whole = run_transcription(sound, options=DRAFT, work=tmp_path / "whole", progress=ignore)
    reached: list[float] = []

    def stop_half_way(share: float) -> None:
        reached.append(share)
        if share > 0.4:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        run_transcription(sound, options=DRAFT, work=tmp_path / "cut", progress=stop_half_way)
    kept = (tmp_path / "cut" / "draft.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(kept) >= 2
    reached.clear()
    again = run_transcription(sound, options=DRAFT, work=tmp_path / "cut", progress=reached.append)
    assert again == whole
    assert max(share for share in reached[:40] if share < 0.5) > 0.2, "it began anew"


def test_speech_is_found_where_it_is(lesson_sound: Path) -> None:
    speech = find_speech(open_sound(lesson_sound))
    spoken = [(each["start_ms"], each["end_ms"]) for each in TRUTH["utterances"]]
    total = sum(end - start for start, end in spoken)
    heard = sum(max(0, min(end, each.end_ms) - max(start, each.start_ms)) for start, end in spoken for each in speech)
    assert heard / total > 0.97


def test_most_of_the_time_the_right_speaker_is_named(lesson_sound: Path) -> None:
    sound = open_sound(lesson_sound)
    turns = find_turns(sound, find_speech(sound))
    parts = {"teacher_a": TEACHERS[0], "teacher_b": TEACHERS[1]}
    right = total = 0
    for each in TRUTH["utterances"]:
        for position in range(each["start_ms"], each["end_ms"], 50):
            said_by = next((turn.speaker for turn in turns if turn.range.contains(position)), "")
            right += said_by == parts.get(each["speaker"], PUPILS)
            total += 1
    assert right / total >= 0.85


def test_too_little_speech_names_nobody(cut_sound: Cut) -> None:
    sound = open_sound(cut_sound(0, 4))
    assert find_turns(sound, find_speech(sound)) == ()
