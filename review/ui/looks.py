"""How our pages look: the theme given to Streamlit, the few rules of our own, and text made safe for Markdown."""

from __future__ import annotations

import base64
import re
from datetime import date
from typing import Final

import streamlit as st

from review import words
from review.routes import html

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

ICON_ADDRESS: Final = f"data:image/svg+xml;base64,{base64.b64encode(html.ICON.encode()).decode()}"
"""Our mark for the browser's tab. A page's own icon would be fetched from another host."""

STYLE: Final = """
<style>
[data-testid="stMainBlockContainer"]{padding:4.25rem 1.5rem 2rem}
[data-testid="stMain"] h1{font-size:1.75rem;padding:.25rem 0 .75rem}
[data-testid="stMain"] h3{font-size:1.2rem}
[data-testid="stMain"] code{white-space:nowrap}
[data-testid="stPageLink"] a{padding:0;background:none}
[data-testid="stPageLink"] a:hover{text-decoration:underline}
[data-testid="stPageLink"] p{white-space:normal;overflow-wrap:anywhere;font-size:1.1rem;line-height:1.35}
.debrief-button{display:inline-block;padding:.5rem 1rem;border:1px solid #7d898f;border-radius:.5rem;color:inherit;
text-decoration:none;font-weight:600}
.debrief-button:hover{border-color:currentcolor}
.debrief-button:focus-visible{outline:3px solid currentcolor;outline-offset:2px}
.debrief-poster{display:block;position:relative;aspect-ratio:16/9;border-radius:.5rem;overflow:hidden;
background:#2b373d center/cover no-repeat;color:#dfe6e9}
.debrief-poster .length{position:absolute;right:.5rem;bottom:.5rem;padding:0 .4rem;border-radius:.25rem;
background:rgb(0 0 0/.78);color:#fff;font-size:.85rem;font-variant-numeric:tabular-nums}
.debrief-poster .none{position:absolute;inset:0;display:grid;place-items:center;font-size:.95rem}
.debrief-meta{margin:0;opacity:.85;font-size:.92rem;line-height:1.45;overflow-wrap:anywhere}
.debrief-totals{display:flex;flex-wrap:wrap;gap:.25rem 1.75rem;margin:0}
.debrief-totals b{font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums;margin-right:.35rem}
.debrief-table{width:100%;border-collapse:collapse;font-size:.95rem}
.debrief-table th,.debrief-table td{padding:.55rem .75rem .55rem 0;text-align:left;vertical-align:top;
border-bottom:1px solid rgb(128 128 128/.35)}
.debrief-table th{font-weight:600;opacity:.85}
@media (max-width:40rem){
[data-testid="stMainBlockContainer"]{padding:3.75rem .9rem 1.5rem}
.debrief-table thead{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden}
.debrief-table tr{display:block;padding:.6rem 0;border-bottom:1px solid rgb(128 128 128/.35)}
.debrief-table td{display:block;padding:0;border:0}
.debrief-table td:first-child{font-weight:600}
}
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
