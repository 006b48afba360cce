"""What comes out of recordings of every odd kind, and what is left when making it is broken off."""

from __future__ import annotations

import json
import os
import re
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from models.errors import DamagedMedia, FileMissing, RunCancelled
from models.lesson import RenditionKind, VideoStream
from pipeline.probe import run_probe
from pipeline.storyboard import build_board, build_peaks, build_thumbnails
from pipeline.transcode import TranscodeOptions, run_audio, run_transcode
from pipeline.transcode_plan import choose_rate, fit_size
from pipeline.transcode_sound import listen
from tests.pipeline import measures
from tests.pipeline.conftest import AAC, FAST, H264, MAKERS, Recordings, make, picture, sound
from tests.pipeline.test_ffmpeg import children, ignore

SOUND_ONLY = {"sound only.m4a", "cover.m4a"}
REMUXED = {"web ready.mp4", "moov first.mp4", "two tracks.mp4", "no sound.mp4", "fragments.mp4"}
HALF_REMUXED = {"left only.mp4", "cancelling.mkv", "opus.mkv"}
SYNC_S = 0.04


@pytest.mark.parametrize("name", MAKERS)
def test_the_web_rendition_lasts_as_long_and_stands_upright(recordings: Recordings, name: str) -> None:
    media, web = recordings.probed(name), recordings.file(name, RenditionKind.WEB)
    seen, heard = measures.decode_picture(web), measures.decode_sound(web)
    end_s = max(each.end_s for each in (seen, heard) if each)
    assert end_s == pytest.approx(media.duration_ms / 1000, abs=0.1)
    assert (heard is not None) == bool(media.audio)
    assert (seen is not None) == (name not in SOUND_ONLY)
    if seen and media.video:
        assert (seen.width, seen.height) == fit_size(media.video, 360)
        assert seen.width % 2 == seen.height % 2 == 0


@pytest.mark.parametrize("name", [each for each in MAKERS if each not in SOUND_ONLY])
def test_every_browser_plays_the_web_rendition(recordings: Recordings, name: str) -> None:
    web = recordings.file(name, RenditionKind.WEB)
    head = web.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")
    with av.open(str(web)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert [each.codec_context.name for each in container.streams.audio] in ([], ["aac"])
        assert all(each.codec_context.channels <= 2 for each in container.streams.audio)
    assert measures.longest_keyframe_gap(web) <= 2.05
    if "remuxed" not in recordings.transcoded(name).note:
        steps = measures.frame_steps(web)
        assert steps.max() - steps.min() < 0.003
        assert 1 / steps.mean() <= 30.1


@pytest.mark.parametrize("name", [each for each in MAKERS if each not in SOUND_ONLY | {"no sound.mp4"}])
def test_sound_and_picture_are_in_step(recordings: Recordings, name: str) -> None:
    assert measures.sync_error(recordings.file(name, RenditionKind.WEB)) < SYNC_S


@pytest.mark.parametrize("name", [each for each in MAKERS if each != "no sound.mp4"])
def test_the_recognisers_sound_lies_where_the_web_renditions_does(recordings: Recordings, name: str) -> None:
    audio = recordings.file(name, RenditionKind.AUDIO)
    with wave.open(str(audio), "rb") as opened:
        assert (opened.getnchannels(), opened.getframerate(), opened.getsampwidth()) == (1, 16000, 2)
    heard, recognised = measures.beeps(recordings.file(name, RenditionKind.WEB)), measures.beeps(audio)
    assert len(heard) == len(recognised) >= 2
    assert np.abs(np.array(heard) - np.array(recognised)).max() < 0.03


@pytest.mark.parametrize("name", MAKERS)
def test_what_browsers_play_is_taken_over_and_the_note_says_why(recordings: Recordings, name: str) -> None:
    note = recordings.transcoded(name).note
    if name in HALF_REMUXED:
        assert note.startswith("remuxed: H.264 already fits; encoded the sound: ")
    else:
        assert note.startswith("remuxed: H.264" if name in REMUXED else "encoded: ")


def test_a_picture_that_is_taken_over_is_the_same_to_the_byte(recordings: Recordings) -> None:
    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(each) for each in container.demux(video=0) if each.size]

    web = recordings.file("web ready.mp4", RenditionKind.WEB)
    assert packets(web) == packets(recordings.path("web ready.mp4"))


