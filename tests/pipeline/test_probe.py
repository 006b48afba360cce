"""Looking at recordings of every odd kind, and at files that are none."""

from __future__ import annotations

import os
import wave
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.errors import (
    DamagedMedia,
    EmptyFile,
    FileMissing,
    MediaError,
    MediaTooLarge,
    MediaTooLong,
    NotMedia,
    TooManyPixels,
    TooManyStreams,
    TruncatedMedia,
)
from models.lesson import MediaInfo, VideoStream
from pipeline.probe import Limits, run_probe
from pipeline.probe_timing import build_rhythm
from tests.pipeline.conftest import AAC, H264, LENGTH_S, MAKERS, Recordings, make, picture, sound

SIZES = {
    "rotated.mp4": (180, 320),
    "camera.mts": (768, 576),
    "wide pixels.mp4": (524, 288),
    "odd size.mp4": (321, 181),
}
LENGTHS_MS = {"late sound.mp4": 10_000, "late picture.mkv": 10_000}


def shown(media: MediaInfo) -> VideoStream:
    assert media.video is not None
    return media.video


@pytest.mark.parametrize("name", MAKERS)
def test_the_length_and_the_upright_size_are_found(recordings: Recordings, name: str) -> None:
    media = recordings.probed(name)
    assert abs(media.duration_ms - LENGTHS_MS.get(name, LENGTH_S * 1000)) <= 100
    assert media.byte_count == recordings.path(name).stat().st_size
    if name in {"sound only.m4a", "cover.m4a"}:
        assert media.video is None
    else:
        assert (shown(media).width, shown(media).height) == SIZES.get(name, (320, 180))
    assert len(media.audio) == {"no sound.mp4": 0, "two tracks.mp4": 2}.get(name, 1)


def test_what_a_camera_says_about_its_picture_is_found(recordings: Recordings) -> None:
    assert shown(recordings.probed("rotated.mp4")).rotation == 270
    hdr = shown(recordings.probed("hdr.mov"))
    assert (hdr.hdr, hdr.bit_depth, hdr.colour_transfer, hdr.codec) == (True, 10, "smpte2084", "hevc")
    assert shown(recordings.probed("camera.mts")).interlaced
    plain = shown(recordings.probed("web ready.mp4"))
    assert (plain.hdr, plain.interlaced, plain.variable_rate, plain.rotation) == (False, False, False, 0)
    assert plain.real_rate == pytest.approx(25, abs=0.01)


def test_a_varying_rate_and_the_gaps_between_key_frames_are_found(recordings: Recordings) -> None:
    variable = shown(recordings.probed("variable.mp4"))
    assert variable.variable_rate
    assert variable.real_rate is not None
    assert variable.real_rate < 20
    assert shown(recordings.probed("web ready.mp4")).keyframe_ms == 2000
    assert shown(recordings.probed("long gaps.mp4")).keyframe_ms == pytest.approx(8000, abs=100)


def test_tracks_that_start_late_are_found(recordings: Recordings) -> None:
    assert recordings.probed("late sound.mp4").audio[0].start_ms == pytest.approx(2000, abs=30)
    assert shown(recordings.probed("late picture.mkv")).start_ms == pytest.approx(2000, abs=60)
    assert recordings.probed("camera.mts").audio[0].start_ms < 100


