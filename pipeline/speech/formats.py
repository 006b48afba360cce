"""A transcript as text: WebVTT, SubRip, plain text and JSON."""

from __future__ import annotations

import html
import json
from itertools import groupby

from models.timing import format_clock
from models.transcript import Segment, Transcript
from pipeline.speech.documents import transcript_to_json


def format_vtt(transcript: Transcript) -> str:
    """WebVTT with `<v Speaker>`, as players show it."""
    header = "WEBVTT\nKind: captions\n" + (f"Language: {transcript.language}\n" if transcript.language else "")
    cues = [f"{_times(each, '.')}\n{_voiced(each)}\n" for each in transcript.segments]
    return "\n".join([header, *cues])


def format_srt(transcript: Transcript) -> str:
    """SubRip, the speaker before the text."""
    cues = [
        f"{number}\n{_times(each, ',')}\n{_named(each)}\n" for number, each in enumerate(transcript.segments, start=1)
    ]
    return "\n".join(cues)


def format_text(transcript: Transcript) -> str:
    """Plain text: a paragraph for each turn of a speaker, with the time it begins."""
    paragraphs = []
    for speaker, turn in groupby(transcript.segments, key=lambda each: each.speaker):
        segments = list(turn)
        opening = f"[{format_clock(segments[0].start_ms)}] " + (f"{speaker}: " if speaker else "")
        paragraphs.append(opening + " ".join(_one_line(each.text) for each in segments))
    return "\n\n".join(paragraphs) + ("\n" if paragraphs else "")


def format_json(transcript: Transcript) -> str:
    """Everything, as our own document."""
    return json.dumps(transcript_to_json(transcript), ensure_ascii=False, indent=1) + "\n"


def _times(segment: Segment, point: str) -> str:
    # A cue of no length is not shown by any player.
    end = max(segment.end_ms, segment.start_ms + 1)
    return " --> ".join(format_clock(each, millis=True) for each in (segment.start_ms, end)).replace(".", point)


def _voiced(segment: Segment) -> str:
    text = html.escape(_one_line(segment.text), quote=False)
    speaker = html.escape(_one_line(segment.speaker), quote=False)
    return f"<v {speaker}>{text}" if speaker else text


def _named(segment: Segment) -> str:
    text = _one_line(segment.text)
    return f"{_one_line(segment.speaker)}: {text}" if segment.speaker else text


def _one_line(text: str) -> str:
    """A blank line inside a cue would end it."""
    return " ".join(text.split())
