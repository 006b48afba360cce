"""Real and broken files from outside the project: what must come out of each, and of every other file that lies there.

The folder is named by DEBRIEF_TEST_DATA; without one there is nothing to run. Files that the table does not know must
give a result that holds together, or an error with a name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from models import errors
from models.errors import MediaError
from models.lesson import MediaInfo
from pipeline.probe import run_probe
from pipeline.transcode import TranscodeOptions, run_transcode
from tests.pipeline import measures
from tests.pipeline.test_ffmpeg import children, ignore

DATA = Path(os.environ.get("DEBRIEF_TEST_DATA", Path(__file__).resolve().parents[3] / "shared/data")) / "video"
OTHER_FILES = {".csv", ".json", ".md"}
SMALL = TranscodeOptions(web_height=240, nice=0)
CLOSE_MS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What must come out: the length and upright size, or the error's name."""

    ms: int = 0
    size: tuple[int, int] | None = None
    sound: bool = True
    error: str = ""


def video(ms: int, width: int, height: int, *, sound: bool = True) -> Row:
    return Row(ms=ms, size=(width, height), sound=sound)


def heard(ms: int) -> Row:
    return Row(ms=ms)


def refused(error: str) -> Row:
    return Row(error=error)


TABLE = {
    "audio_late_2s.mp4": video(12_145, 640, 360),
    "audio_only.m4a": heard(12_005),
    "audio_only.mp4": heard(12_005),
    "faststart.mp4": video(12_145, 640, 360),
    "hevc_hvc1.mov": video(8_008, 640, 360),
    "mono_8k_pcm.avi": video(8_008, 640, 360),
    "moov_last.mp4": video(12_145, 640, 360),
    "mp3_name_wrong.mp3": heard(8_034),
    "no_duration_vp8.webm": video(12_026, 640, 360),
    "odd_size_yuv444.mp4": video(5_016, 321, 181),
    "rot270_phone.mp4": video(6_173, 360, 640),
    "rot90_phone.mp4": video(6_173, 360, 640),
    "silent_audio.mp4": video(12_145, 640, 360),
    "text_renamed.mp4": refused("NotMedia"),
    "truncated_moov_last.mp4": refused("TruncatedMedia"),
    "vfr_screen.mp4": video(20_016, 640, 360),
    "video_only.mp4": video(12_145, 640, 360, sound=False),
    "zero_bytes.mp4": refused("EmptyFile"),
    "1024_incrementing_bytes.mp3": refused("NotMedia"),
    "bbb_2500ms.ts": video(2_513, 1920, 1080),
    "bear-cbr-variable-frame-size-no-seek-table.mp3": heard(2_821),
    "bear-vbr-no-seek-table.mp3": heard(2_808),
    "bear-vp9.webm": video(2_736, 320, 240, sound=False),
    "bear_vorbis_gap.ogg": heard(2_744),
    "dolbyVision-hdr.MOV": video(135, 720, 1280),
    "full_blocks.mkv": refused("NotMedia"),
    "h265_with_metadata_track.mp4": video(100, 1080, 1920),
    "roadtrip-vp92-10bit.webm": video(3_002, 426, 240, sound=False),
    "sample.avi": video(4_087, 960, 400),
    "sample.mkv": video(1_071, 1080, 720),
    "sample.mp4": video(1_067, 1080, 720),
    "sample.text.mp4": refused("NotMedia"),
    "sample_ac3.mp4": heard(288),
    "sample_ac4.mp4": refused("UnsupportedCodec"),
    "sample_ac4_protected.mp4": refused("ProtectedMedia"),
    "sample_av1.mp4": video(1_088, 1080, 720),
    "sample_eac3joc.mp4": heard(2_048),
    "sample_fragmented_seekable.mp4": video(1_068, 1080, 720),
    "sample_h262_mpeg_audio.ts": video(111, 640, 426),
    "sample_h263.ts": video(1_000, 640, 360, sound=False),
    "sample_h265.ts": video(1_000, 854, 480, sound=False),
    "sample_ima_adpcm.wav": heard(1_018),
    "sample_nb.amr": heard(4_360),
    "sample_opus.mp4": heard(1_003),
    "sample_opus_fragmented.mp4": heard(2_500),
    "sample_partially_fragmented.mp4": video(1_156, 1080, 720),
    "sample_rf64.wav": heard(349),
    "sample_sef_slow_motion.mp4": video(2_152, 320, 240),
    "sample_with_trailing_bytes.wav": heard(1_000),
    "subsample_encrypted_noaltref.webm": refused("ProtectedMedia"),
    "-filenamethatstartswithdash-.mp4": video(5_000, 1, 1, sound=False),
    "1.mp4": video(32_206, 640, 360),
    "big_buck_bunny_432_433.webm": video(1_008, 1280, 720),
    "clip1024.flv": video(17_400, 112, 80, sound=False),
    "crunching.mp3": heard(8_304),
    "fire2.mp4": video(2_416, 1280, 720),
    "no_duration.webm": video(4_938, 1280, 720),
    "sintel_5s.mp4": video(5_017, 854, 480),
    "smpte-2997.mp4": video(10_048, 1920, 1080),
    "subtitles.srt": refused("NotMedia"),
    "transparent.webm": video(5_000, 200, 200),
    "video_with_failing_audio.mp4": video(11_234, 640, 360),
    "counter.mp4": video(3_000, 1920, 1080, sound=False),
    "delayed_start.mp4": video(960, 480, 320, sound=False),
    "goldeneye-vfr-drop3.mp4": video(10_010, 1280, 544, sound=False),
    "issue-134-rotate.mp4": video(10_010, 544, 1280),
    "issue-236-split-copy.mkv": video(2_016, 1920, 1080),
    "testvideo.mp4": video(24_024, 1280, 720, sound=False),
    # Kept apart from the files above; the same kinds.
    "truncated_moov_first.mp4": video(0, 640, 360),
    "sample_fragmented_clearkey.mp4": refused("ProtectedMedia"),
}