def test_a_side_that_is_silent_or_cancels_the_other_out_is_left_out(recordings: Recordings) -> None:
    for name in ("left only.mp4", "cancelling.mkv"):
        with av.open(str(recordings.file(name, RenditionKind.WEB))) as container:
            assert container.streams.audio[0].codec_context.channels == 1
    found = listen(recordings.path("left only.mp4"), recordings.probed("left only.mp4"))
    assert [each.only_channel for each in found] == [0]


def test_of_two_tracks_the_one_with_sound_is_heard(recordings: Recordings) -> None:
    assert len(measures.beeps(recordings.file("two tracks.mp4", RenditionKind.WEB))) == 4


def test_hdr_becomes_an_ordinary_picture_of_ordinary_brightness(recordings: Recordings) -> None:
    web = recordings.file("hdr.mov", RenditionKind.WEB)
    with av.open(str(web)) as container:
        assert container.streams.video[0].codec_context.color_trc in {1, 2}
    assert measures.mean_colour(web, 0.0).min() > 180
    assert 5 < measures.mean_colour(web, 1.0).mean() < 160


def test_quiet_and_loud_speech_come_out_equally_loud(either_ffmpeg: Path, tmp_path: Path) -> None:
    for level in ("0.9", "0.02"):
        path = tmp_path / f"{level}.wav"
        noise = f"anoisesrc=r=48000:a={level}:c=pink:d=20,volume='0.3+0.7*lt(mod(t,3),2)':eval=frame"
        make(path, "-f", "lavfi", "-i", noise)
        made = run_transcode(path, run_probe(path), tmp_path / level, options=FAST, progress=ignore)
        assert measures.loudness(made.files[0].path) == pytest.approx(-16, abs=1.5)


def test_names_places_and_titles_do_not_go_out(tmp_path: Path) -> None:
    said = [
        "-metadata",
        "title=Class 7b",
        "-metadata",
        "location=+48.1+11.5/",
        "-metadata:s:a",
        "handler_name=Mia Novak",
    ]
    for codec in (["-g", "25"], ["-g", "500"]):
        path = tmp_path / f"{codec[1]}.mp4"
        make(path, *picture(seconds=10), *sound(10), *H264, *codec, *AAC, *said)
        made = run_transcode(path, run_probe(path), tmp_path / codec[1], options=FAST, progress=ignore)
        written = made.files[0].path.read_bytes()
        assert not [word for word in (b"Class 7b", b"Mia Novak", b"+48.1") if word in written]


def test_every_rendition_is_there_and_named(recordings: Recordings) -> None:
    made = recordings.transcoded("camera.mts")
    kinds = {each.kind: each for each in made.files}
    assert {kind: each.path.name for kind, each in kinds.items()} == {
        RenditionKind.WEB: "web.mp4",
        RenditionKind.AUDIO: "audio.wav",
        RenditionKind.PEAKS: "peaks.json",
        RenditionKind.POSTER: "poster.jpg",
        RenditionKind.THUMBNAILS: "thumbnails.vtt",
        RenditionKind.FRAMES: "frames.mkv",
        RenditionKind.STORYBOARD: "storyboard-0.jpg",
    }
    assert sorted(each.path.name for each in made.files) == sorted(
        each.name for each in made.files[0].path.parent.iterdir()
    )


def test_the_thumbnails_show_what_the_picture_shows_then(recordings: Recordings) -> None:
    text = recordings.file("long gaps.mp4", RenditionKind.THUMBNAILS).read_text(encoding="utf-8")
    cues = re.findall(r"([\d:.]+) --> ([\d:.]+)\nstoryboard/(\d+)#xywh=(\d+),(\d+),(\d+),(\d+)", text)
    assert [(cue[0], cue[1]) for cue in cues][:2] == [
        ("00:00:00.000", "00:00:02.000"),
        ("00:00:02.000", "00:00:04.000"),
    ]
    assert cues[-1][1] == "00:00:08.000"
    with Image.open(recordings.file("long gaps.mp4", RenditionKind.STORYBOARD)) as sheet:
        assert sheet.size == (800, 450)
        tiles = [sheet.crop((int(x), int(y), int(x) + int(w), int(y) + int(h))) for _, _, _, x, y, w, h in cues]
    # The middle of each stretch lies between two flashes: something grey that is not empty.
    for tile in tiles:
        grey = np.asarray(tile.convert("L"), dtype=float)
        assert 10 < grey.mean() < 120
        assert grey.std() > 10


