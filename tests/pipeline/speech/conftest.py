"""Sound to recognise: the sample lesson's own, cut where a test needs it short."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.ffmpeg import find_ffmpeg

SAMPLE = Path(__file__).resolve().parents[3] / "sample" / "lesson.mp4"


@pytest.fixture(scope="session")
def lesson_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole sample lesson as the recogniser gets it."""
    path = tmp_path_factory.mktemp("sound") / "lesson.wav"
    form = ["-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le"]
    subprocess.run(
        [str(find_ffmpeg()), "-v", "error", "-nostdin", "-i", str(SAMPLE), "-vn", *form, str(path)], check=True
    )
    return path


@pytest.fixture(scope="session")
def cut_sound(lesson_sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[float, float], Path]:
    """A part of it, from and until in seconds."""

    def cut(start_s: float, end_s: float) -> Path:
        path = tmp_path_factory.mktemp("part") / "part.wav"
        with wave.open(str(lesson_sound)) as whole, wave.open(str(path), "wb") as part:
            part.setparams(whole.getparams())
            whole.setpos(int(start_s * 16_000))
            part.writeframes(whole.readframes(int((end_s - start_s) * 16_000)))
        return path

    return cut


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """Eight seconds in which nobody speaks: a hum, some hiss and a click."""
    chance = np.random.default_rng(7)
    time = np.arange(8 * 16_000) / 16_000
    samples = 0.05 * np.sin(2 * np.pi * 100 * time) + 0.02 * chance.standard_normal(len(time))
    samples[64_000:64_040] += 0.5
    path = tmp_path / "noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.clip(samples, -1, 1) * 32_000).astype("<i2").tobytes())
    return path
