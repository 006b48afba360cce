"""The sample lesson as a film: H.264 and AAC in an MP4 that starts at once."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from sample.picture import HEIGHT, STEP_MS, WIDTH, describe_frame, draw_frame
from sample.sound import measure_loudness
from sample.timeline import Timeline
from sample.voices import RATE_HZ

FRAMES_PER_S = 25
FILM_RATE_HZ = 48_000
_BLOCK = 1024


def write_film(path: Path, timeline: Timeline, track: NDArray[np.float64]) -> None:
    """Draw, encode and put together; the same script gives the same pictures and sound."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as film:
        video = film.add_stream("libx264", rate=FRAMES_PER_S)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.options = {"crf": "26", "preset": "medium", "tune": "animation", "g": "250"}
        audio = film.add_stream("aac", rate=FILM_RATE_HZ, layout="mono")
        audio.bit_rate = 56_000
        sound = _sound_frames(track)
        for picture in _picture_frames(timeline, track):
            film.mux(video.encode(picture))
            # Sound is interleaved with the pictures, so that a player needs no long look ahead.
            for block in islice(sound, -(-FILM_RATE_HZ // (FRAMES_PER_S * _BLOCK))):
                film.mux(audio.encode(block))
        for block in sound:
            film.mux(audio.encode(block))
        film.mux(video.encode(None))
        film.mux(audio.encode(None))


def _picture_frames(timeline: Timeline, track: NDArray[np.float64]) -> Iterator[av.VideoFrame]:
    """Every picture of the film; a new one is drawn only when something has moved."""
    count = timeline.duration_ms * FRAMES_PER_S // 1000
    per_drawing = STEP_MS * FRAMES_PER_S // 1000
    drawings = -(-count // per_drawing)
    loudness = measure_loudness(track, frames_per_s=1000 / STEP_MS, count=drawings)
    shown = None
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for number in range(count):
        if number % per_drawing == 0:
            drawing = number // per_drawing
            moving = describe_frame(timeline, drawing * STEP_MS, float(loudness[drawing]))
            if moving != shown:
                shown, pixels = moving, np.asarray(draw_frame(moving))
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = number
        yield frame


def _sound_frames(track: NDArray[np.float64]) -> Iterator[av.AudioFrame]:
    samples = np.clip(resample_poly(track, FILM_RATE_HZ // RATE_HZ, 1), -1, 1).astype(np.float32)
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK]
        frame = av.AudioFrame.from_ndarray(block[np.newaxis, :], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = FILM_RATE_HZ, start
        yield frame
