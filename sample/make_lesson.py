"""Make the sample lesson: `python sample/make_lesson.py` writes sample/lesson.mp4 and sample/truth.json.

The lesson is invented, its voices are flite's and its pictures are drawn, so it may be shown to anyone.
`--truth-only` leaves the film as it is.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sample.film import write_film
from sample.script import SPEAKERS, STEPS, list_sentences
from sample.sound import mix_sound
from sample.timeline import Timeline, plan_timeline
from sample.voices import RATE_HZ, Flite, Spoken

HERE = Path(__file__).resolve().parent


def speak_all() -> list[Spoken]:
    """Every sentence of the script as sound, in order."""
    flite = Flite()
    spoken = []
    for who, sentence in list_sentences():
        speaker = SPEAKERS[who]
        spoken.append(flite.say(sentence, voice=speaker.voice, pitch_hz=speaker.pitch_hz, stretch=speaker.stretch))
    return spoken


def build_truth(timeline: Timeline, spoken: list[Spoken]) -> dict[str, object]:
    """What a perfect listener and watcher would write down about the lesson; all times in ms."""
    return {
        "language": "en",
        "duration_ms": timeline.duration_ms,
        "speakers": {
            key: {"name": speaker.name, "voice": speaker.voice, "role": speaker.role}
            for key, speaker in SPEAKERS.items()
        },
        "utterances": [
            {
                "start_ms": said.start_ms,
                "end_ms": said.end_ms,
                "speaker": said.speaker,
                "text": said.text,
                "words": [
                    {
                        "start_ms": said.start_ms + round((first - sound.start) * 1000 / RATE_HZ),
                        "end_ms": said.start_ms + round((last - sound.start) * 1000 / RATE_HZ),
                        "text": word,
                    }
                    for first, last, word in sound.words
                ],
            }
            for said, sound in zip(timeline.utterances, spoken, strict=True)
        ],
        "topics": [{"start_ms": topic.at_ms, "title": topic.what} for topic in timeline.topics],
        "board_changes": [{"at_ms": board.at_ms, "what": board.what} for board in timeline.boards],
        "waits": [{"start_ms": wait.start_ms, "end_ms": wait.end_ms, "after": wait.what} for wait in timeline.waits],
        "hand_overs": [{"at_ms": hand.at_ms, "from": hand.what, "to": hand.detail} for hand in timeline.hand_overs],
        "silences": [
            {"start_ms": quiet.start_ms, "end_ms": quiet.end_ms, "why": quiet.what} for quiet in timeline.silences
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample lesson and what is true of it.")
    parser.add_argument("--truth-only", action="store_true", help="write only truth.json")
    options = parser.parse_args()
    spoken = speak_all()
    timeline = plan_timeline(STEPS, [sound.length_ms for sound in spoken])
    truth = HERE / "truth.json"
    truth.write_text(json.dumps(build_truth(timeline, spoken), indent=1) + "\n", encoding="utf-8")
    print(f"{truth}: {len(timeline.utterances)} sentences, {timeline.duration_ms / 1000:.1f} s")
    if not options.truth_only:
        film = HERE / "lesson.mp4"
        write_film(film, timeline, mix_sound(timeline, spoken))
        print(f"{film}: {film.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
