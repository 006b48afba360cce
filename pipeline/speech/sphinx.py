"""The offline draft: pocketsphinx, whose English model comes with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from models.run import Progress
from models.timing import TimeRange
from models.transcript import Word
from pipeline.speech.documents import word_to_json, words_from_json
from pipeline.speech.finished import Finished, plan_of
from pipeline.speech.sound import Samples, Sound, open_sound
from pipeline.speech.stretches import plan_stretches
from pipeline.speech.workers import count_cores, spread

_FRAME_MS = 10
_VARIANT = re.compile(r"\(\d+\)$")
_LOUD_RMS = 3000.0
"""About -21 dBFS: what a stretch's louder half is brought to."""
_MOST_GAIN = 30.0
_PEAK = 32000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SphinxOptions:
    """The decoder's settings that differ from its own; names as it has them."""

    lw: float = 6.5


def recognise_draft(
    sound: Sound, speech: Sequence[TimeRange], *, work: Path, threads: int, progress: Progress
) -> tuple[tuple[Word, ...], ...]:
    """The words of each stretch of speech, recognised on `threads` cores (0: all).

    Finished stretches are kept in the folder `work`, so that the same call after a crash goes on at the next one with
    the same result. Raises what `progress` raises (RunCancelled), ToolFailed and DiskFull.
    """
    stretches = plan_stretches(sound, speech)
    finished = Finished(work / "draft.jsonl", plan_of(sound, stretches, SphinxOptions()))
    try:
        _recognise_rest(sound, stretches, finished, count_cores(threads), progress)
    finally:
        finished.close()
    return tuple(words_from_json(finished.parts[index]) for index in range(len(stretches)))


def _recognise_rest(
    sound: Sound, stretches: Sequence[TimeRange], finished: Finished, count: int, progress: Progress
) -> None:
    total = sum(each.duration_ms for each in stretches) or 1
    missing = [index for index in range(len(stretches)) if index not in finished.parts]

    def report() -> None:
        progress(sum(stretches[index].duration_ms for index in finished.parts) / total)

    report()
    results = spread(
        partial(make_recogniser, sound.path), [stretches[index] for index in missing], count=count, tick=report
    )
    for at, words in results:
        finished.add(missing[at], [word_to_json(each) for each in words])


def make_recogniser(path: Path, options: SphinxOptions = SphinxOptions()) -> Callable[[TimeRange], tuple[Word, ...]]:
    """What turns a stretch of that WAV file into words; loads the model (a third of a second, 120 MB)."""
    from pocketsphinx import Decoder

    sound = open_sound(path)
    decoder = Decoder(loglevel="FATAL", **asdict(options))

    def recognise(stretch: TimeRange) -> tuple[Word, ...]:
        # The decoder adapts itself to what it heard; forgetting that makes a stretch's words the same in any order.
        decoder.reinit_feat()
        decoder.start_utt()
        decoder.process_raw(level(sound.read(stretch)).tobytes(), full_utt=True)
        decoder.end_utt()
        # Without a hypothesis the decoder has no words either, and asking for them warns.
        return clean_words(decoder.seg(), stretch) if decoder.hyp() is not None else ()

    return recognise


def clean_words(heard: object, stretch: TimeRange) -> tuple[Word, ...]:
    """The decoder's words with times in the recording: without marks of variants, silence and noise."""
    words = []
    for each in heard:  # type: ignore[attr-defined]
        text = _VARIANT.sub("", each.word)
        if text[0] in "<[+":
            continue
        start = stretch.start_ms + each.start_frame * _FRAME_MS
        end = stretch.start_ms + (each.end_frame + 1) * _FRAME_MS
        words.append(
            Word(
                start_ms=min(start, stretch.end_ms),
                end_ms=min(end, stretch.end_ms),
                text=_spell(text),
                confidence=round(min(1.0, max(0.0, each.prob)), 3),
            )
        )
    return tuple(words)


def level(samples: Samples) -> Samples:
    """The samples at a usual loudness: pupils far from the microphone become as loud as the teacher."""
    if not len(samples):
        return samples
    power = samples.astype(np.float64) ** 2
    loud = float(np.sqrt(np.mean(power[power >= np.median(power)])))
    peak = float(np.sqrt(power.max()))
    gain = min(_LOUD_RMS / max(loud, 1.0), _MOST_GAIN, _PEAK / max(peak, 1.0))
    return np.asarray(np.round(samples * gain), dtype=np.int16)


def _spell(word: str) -> str:
    return "I" + word[1:] if word == "i" or word.startswith("i'") else word
