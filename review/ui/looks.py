"""How our pages look: the theme given to Streamlit, the few rules of our own, and text made safe for Markdown."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import streamlit as st

from review import words

THEME: Final[dict[str, object]] = {
    "theme.baseRadius": "medium",
    "theme.showWidgetBorder": True,
    "theme.light.primaryColor": "#1f6f78",
    "theme.light.backgroundColor": "#fbfaf7",
    "theme.light.secondaryBackgroundColor": "#f0eee8",
    "theme.light.textColor": "#1f2a30",
    "theme.light.linkColor": "#17606a",
    "theme.light.borderColor": "#dcdad3",
    "theme.dark.primaryColor": "#4aa3ad",
    "theme.dark.backgroundColor": "#14191c",
    "theme.dark.secondaryBackgroundColor": "#1d2529",
    "theme.dark.textColor": "#e8ecee",
    "theme.dark.linkColor": "#7fd0d8",
    "theme.dark.borderColor": "#2f3b41",
}
"""Calm colours, light and dark; which of the two follows the device."""

STYLE: Final = """
<style>
[data-testid="stMainBlockContainer"]{padding:4.5rem 1.5rem 2rem}
.debrief-button{display:inline-block;padding:.5rem 1rem;border:1px solid var(--st-border-color,#8d979d);
border-radius:.5rem;color:inherit;text-decoration:none;font-weight:600}
.debrief-button:hover{border-color:currentcolor}
.debrief-button:focus-visible,.debrief-poster:focus-visible{outline:3px solid currentcolor;outline-offset:2px}
.debrief-poster{display:block;position:relative;aspect-ratio:16/9;border-radius:.5rem;overflow:hidden;
background:#2b373d;color:#cfd8dc}
.debrief-poster img{width:100%;height:100%;object-fit:cover;display:block}
.debrief-poster .length{position:absolute;right:.5rem;bottom:.5rem;padding:0 .4rem;border-radius:.25rem;
background:rgb(0 0 0/.75);color:#fff;font-size:.85rem;font-variant-numeric:tabular-nums}
.debrief-poster .none{position:absolute;inset:0;display:grid;place-items:center;font-size:.95rem}
.debrief-meta{margin:0;opacity:.8;font-size:.92rem;line-height:1.45;overflow-wrap:anywhere}
.debrief-table{width:100%;border-collapse:collapse;font-size:.95rem}
.debrief-table th,.debrief-table td{padding:.55rem .75rem .55rem 0;text-align:left;vertical-align:top;
border-bottom:1px solid rgb(128 128 128/.3)}
.debrief-table th{font-weight:600;opacity:.8}
@media (max-width:40rem){[data-testid="stMainBlockContainer"]{padding:4rem .75rem 1.5rem}}
</style>
"""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&@^=])")


def draw_style() -> None:
    """Put our rules on the page."""
    st.html(STYLE)


def plain(text: str) -> str:
    """Text that Streamlit's Markdown shows as it stands: no markup, no links, no icons."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def shown_date(day: date) -> str:
    """`24 November 2026`."""
    return f"{day.day} {words.MONTHS[day.month - 1]} {day.year}"