def found() -> list[Path]:
    return [each for each in sorted(DATA.rglob("*")) if each.is_file() and each.suffix not in OTHER_FILES]


def name_of(path: Path) -> str:
    return path.name


def probed(path: Path) -> MediaInfo | None:
    """What the file holds, None where it is refused by name."""
    try:
        return run_probe(path)
    except MediaError:
        return None


@pytest.mark.parametrize("path", found(), ids=name_of)
def test_probing_gives_what_the_table_says_or_a_named_error(path: Path) -> None:
    row = TABLE.get(path.name)
    if row and row.error:
        with pytest.raises(getattr(errors, row.error)):
            run_probe(path)
        return
    media = probed(path)
    if row:
        assert media is not None
        size = (media.video.width, media.video.height) if media.video else None
        assert (size, bool(media.audio)) == (row.size, row.sound)
        assert not row.ms or abs(media.duration_ms - row.ms) <= CLOSE_MS
    assert media is None or media.duration_ms > 0


@pytest.mark.slow
@pytest.mark.parametrize("path", found(), ids=name_of)
def test_what_can_be_probed_is_made_to_play(path: Path, tmp_path: Path) -> None:
    before, media = children(), probed(path)
    if media is None:
        return
    made = run_transcode(path, media, tmp_path / "out", options=SMALL, progress=ignore)
    seen, sound = measures.decode_picture(made.files[0].path), measures.decode_sound(made.files[0].path)
    assert (seen is not None, sound is not None) == (media.video is not None, bool(media.audio))
    end_s = max(each.end_s for each in (seen, sound) if each)
    assert abs(end_s * 1000 - media.duration_ms) <= CLOSE_MS
    if seen and media.video:
        assert abs(seen.width / seen.height - media.video.width / media.video.height) < 0.03 * seen.width / seen.height
        assert measures.longest_keyframe_gap(made.files[0].path) <= 4.6
    if sound:
        recognised = measures.decode_sound(made.files[1].path)
        assert recognised is not None
        assert abs(recognised.end_s - sound.end_s) < 0.1
    assert children() <= before


def test_the_table_knows_the_files_that_lie_there() -> None:
    names = {each.name for each in found()}
    assert not names or len(names & TABLE.keys()) > 5