def test_the_date_that_the_device_wrote_is_kept_and_a_clock_that_was_never_set_is_not(tmp_path: Path) -> None:
    for written, kept in (
        ("2026-03-02T09:15:00Z", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", None),
    ):
        path = tmp_path / f"{written[:4]}.mp4"
        make(path, *picture(seconds=1), *H264, "-metadata", f"creation_time={written}")
        assert run_probe(path).recorded_at == kept


NAMES = ["-starts with a dash.mp4", 'it\'s a "name" 100%d.mp4', "two\nlines.mp4", "übung & größe.mp4", "concat:a|b.mp4"]


@pytest.mark.parametrize("name", NAMES)
def test_no_character_of_a_files_name_means_anything(
    recordings: Recordings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    os.link(recordings.path("web ready.mp4"), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert run_probe(Path(name)).duration_ms == recordings.probed("web ready.mp4").duration_ms


def test_a_file_that_is_not_there_and_an_empty_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        run_probe(tmp_path / "nothing.mp4")
    with pytest.raises(FileMissing):
        run_probe(tmp_path)
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(EmptyFile):
        run_probe(tmp_path / "empty.mp4")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(FileMissing):
        run_probe(tmp_path / "pipe.mp4")


NO_RECORDINGS = {
    "text.mp4": b"Dear diary, today we learned about fractions.\n" * 100,
    "captions.mp4": b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" * 20,
    "playlist.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "list.mp4": b"ffconcat version 1.0\nfile 'web ready.mp4'\n",
    "session.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "bytes.mp3": bytes(range(256)) * 8,
    "zeros.mp4": bytes(100_000),
    "page.mov": b"<!DOCTYPE html><html><body>404</body></html>",
    "script.mkv": b"#!/bin/sh\nexit 0\n",
    "dash.mp4": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>',
}


@pytest.mark.parametrize("name", NO_RECORDINGS)
def test_a_file_that_is_no_recording_is_refused(recordings: Recordings, tmp_path: Path, name: str) -> None:
    os.link(recordings.path("web ready.mp4"), tmp_path / "web ready.mp4")
    (tmp_path / name).write_bytes(NO_RECORDINGS[name])
    with pytest.raises(NotMedia):
        run_probe(tmp_path / name)


def test_a_photo_is_no_recording(tmp_path: Path) -> None:
    make(tmp_path / "photo.png", *picture(seconds=0.04), "-frames:v", "1")
    with pytest.raises(NotMedia):
        run_probe(tmp_path / "photo.png")


def test_a_recording_that_broke_off_before_its_index_was_written_is_called_truncated(
    recordings: Recordings, tmp_path: Path
) -> None:
    whole = recordings.path("web ready.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) * 6 // 10])
    with pytest.raises(TruncatedMedia):
        run_probe(tmp_path / "cut.mp4")
    (tmp_path / "head.webm").write_bytes(recordings.path("browser.webm").read_bytes()[:40])
    with pytest.raises(TruncatedMedia):
        run_probe(tmp_path / "head.webm")


def test_a_recording_whose_index_comes_first_is_used_as_far_as_it_goes(recordings: Recordings, tmp_path: Path) -> None:
    whole = recordings.path("moov first.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) * 6 // 10])
    media = run_probe(tmp_path / "cut.mp4")
    assert 3000 < media.duration_ms < 6000


def test_a_recording_whose_contents_are_lost_is_called_damaged(recordings: Recordings, tmp_path: Path) -> None:
    whole = recordings.path("moov first.mp4").read_bytes()
    start = whole.index(b"mdat") + 4
    (tmp_path / "lost.mp4").write_bytes(whole[:start] + b"\xa5" * (len(whole) - start))
    with pytest.raises(DamagedMedia):
        run_probe(tmp_path / "lost.mp4")


def test_a_wav_file_without_samples_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silent.wav"), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(16000)
        target.writeframes(b"")
    with pytest.raises(MediaError):
        run_probe(tmp_path / "silent.wav")


LIMITS = {
    MediaTooLarge: Limits(most_bytes=1000),
    MediaTooLong: Limits(longest_ms=5000),
    TooManyPixels: Limits(most_pixels=320 * 180 - 1),
    TooManyStreams: Limits(most_streams=1),
}


@pytest.mark.parametrize("error", LIMITS, ids=lambda each: each.__name__)
def test_each_limit_is_held(recordings: Recordings, error: type[MediaError]) -> None:
    with pytest.raises(error):
        run_probe(recordings.path("web ready.mp4"), limits=LIMITS[error])


def test_the_parts_of_a_camera_one_after_the_other_are_counted_over_the_jump_of_its_clock(tmp_path: Path) -> None:
    part, joined = tmp_path / "part.mts", tmp_path / "joined.mts"
    make(part, *picture(seconds=12), *sound(12), "-c:v", "mpeg2video", "-c:a", "ac3", "-f", "mpegts")
    joined.write_bytes(part.read_bytes() * 2)
    assert run_probe(joined).duration_ms == pytest.approx(24_000, abs=150)


def test_a_sound_track_that_holds_nothing_is_left_out(tmp_path: Path) -> None:
    make(tmp_path / "silent end.mp4", *picture(), *sound(), "-af", "atrim=end=0", *H264, *AAC)
    assert run_probe(tmp_path / "silent end.mp4").audio == ()


def test_rhythm_takes_a_lost_frame_for_constant_and_dropped_thirds_for_variable() -> None:
    start = np.zeros(1)
    constant = np.delete(np.arange(500) / 25, 77)
    assert not build_rhythm(constant, np.array([0.0, 10.0]), end=20.0).variable
    assert build_rhythm(constant[np.round(constant * 25) % 3 > 0], start, end=20.0).variable
    rounded = np.round(np.arange(300) * 1001 / 30) / 1000
    assert not build_rhythm(rounded, start, end=10.0).variable
    assert build_rhythm(np.zeros(1), start, end=None).real_rate is None
