"""From sound to transcript: which recogniser, in which language, and who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import UnknownLanguage
from models.run import Progress
from models.settings import EngineChoice
from models.timing import TimeRange
from models.transcript import Engine, Transcript
from pipeline.speech.sentences import build_segments, split_segments
from pipeline.speech.sound import Sound, open_sound
from pipeline.speech.speakers import find_turns
from pipeline.speech.sphinx import recognise_draft
from pipeline.speech.voice import find_speech
from pipeline.speech.weights import find_weights, get_weights
from pipeline.speech.whisper import WhisperOptions, recognise_speech

_DRAFT_LANGUAGE = "en"
_VOICE_SHARE = 0.04
_WORDS_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechOptions:
    """How speech is recognised.

    `weights` are Whisper's: a folder, a name, or "" for those in this machine's cache. `language` is a tag such as
    "en", "" to have it found. `hotwords` are the lesson's own words. `threads` are processor cores, 0 for all.
    """

    engine: EngineChoice = EngineChoice.AUTO
    weights: str = ""
    language: str = ""
    hotwords: tuple[str, ...] = ()
    threads: int = 0


def run_transcription(audio: Path, *, options: SpeechOptions, work: Path, progress: Progress) -> Transcript:
    """What is said in a WAV file of 16 kHz and one channel, and by whom.

    With `auto`, Whisper is used where its weights are on this machine (a name that is set is fetched), else the offline
    draft. The draft knows English only: for another language `auto` gives an empty transcript of no engine, so that
    the lesson stays watchable, while asking for the draft itself raises UnknownLanguage. Sound in which nobody speaks
    gives an empty transcript. Parts that are done are kept in the folder `work`: after a crash the same call goes on
    there. Raises WeightsMissing, WeightsUnusable, NotMedia, and what `progress` raises (RunCancelled).
    """
    sound = open_sound(audio)
    language = options.language.lower()
    weights = _choose_weights(options)
    if weights is None and language and _primary(language) != _DRAFT_LANGUAGE:
        if options.engine is EngineChoice.POCKETSPHINX:
            raise UnknownLanguage(f"the offline draft knows English only, not {options.language}")
        return Transcript(engine=Engine.NONE, language=options.language, segments=())
    speech = find_speech(sound, progress=lambda share: progress(share * _VOICE_SHARE))

    def report(share: float) -> None:
        progress(_VOICE_SHARE + share * _WORDS_SHARE)

    if weights is None:
        transcript = _draft(sound, speech, options, work, report)
    else:
        transcript = _whisper(sound, speech, options, weights=weights, work=work, progress=report)
    progress(1.0)
    return transcript


def _choose_weights(options: SpeechOptions) -> Path | None:
    """Whisper's weights, None for the draft."""
    if options.engine is EngineChoice.POCKETSPHINX:
        return None
    if options.engine is EngineChoice.WHISPER or options.weights:
        return get_weights(options.weights)
    return find_weights("")


def _draft(
    sound: Sound, speech: tuple[TimeRange, ...], options: SpeechOptions, work: Path, progress: Progress
) -> Transcript:
    words = recognise_draft(sound, speech, work=work, threads=options.threads, progress=progress)
    said = [word for stretch in words for word in stretch]
    segments = build_segments(said, find_turns(sound, speech))
    return Transcript(engine=Engine.POCKETSPHINX, language=_DRAFT_LANGUAGE, segments=segments, draft=True)


def _whisper(
    sound: Sound,
    speech: tuple[TimeRange, ...],
    options: SpeechOptions,
    *,
    weights: Path,
    work: Path,
    progress: Progress,
) -> Transcript:
    if not speech:
        return Transcript(engine=Engine.WHISPER, language=options.language, segments=())
    heard = recognise_speech(
        sound,
        speech,
        weights=weights,
        options=WhisperOptions(
            language=_primary(options.language.lower()), hotwords=options.hotwords, threads=options.threads
        ),
        work=work,
        progress=progress,
    )
    segments = split_segments(heard.segments, find_turns(sound, speech))
    return Transcript(engine=Engine.WHISPER, language=options.language or heard.language, segments=segments)


def _primary(language: str) -> str:
    """The language of a tag without its region: `en` of `en-GB`."""
    return language.replace("_", "-").split("-", 1)[0]
