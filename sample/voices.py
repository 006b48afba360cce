"""The voices of the sample lesson: flite's library, which knows when each phone of each word sounds.

Needs Debian's `flite` (libflite1). Only making the sample needs it; nothing else in the project does.
"""

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
EDGE_BELOW_PEAK_DB = 34.0
_FRAME = RATE_HZ // 200

VOICES = {"rms": "cmu_us_rms", "slt": "cmu_us_slt", "awb": "cmu_us_awb", "kal16": "cmu_us_kal16"}


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A sentence as sound (float, +-1) with the sample edges of its speech and the edges of every word."""

    samples: NDArray[np.float64]
    start: int
    end: int
    words: tuple[tuple[int, int, str], ...]

    @property
    def length_ms(self) -> int:
        return round((self.end - self.start) * 1000 / RATE_HZ)


class Flite:
    """One loaded flite, with the voices asked for so far."""

    def __init__(self) -> None:
        self._core = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        pointer, text, real = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float
        for name, result, arguments in (
            ("flite_init", ctypes.c_int, ()),
            ("flite_synth_text", pointer, (text, pointer)),
            ("utt_wave", ctypes.POINTER(_Wave), (pointer,)),
            ("utt_relation", pointer, (pointer, text)),
            ("relation_head", pointer, (pointer,)),
            ("item_next", pointer, (pointer,)),
            ("path_to_item", pointer, (pointer, text)),
            ("ffeature_string", text, (pointer, text)),
            ("ffeature_float", real, (pointer, text)),
            ("feat_set_float", None, (pointer, text, real)),
            ("delete_utterance", None, (pointer,)),
        ):
            function = getattr(self._core, name)
            function.restype, function.argtypes = result, list(arguments)
        self._core.flite_init()
        for library in ("usenglish", "cmulex"):
            ctypes.CDLL(f"libflite_{library}.so.1", mode=ctypes.RTLD_GLOBAL)
        self._voices: dict[str, ctypes._Pointer[_Voice]] = {}

    def say(self, sentence: str, *, voice: str, pitch_hz: int | None, stretch: float) -> Spoken:
        """Speak one sentence; word edges are the ends of flite's own phones, held inside the speech's energy."""
        chosen = self._load(voice)
        features = chosen.contents.features
        self._core.feat_set_float(features, b"duration_stretch", stretch)
        if pitch_hz is not None:
            self._core.feat_set_float(features, b"int_f0_target_mean", float(pitch_hz))
        utterance = self._core.flite_synth_text(sentence.encode("ascii"), chosen)
        wave = self._core.utt_wave(utterance).contents
        samples = np.ctypeslib.as_array(wave.samples, shape=(wave.num_samples,)).astype(np.float64) / 32768
        phones = self._list_phones(utterance)
        self._core.delete_utterance(utterance)
        start, end = find_edges(samples)
        return Spoken(samples=samples, start=start, end=end, words=_join_words(phones, sentence, start, end))

    def _load(self, voice: str) -> "ctypes._Pointer[_Voice]":
        if voice not in self._voices:
            library = ctypes.CDLL(f"libflite_{VOICES[voice]}.so.1", mode=ctypes.RTLD_GLOBAL)
            register = getattr(library, f"register_{VOICES[voice]}")
            register.restype, register.argtypes = ctypes.POINTER(_Voice), [ctypes.c_char_p]
            self._voices[voice] = register(None)
        return self._voices[voice]

    def _list_phones(self, utterance: int) -> list[tuple[int, float]]:
        """Every phone's word (its token's address, 0 for a pause) and end in seconds."""
        phones = []
        item = self._core.relation_head(self._core.utt_relation(utterance, b"Segment"))
        while item:
            token = self._core.path_to_item(item, b"R:SylStructure.parent.parent.R:Token.parent")
            phones.append((token or 0, self._core.ffeature_float(item, b"end")))
            item = self._core.item_next(item)
        return phones


def find_edges(samples: NDArray[np.float64]) -> tuple[int, int]:
    """The first and last sample of speech: frames of 5 ms within 34 dB of the loudest one."""
    count = len(samples) // _FRAME
    energy = np.sqrt(np.mean(samples[: count * _FRAME].reshape(count, _FRAME) ** 2, axis=1))
    loud = np.flatnonzero(energy > energy.max() * 10 ** (-EDGE_BELOW_PEAK_DB / 20))
    return int(loud[0]) * _FRAME, (int(loud[-1]) + 1) * _FRAME


def _join_words(
    phones: list[tuple[int, float]], sentence: str, start: int, end: int
) -> tuple[tuple[int, int, str], ...]:
    spans: dict[int, tuple[int, int]] = {}
    before = 0
    for token, until_s in phones:
        until = round(until_s * RATE_HZ)
        if token:
            spans[token] = (spans[token][0] if token in spans else before, until)
        before = until
    written = sentence.split()
    if len(written) != len(spans):
        raise SystemExit(f"flite split this sentence otherwise than its spaces do: {sentence}")
    words = zip(spans.values(), written, strict=True)
    return tuple((min(max(first, start), end), max(min(last, end), start), word) for (first, last), word in words)