def test_a_long_recording_has_a_bounded_number_of_small_pictures() -> None:
    board = build_board(3 * 3600_000, 1280, 720)
    assert (board.count, board.sheets) == (400, 16)
    assert build_thumbnails(board, 3 * 3600_000).endswith("storyboard/15#xywh=640,360,160,90\n")
    assert build_board(10, 2, 2).count == 1


def test_the_poster_is_neither_black_nor_a_flash(tmp_path: Path) -> None:
    path = tmp_path / "dark start.mp4"
    dark = "drawbox=c=black:t=fill:enable='lt(t,9)+gt(t,24)'"
    make(path, *picture(seconds=30), "-vf", dark, *H264, "-g", "500")
    made = run_transcode(path, run_probe(path), tmp_path / "out", options=FAST, progress=ignore)
    poster = next(each.path for each in made.files if each.kind is RenditionKind.POSTER)
    with Image.open(poster) as opened:
        assert opened.size == (320, 180)
        assert 20 < np.asarray(opened.convert("L"), dtype=float).mean() < 150


def test_the_peaks_follow_the_sound(recordings: Recordings, tmp_path: Path) -> None:
    peaks = json.loads(recordings.file("web ready.mp4", RenditionKind.PEAKS).read_text(encoding="utf-8"))
    assert peaks["peaks_per_second"] == 10
    assert len(peaks["peaks"]) == pytest.approx(80, abs=1)
    assert min(peaks["peaks"][0:2] + peaks["peaks"][20:22]) > 200
    assert max(peaks["peaks"][5:19]) < 30
    with wave.open(str(tmp_path / "empty.wav"), "wb") as target:
        target.setparams((1, 2, 16000, 0, "NONE", ""))
    assert json.loads(build_peaks(tmp_path / "empty.wav"))["peaks"] == []


def test_either_ffmpeg_makes_the_same_kinds_of_files(
    either_ffmpeg: Path, recordings: Recordings, tmp_path: Path
) -> None:
    for name in ("camera.mts", "hdr.mov", "web ready.mp4", "browser.webm", "late sound.mp4"):
        media, into = recordings.probed(name), tmp_path / name
        made = run_transcode(recordings.path(name), media, into, options=FAST, progress=ignore)
        assert len(made.files) == 7
        web = made.files[0].path
        assert measures.sync_error(web) < SYNC_S
        assert run_probe(web).duration_ms == pytest.approx(media.duration_ms, abs=100)
        assert len(measures.beeps(made.files[1].path)) == len(measures.beeps(web)) == 4


def test_making_it_again_gives_the_same_bytes(recordings: Recordings, tmp_path: Path) -> None:
    source, media = recordings.path("variable.mp4"), recordings.probed("variable.mp4")
    first = recordings.transcoded("variable.mp4")
    again = run_transcode(source, media, tmp_path, options=FAST, progress=ignore)
    twice = run_transcode(source, media, tmp_path, options=FAST, progress=ignore)
    assert [each.path.read_bytes() for each in again.files] == [each.path.read_bytes() for each in first.files]
    assert again.files == twice.files


@pytest.mark.parametrize("name", ["-dash.mp4", 'it\'s "100%d".mp4', "two\nlines.mp4"])
def test_no_character_of_a_name_or_folder_disturbs(recordings: Recordings, tmp_path: Path, name: str) -> None:
    os.link(recordings.path("long gaps.mp4"), tmp_path / name)
    into = tmp_path / f"{name} out"
    made = run_transcode(tmp_path / name, recordings.probed("long gaps.mp4"), into, options=FAST, progress=ignore)
    assert len(made.files) == 7


