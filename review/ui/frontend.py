"""What our policy has to know about Streamlit's own page."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def script_hashes() -> tuple[str, ...]:
    """The hashes of the inline scripts in the page that Streamlit ships, as a Content-Security-Policy names them."""
    text = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(each.encode()).digest() for each in _INLINE_SCRIPT.findall(text))
    return tuple(f"sha256-{base64.b64encode(each).decode()}" for each in digests)
