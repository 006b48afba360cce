"""Cues as subtitle files hold them: read by the libraries that know the formats, then cleaned of their markup."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.errors import InvalidRange
from models.timing import Ms, parse_clock

_TAG = re.compile(r"<([^<>\n]*)>")
_VOICE = re.compile(r"v(?:\.[^\s.>]+)*\s+(\S.*)", re.DOTALL)
_MARKUP = re.compile(r"/|/?(?:b|i|u|s|c|v|lang|ruby|rt|font|span)\b.*|/?c\..*", re.IGNORECASE | re.DOTALL)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200e\u200f\u2060\ufeff\u00ad"))
_ROLLING_SHARE = 0.3
_TOUCH_MS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One cue: its times and its lines with their markup."""

    start_ms: Ms
    end_ms: Ms
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text between two tags. `start_ms` is what a time tag said, `voice` whose `<v>` it stands in ("" in none).

    `line` counts the cue's lines from 0.
    """

    text: str
    line: int
    voice: str = ""
    start_ms: Ms | None = None


def read_vtt(text: str) -> tuple[list[Cue], str]:
    """The cues of a WebVTT file, which begins with its mark, and the language that its header names ("" where it names none)."""
    import webvtt
    from webvtt.errors import MalformedCaptionError

    try:
        found = webvtt.WebVTT.from_string(text)
    except MalformedCaptionError:
        # One time out of range makes webvtt-py refuse the whole file.
        return _read_leniently(text, "vtt"), ""
    language = next((each.split(":", 1)[1].strip() for each in found.metadata if each.startswith("Language:")), "")
    return [_cue(each) for each in found.captions], language


def read_srt(text: str) -> list[Cue]:
    """The cues of a SubRip file.

    webvtt-py keeps text as it stands but passes over cues without their number; pysubs2 needs no numbers but takes a
    number at the end for one. Whichever finds more cues is believed, the first where both find as many.
    """
    import webvtt
    from webvtt.errors import MalformedFileError

    try:
        strict = [_cue(each) for each in webvtt.from_buffer(io.StringIO(text.strip() + "\n"), format="srt").captions]
    except MalformedFileError:
        strict = []
    return max(strict, _read_leniently(text, "srt"), key=len)


def read_sbv(text: str) -> list[Cue]:
    """The cues of an SBV file that begins with one."""
    import webvtt

    return [_cue(each) for each in webvtt.from_buffer(io.StringIO(text.strip() + "\n"), format="sbv").captions]


def strip_markup(text: str) -> str:
    """The text as a person reads it: without tags, with entities and blanks made plain."""
    return "".join(each.text for each in pieces_of((text,))).strip()


def pieces_of(lines: Sequence[str]) -> list[Piece]:
    """The lines cut at their tags, with what time and voice tags say; other markup is dropped."""
    pieces: list[Piece] = []
    voice, start = "", None
    for number, line in enumerate(lines):
        for text, tag in _split(_OVERRIDE.sub("", line)):
            if text.strip():
                pieces.append(Piece(text=_plain(text), line=number, voice=voice, start_ms=start))
                start = None
            if tag is None:
                continue
            spoken = _VOICE.fullmatch(tag)
            if spoken:
                voice = " ".join(html.unescape(spoken.group(1)).split())
                if pieces and pieces[-1].line == number:
                    pieces[-1] = replace(pieces[-1], text=pieces[-1].text + " ")
            elif tag == "/v":
                voice = ""
            else:
                start = _find_time(tag) or start
    return pieces


def unroll(cues: Sequence[Cue]) -> list[Cue]:
    """The cues of captions that roll up the picture, each line once.

    YouTube writes what it hears a line at a time and repeats the line before above it. Lines that the cue before has
    shown already are dropped, if that happens so often in the file that nobody can have said them again.
    """
    filled = [(each, [line for line in each.lines if strip_markup(line)]) for each in cues]
    filled = [(each, lines) for each, lines in filled if lines]
    plain = [[strip_markup(line) for line in lines] for _, lines in filled]
    repeats = [
        _overlap(plain[at - 1], plain[at]) if at and _follows(filled[at - 1][0], filled[at][0]) else 0
        for at in range(len(filled))
    ]
    rolling = sum(1 for each in repeats if each) >= max(2, _ROLLING_SHARE * len(filled))
    return [
        Cue(start_ms=cue.start_ms, end_ms=cue.end_ms, lines=tuple(lines[repeat if rolling else 0 :]))
        for (cue, lines), repeat in zip(filled, repeats, strict=True)
        if not rolling or repeat < len(lines)
    ]


def _read_leniently(text: str, format_name: str) -> list[Cue]:
    import pysubs2

    return [
        Cue(start_ms=each.start, end_ms=each.end, lines=tuple(each.text.split("\\N")))
        for each in pysubs2.SSAFile.from_string(text, format_=format_name, keep_html_tags=True)
        if each.text.strip()
    ]


def _cue(caption: object) -> Cue:
    start, end = (getattr(caption, name).in_milliseconds() for name in ("start_time", "end_time"))
    lines: list[str] = caption.lines  # type: ignore[attr-defined]
    return Cue(start_ms=start, end_ms=end, lines=tuple(lines))


def _split(line: str) -> Iterator[tuple[str, str | None]]:
    """The line as pairs of text and the tag after it; what only looks like a tag stays text."""
    text, at = "", 0
    for found in _TAG.finditer(line):
        tag = found.group(1).strip()
        text += line[at : found.start()]
        at = found.end()
        if _VOICE.fullmatch(tag) or _MARKUP.fullmatch(tag) or _find_time(tag) is not None:
            yield text, tag
            text = ""
        else:
            text += found.group(0)
    yield text + line[at:], None


def _find_time(tag: str) -> Ms | None:
    try:
        return parse_clock(tag)
    except InvalidRange:
        return None


def _plain(text: str) -> str:
    """Entities and blanks made plain; a blank at either end is kept, since it parts words."""
    return re.sub(r"\s+", " ", html.unescape(text).translate(_INVISIBLE))


def _follows(before: Cue, now: Cue) -> bool:
    return now.start_ms > before.start_ms and now.start_ms - before.end_ms <= _TOUCH_MS


def _overlap(before: Sequence[str], now: Sequence[str]) -> int:
    """How many of the first lines now are the last lines before."""
    longest = min(len(before), len(now))
    return next((count for count in range(longest, 0, -1) if list(before[-count:]) == list(now[:count])), 0)
