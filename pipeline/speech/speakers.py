"""Who speaks, as far as voices tell: an estimate, made on this machine, that people can correct.

Short windows of speech are described by their spectrum and pitch and clustered by likeness. The voices that speak most
are taken for the teachers, all others for pupils; nobody is named, and no description of a voice is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.fft import dct

from models.timing import Ms, TimeRange
from pipeline.speech.sentences import Turn
from pipeline.speech.sound import RATE_HZ, Samples, Sound

TEACHERS = ("teacher A", "teacher B")
PUPILS = "pupils"

_WINDOW_MS = 1500
_HOP_MS = 750
_SHORTEST_MS = 400
_FRAME = 400
_STEP = 160
_SIZE = 512
_BANDS = 26
_CEPSTRA = 15
_PITCH_HZ = (70, 400)
_VOICED = 0.45
_FEWEST_FRAMES = 10
_PITCH_WEIGHT = 4.0
_VOICES = 6
_TEACHER_SHARE = 0.15
"""A voice with less of the speech than this is not taken for a teacher's."""
_MOST_CLUSTERED = 1500
"""Clustering grows with the square: of a long lesson, windows spread evenly are clustered and the rest go to the
nearest voice."""

Array = NDArray[np.float64]


def find_turns(sound: Sound, speech: Sequence[TimeRange]) -> tuple[Turn, ...]:
    """Whose turn each stretch of the speech is, in order of time; none where there is too little to tell."""
    windows, marks = [], []
    for window in _windows(speech):
        described = _describe(sound.read(window))
        if described is not None:
            windows.append(window)
            marks.append(described)
    if len(windows) < 2 * _VOICES:
        return ()
    voices = _cluster(_standardise(np.array(marks)))
    names = _name(voices)
    return _join([(window, names[int(voice)]) for window, voice in zip(windows, voices, strict=True)])


def _windows(speech: Sequence[TimeRange]) -> Iterator[TimeRange]:
    for stretch in speech:
        start = stretch.start_ms
        while stretch.end_ms - start >= _SHORTEST_MS:
            yield TimeRange(start_ms=start, end_ms=min(start + _WINDOW_MS, stretch.end_ms))
            if start + _WINDOW_MS >= stretch.end_ms:
                break
            start += _HOP_MS


def _describe(samples: Samples) -> Array | None:
    """A window's mean cepstra and its median pitch in octaves (NaN where none is heard); None where it is too quiet."""
    level = samples.astype(np.float64) / 32768
    if len(level) < _FRAME + _STEP * _FEWEST_FRAMES:
        return None
    count = 1 + (len(level) - _FRAME) // _STEP
    frames = level[np.arange(_FRAME)[None, :] + _STEP * np.arange(count)[:, None]]
    loudness = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-9)
    heard = loudness > max(float(loudness.max()) - 25, -60)
    if int(heard.sum()) < _FEWEST_FRAMES:
        return None
    spectrum = np.square(np.abs(np.fft.rfft(frames[heard] * np.hanning(_FRAME), _SIZE)))
    cepstra = dct(np.log(spectrum @ _BANK.T + 1e-8), axis=1, norm="ortho")[:, 1 : _CEPSTRA + 1]
    return np.append(cepstra.mean(axis=0), _pitch(frames[heard]))


def _pitch(frames: Array) -> float:
    """The median of the voiced frames' pitch, as the logarithm to base two of its frequency."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    likeness = np.fft.irfft(np.square(np.abs(np.fft.rfft(centred, 2 * _SIZE))))[:, :_FRAME]
    likeness /= np.maximum(likeness[:, :1], 1e-9)
    shortest, longest = RATE_HZ // _PITCH_HZ[1], RATE_HZ // _PITCH_HZ[0]
    lags = likeness[:, shortest:longest].argmax(axis=1) + shortest
    voiced = likeness[np.arange(len(lags)), lags] > _VOICED
    return float(np.median(np.log2(RATE_HZ / lags[voiced]))) if voiced.sum() > 5 else float("nan")


def _mel_bank() -> Array:
    """Triangular filters, evenly spread on the mel scale (O'Shaughnessy 1987), for the spectrum's lines."""

    def mel(hertz: float) -> float:
        return float(2595 * np.log10(1 + hertz / 700))

    edges = 700 * (10 ** (np.linspace(mel(100), mel(7600), _BANDS + 2) / 2595) - 1)
    lines = np.floor((_SIZE + 1) * edges / RATE_HZ)
    places = np.arange(_SIZE // 2 + 1)
    left, middle, right = lines[:-2, None], lines[1:-1, None], lines[2:, None]
    rising = (places - left) / np.maximum(1, middle - left)
    falling = (right - places) / np.maximum(1, right - middle)
    bank: Array = np.maximum(0.0, np.minimum(rising, falling))
    return bank


_BANK = _mel_bank()


def _standardise(marks: Array) -> Array:
    pitch = marks[:, -1]
    known = ~np.isnan(pitch)
    pitch[~known] = np.median(pitch[known]) if known.any() else 0.0
    spread = marks.std(axis=0)
    standard: Array = (marks - marks.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
    standard[:, -1] *= _PITCH_WEIGHT
    return standard


def _cluster(marks: Array) -> NDArray[np.int64]:
    """The number of the voice of each window, from 0."""
    some = np.linspace(0, len(marks) - 1, min(len(marks), _MOST_CLUSTERED)).astype(int)
    found = fcluster(linkage(marks[some], "average"), _VOICES, "maxclust").astype(np.int64) - 1
    if len(some) == len(marks):
        return found
    centres = np.array([marks[some][found == voice].mean(axis=0) for voice in range(found.max() + 1)])
    return np.array([int(np.square(centres - mark).sum(axis=1).argmin()) for mark in marks])


def _name(voices: NDArray[np.int64]) -> dict[int, str]:
    counts = np.bincount(voices)
    by_share = np.argsort(-counts, kind="stable")
    teachers = [int(each) for each in by_share if counts[each] >= _TEACHER_SHARE * len(voices)][: len(TEACHERS)]
    # Whoever of the two speaks first is A, so that the same lesson has the same names.
    teachers.sort(key=lambda each: int(np.argmax(voices == each)))
    named = dict(zip(teachers, TEACHERS, strict=False))
    return {voice: named.get(voice, PUPILS) for voice in range(len(counts))}


def _join(windows: Sequence[tuple[TimeRange, str]]) -> tuple[Turn, ...]:
    """Neighbouring windows of one speaker as one turn; where windows of two overlap, each has its half."""
    turns: list[Turn] = []
    for window, speaker in windows:
        start = window.start_ms
        if turns and start < turns[-1].range.end_ms:
            start = _shorten_last(turns, window, speaker)
        if turns and turns[-1].speaker == speaker and start == turns[-1].range.end_ms:
            turns[-1] = Turn(range=TimeRange(start_ms=turns[-1].range.start_ms, end_ms=window.end_ms), speaker=speaker)
        else:
            turns.append(Turn(range=TimeRange(start_ms=start, end_ms=window.end_ms), speaker=speaker))
    return tuple(turns)


def _shorten_last(turns: list[Turn], window: TimeRange, speaker: str) -> Ms:
    last = turns[-1]
    if last.speaker == speaker:
        return last.range.end_ms
    middle = (window.start_ms + last.range.end_ms) // 2
    turns[-1] = Turn(range=TimeRange(start_ms=last.range.start_ms, end_ms=middle), speaker=last.speaker)
    return middle