def test_progress_rises_from_nothing_to_all(recordings: Recordings, tmp_path: Path) -> None:
    shares: list[float] = []
    source = recordings.path("long gaps.mp4")
    run_transcode(source, recordings.probed("long gaps.mp4"), tmp_path, options=FAST, progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_cancelling_leaves_no_file_and_no_child(tmp_path: Path, after: int) -> None:
    source, into = tmp_path / "long.mp4", tmp_path / "out"
    make(source, *picture("1280x720", seconds=30), *sound(30), *H264, "-g", "500", *AAC)
    media, before, asked = run_probe(source), children(), 0

    def cancel(_share: float) -> None:
        nonlocal asked
        asked += 1
        if asked == after:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        run_transcode(source, media, into, options=TranscodeOptions(), progress=cancel)
    assert list(into.iterdir()) == []
    assert children() <= before


def test_what_a_killed_attempt_left_is_cleared_away(recordings: Recordings, tmp_path: Path) -> None:
    left = tmp_path / ".making-earlier"
    left.mkdir()
    (left / "web.mp4").write_bytes(b"half done")
    name = "no sound.mp4"
    run_transcode(recordings.path(name), recordings.probed(name), tmp_path, options=FAST, progress=ignore)
    assert not left.exists()


def test_what_can_be_decoded_of_a_damaged_recording_is_made(recordings: Recordings, tmp_path: Path) -> None:
    for name in ("moov first.mp4", "browser.webm", "camera.mts"):
        broken = bytearray(recordings.path(name).read_bytes())
        for place in range(len(broken) // 3, len(broken), len(broken) // 40):
            broken[place] ^= 0x55
        path = tmp_path / name
        path.write_bytes(broken)
        media = run_probe(path)
        made = run_transcode(path, media, tmp_path / f"{name} out", options=FAST, progress=ignore)
        seen = measures.decode_picture(made.files[0].path)
        assert seen is not None
        assert seen.end_s > 4


def test_a_recording_that_is_gone_or_holds_nothing_any_more_is_told(recordings: Recordings, tmp_path: Path) -> None:
    media = recordings.probed("moov first.mp4")
    with pytest.raises(FileMissing):
        run_transcode(tmp_path / "gone.mp4", media, tmp_path / "out", options=FAST, progress=ignore)
    whole = recordings.path("moov first.mp4").read_bytes()
    start = whole.index(b"mdat") + 4
    (tmp_path / "lost.mp4").write_bytes(whole[:start] + bytes(len(whole) - start))
    with pytest.raises(DamagedMedia):
        run_transcode(tmp_path / "lost.mp4", media, tmp_path / "out", options=FAST, progress=ignore)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_recognisers_sound_can_be_had_alone(recordings: Recordings, tmp_path: Path) -> None:
    name = "late sound.mp4"
    audio = run_audio(recordings.path(name), recordings.probed(name), tmp_path, stall_seconds=30)
    assert audio.read_bytes() == recordings.file(name, RenditionKind.AUDIO).read_bytes()
    with pytest.raises(DamagedMedia):
        run_audio(recordings.path("no sound.mp4"), recordings.probed("no sound.mp4"), tmp_path, stall_seconds=30)


def stream(
    *, width: int = 1920, height: int = 1080, real: float = 30.0, nominal: float = 30.0, vary: bool = False
) -> VideoStream:
    return VideoStream(
        index=0,
        codec="h264",
        width=width,
        height=height,
        coded_width=width,
        coded_height=height,
        nominal_rate=nominal,
        real_rate=real,
        variable_rate=vary,
    )


def test_the_size_fits_a_screen_lying_or_standing_and_is_never_enlarged() -> None:
    sizes = {(1920, 1080): (1280, 720), (1080, 1920): (720, 1280), (3840, 1600): (1280, 534), (640, 480): (640, 480)}
    sizes |= {(1440, 1080): (960, 720), (321, 181): (320, 180), (1, 1): (2, 2), (4000, 20): (1280, 6)}
    for (width, height), fitted in sizes.items():
        assert fit_size(stream(width=width, height=height), 720) == fitted


def test_the_rate_is_a_usual_one_of_at_most_thirty() -> None:
    assert choose_rate(stream(real=59.94, nominal=59.94)) == Fraction(30000, 1001)
    assert choose_rate(stream(real=50, nominal=50)) == 25
    assert choose_rate(stream(real=240, nominal=240)) == 30
    assert choose_rate(stream(real=29.4, nominal=30000 / 1001)) == Fraction(30000, 1001)
    assert choose_rate(stream(real=16.0, nominal=24000 / 1001, vary=True)) == Fraction(24000, 1001)
    assert choose_rate(stream(real=0.5, nominal=0.5)) == 5
    assert float(choose_rate(stream(real=11.3, nominal=11.3))) == pytest.approx(11.3, abs=0.01)
