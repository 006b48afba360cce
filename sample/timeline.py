"""When everything in the sample lesson happens, worked out from the script and how long each sentence lasts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sample.script import Board, HandOver, Quiet, Say, Step, Topic, Wait, Walk

GAP_SAME_SPEAKER_MS = 430
GAP_NEXT_SPEAKER_MS = 620
WRITING_STARTS_MS = 500
SILENCE_FROM_MS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One sentence, from the first to the last sound of it."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happens at once: a topic, a board change, a walk."""

    at_ms: int
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch without speech, and what it is."""

    start_ms: int
    end_ms: int
    what: str


@dataclass(slots=True, kw_only=True)
class Timeline:
    """The whole lesson in time; all positions in ms of the recording."""

    utterances: list[Utterance] = field(default_factory=list)
    topics: list[Moment] = field(default_factory=list)
    boards: list[Moment] = field(default_factory=list)
    walks: list[Moment] = field(default_factory=list)
    waits: list[Stretch] = field(default_factory=list)
    hand_overs: list[Moment] = field(default_factory=list)
    silences: list[Stretch] = field(default_factory=list)
    duration_ms: int = 0


def plan_timeline(steps: Sequence[Step], lengths_ms: Sequence[int]) -> Timeline:
    """Give every step its time; `lengths_ms` holds one length per sentence, in the script's order."""
    made = Timeline()
    lengths = iter(lengths_ms)
    handing: HandOver | None = None
    pause_ms = 0
    pause: Wait | Quiet | None = None
    for step in steps:
        end_ms = made.utterances[-1].end_ms if made.utterances else 0
        now_ms = end_ms + pause_ms
        match step:
            case Topic(title):
                made.topics.append(Moment(at_ms=now_ms, what=title))
            case Board(scene, what):
                made.boards.append(Moment(at_ms=now_ms + (WRITING_STARTS_MS if now_ms else 0), what=what, detail=scene))
            case Walk(who, to):
                made.walks.append(Moment(at_ms=now_ms + WRITING_STARTS_MS, what=who, detail=to))
            case Wait(ms) | Quiet(ms):
                pause_ms += ms
                pause = step
            case HandOver():
                handing = step
            case Say():
                first_ms = _speak(made, step, lengths, pause_ms=pause_ms, pause=pause)
                if handing is not None:
                    made.hand_overs.append(Moment(at_ms=first_ms, what=handing.giver, detail=handing.taker))
                handing, pause_ms, pause = None, 0, None
    end_ms = made.utterances[-1].end_ms
    made.duration_ms = end_ms + pause_ms
    if pause is not None and pause_ms >= SILENCE_FROM_MS:
        made.silences.append(Stretch(start_ms=end_ms, end_ms=made.duration_ms, what=pause.why))
    return made


def _speak(made: Timeline, step: Say, lengths: Iterator[int], *, pause_ms: int, pause: Wait | Quiet | None) -> int:
    """Place the sentences of one step after what was said before; returns the start of the first."""
    first_ms = 0
    for number, sentence in enumerate(step.sentences):
        before = made.utterances[-1] if made.utterances else None
        end_ms = before.end_ms if before else 0
        same = before is not None and before.speaker == step.speaker
        gap_ms = GAP_SAME_SPEAKER_MS if same else GAP_NEXT_SPEAKER_MS
        start_ms = end_ms + (gap_ms if number else max(gap_ms, pause_ms))
        if number == 0:
            first_ms = start_ms
            if before is not None and isinstance(pause, Wait):
                made.waits.append(Stretch(start_ms=end_ms, end_ms=start_ms, what=before.text))
            if pause is not None and start_ms - end_ms >= SILENCE_FROM_MS:
                made.silences.append(Stretch(start_ms=end_ms, end_ms=start_ms, what=pause.why))
        said = Utterance(start_ms=start_ms, end_ms=start_ms + next(lengths), speaker=step.speaker, text=sentence)
        made.utterances.append(said)
    return first_ms
