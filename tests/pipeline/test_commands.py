"""The command line on good and bad input, as a person or a script calls it."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.ffmpeg import find_ffmpeg

ROOT = Path(__file__).resolve().parents[2]


def debrief(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DEBRIEF_")}
    command = [sys.executable, str(ROOT / "debrief.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run([find_ffmpeg(), "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small files of every kind that the command has to take or refuse."""
    folder = tmp_path_factory.mktemp("material")
    lesson = ROOT / "sample/lesson.mp4"
    ffmpeg("-ss", "0", "-t", "15", "-i", lesson, "-c", "copy", folder / 'it\'s a "lesson" & more.mp4')
    ffmpeg("-t", "6", "-i", lesson, "-an", "-c:v", "copy", folder / "silent film.mp4")
    ffmpeg("-t", "12", "-i", lesson, "-vn", "-c:a", "copy", folder / "sound only.m4a")
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("This is a shopping list.\n" * 50)
    whole = lesson.read_bytes()
    (folder / "moov last.mp4").write_bytes(b"")
    ffmpeg("-t", "15", "-i", lesson, "-c", "copy", "-movflags", "-faststart", folder / "moov last.mp4")
    (folder / "truncated.mp4").write_bytes((folder / "moov last.mp4").read_bytes()[:60_000])
    (folder / "truncated but playable.mp4").write_bytes(whole[: len(whole) // 8])
    return folder


@pytest.mark.slow
def test_process_gives_one_document_and_leaves_the_files_it_names(material: Path, tmp_path: Path) -> None:
    source = material / 'it\'s a "lesson" & more.mp4'
    before = source.read_bytes()
    done = debrief("process", source, "--json", "--out", tmp_path / "what came out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["recording"]["width"] == 1280
    assert document["recording"]["height"] == 720
    assert document["recording"]["video_codec"] == "h264"
    assert document["recording"]["audio_codec"] == "aac"
    assert document["recording"]["rotation"] == 0
    assert abs(document["recording"]["duration_ms"] - 15_000) < 200
    kinds = {each["kind"] for each in document["renditions"]}
    assert {"web", "audio", "poster"} <= kinds
    assert all(Path(each["path"]).stat().st_size == each["bytes"] > 0 for each in document["renditions"])
    assert document["transcript"]["engine"] == "pocketsphinx"
    assert document["transcript"]["segments"]
    assert document["clips"][0]["start_ms"] == 0
    assert [each["name"] for each in document["steps"]] == [
        "probe",
        "transcode",
        "transcribe",
        "propose_clips",
        "ready",
    ]
    assert source.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["what came out"]


def test_captions_that_came_with_the_recording_win(material: Path, tmp_path: Path) -> None:
    captions = tmp_path / "captions.vtt"
    captions.write_text("WEBVTT\n\n00:01.000 --> 00:03.000\n<v Mia>Good morning everyone\n")
    done = debrief(
        "process", material / "silent film.mp4", "--captions", captions, "--json", "--out", "out", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    transcript = json.loads(done.stdout)["transcript"]
    assert transcript["engine"] == "captions"
    assert transcript["segments"][0]["text"] == "Good morning everyone"
    assert transcript["segments"][0]["speaker"] == "Mia"


def test_a_video_without_sound_is_a_lesson(material: Path, tmp_path: Path) -> None:
    done = debrief("process", material / "silent film.mp4", "--json", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["recording"]["audio_codec"] is None
    assert document["transcript"]["engine"] == "none"
    assert document["clips"]


def test_a_sound_without_picture_is_a_lesson(material: Path, tmp_path: Path) -> None:
    done = debrief("process", material / "sound only.m4a", "--json", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["recording"]["video_codec"] is None
    assert document["transcript"]["segments"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("empty.mp4", "EmptyFile"),
        ("text.mp4", "NotMedia"),
        ("truncated.mp4", "TruncatedMedia"),
        ("gone.mp4", "FileMissing"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    name: str, error: str, material: Path, tmp_path: Path
) -> None:
    done = debrief("process", material / name, "--json", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == error
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("debrief: ")
    assert list(tmp_path.iterdir()) == []


def test_a_cut_off_file_that_still_plays_gives_what_is_there(material: Path, tmp_path: Path) -> None:
    done = debrief("process", material / "truncated but playable.mp4", "--json", "--out", "out", cwd=tmp_path)
    assert done.returncode in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 0:
        assert json.loads(done.stdout)["clips"]


@pytest.mark.parametrize("text", ["", "{", "not a transcript at all", '{"segments": 3}'])
def test_a_transcript_that_cannot_be_read_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "transcript.json"
    path.write_text(text)
    done = debrief("propose-clips", path, "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_clips_are_proposed_from_a_transcript_alone(tmp_path: Path) -> None:
    segments = [
        {
            "start_ms": 5000 * index,
            "end_ms": 5000 * index + 4000,
            "text": f"{word} and {word} again",
            "speaker": "",
            "words": [],
        }
        for index, word in enumerate(["halves"] * 20 + ["volcanoes"] * 20)
    ]
    path = tmp_path / "transcript.json"
    path.write_text(json.dumps({"engine": "captions", "language": "en", "segments": segments}))
    done = debrief("propose-clips", path, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    clips = json.loads(done.stdout)["clips"]
    assert clips[0]["start_ms"] == 0
    assert clips[-1]["end_ms"] == segments[-1]["end_ms"]
    assert all(earlier["end_ms"] == later["start_ms"] for earlier, later in itertools.pairwise(clips))


@pytest.mark.parametrize(
    "command", ["process", "transcribe", "propose-clips", "serve", "worker", "migrate", "demo", "doctor"]
)
def test_every_command_says_what_it_does(command: str, tmp_path: Path) -> None:
    done = debrief(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage: debrief" in done.stdout


def test_a_wrong_call_exits_with_two(tmp_path: Path) -> None:
    assert debrief("proces", cwd=tmp_path).returncode == 2
    assert debrief("process", cwd=tmp_path).returncode == 2


def test_doctor_names_every_outside_part(tmp_path: Path) -> None:
    done = debrief("doctor", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    parts = {each["part"]: each for each in json.loads(done.stdout)["parts"]}
    assert {"Python", "ffmpeg", "database", "media store"} <= set(parts)
    assert all(each["advice"] for each in parts.values() if not each["found"])


def test_migrate_can_run_twice(tmp_path: Path) -> None:
    assert debrief("migrate", cwd=tmp_path).returncode == 0
    assert debrief("migrate", "--json", cwd=tmp_path).stdout.strip()
    assert (tmp_path / "var/debrief.sqlite").is_file()
