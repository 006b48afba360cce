"""The text of a file whose encoding nobody wrote down."""

from __future__ import annotations

import codecs
import re

from models.errors import UnreadableCaptions

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; UTF-32's little-endian one begins like UTF-16's, so it is looked for first."""

_CENTRAL_EUROPEAN = re.compile(r"[šžŠŽ]|\w[¹³¾¿]|[¹³¾]\w")
"""Marks in a text read as Windows-1252 that only Czech, Slovak, Polish, Slovene or Croatian text would leave there."""


def decode_text(raw: bytes) -> str:
    """The text of the bytes, line breaks made one kind. Raises UnreadableCaptions when they are no text."""
    text = _decode(raw)
    if "\x00" in text or text.count("\ufffd") > len(text) // 100:
        raise UnreadableCaptions("it is not a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _decode(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if b"\x00" in raw:
        return _decode_wide(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_by_guess(raw)


def _decode_wide(raw: bytes) -> str:
    """UTF-16 without its mark: most characters of captions are below 256, so one byte of each pair is zero."""
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    encoding = "utf-16-le" if odd >= even else "utf-16-be"
    if max(even, odd) < len(raw) // 8:
        raise UnreadableCaptions("it is not a text file")
    return raw.decode(encoding, errors="replace")


def _decode_by_guess(raw: bytes) -> str:
    """A file in an old encoding of its country.

    The detector can't tell Windows' western encoding from its central European one on a few words; the letters can.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    if best is not None and best.encoding not in {"cp1250", "cp1252"}:
        return str(best)
    western = raw.decode("cp1252", errors="replace")
    if _CENTRAL_EUROPEAN.search(western) or "\ufffd" in western:
        return raw.decode("cp1250", errors="replace")
    return western
