"""The sound of the sample lesson: every sentence at its time, over the quiet noise of a room."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from sample.script import SPEAKERS
from sample.timeline import Timeline
from sample.voices import RATE_HZ, Spoken

PEAK_DB = -3.0
ROOM_DB = -64.0
SEED = 20


def mix_sound(timeline: Timeline, spoken: list[Spoken]) -> NDArray[np.float64]:
    """One channel at 16 kHz, +-1, whose loudest sample lies at -3 dBFS."""
    track = np.zeros(timeline.duration_ms * RATE_HZ // 1000)
    for said, sound in zip(timeline.utterances, spoken, strict=True):
        level = 10 ** (SPEAKERS[said.speaker].level_db / 20)
        speech = sound.samples[sound.start : sound.end]
        # Loudness by the middle of the speech's power, so that one loud vowel does not make a sentence quiet.
        voiced = np.sqrt(np.mean(speech**2))
        at = said.start_ms * RATE_HZ // 1000 - sound.start
        begin, end = max(at, 0), min(at + len(sound.samples), len(track))
        track[begin:end] += sound.samples[begin - at : end - at] * level / voiced
    track *= 10 ** (PEAK_DB / 20) / np.abs(track).max()
    return np.asarray(np.clip(track + _room_noise(len(track)), -1.0, 1.0), dtype=np.float64)


def measure_loudness(track: NDArray[np.float64], *, frames_per_s: float, count: int) -> NDArray[np.float64]:
    """How loud each of `count` frames of film is, 0 to 1: what moves the mouths."""
    width = RATE_HZ / frames_per_s
    edges = [round(number * width) for number in range(count + 1)]
    power = [float(np.sqrt(np.mean(track[a:b] ** 2))) if b > a else 0.0 for a, b in pairwise(edges)]
    return np.minimum(np.array(power) / np.quantile(power, 0.95), 1.0)


def _room_noise(count: int) -> NDArray[np.float64]:
    """Low-pass noise, as of a ventilator far away: a recording is never digitally silent."""
    white = np.random.default_rng(SEED).standard_normal(count)
    soft = np.asarray(lfilter([0.12], [1.0, -0.88], white), dtype=np.float64)
    return soft * 10 ** (ROOM_DB / 20) / float(np.std(soft))
