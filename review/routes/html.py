"""Own pages without Streamlit (signing in and out, not found): one frame, one style, no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

from review import words

STYLE = """
:root{color-scheme:light dark;--paper:#f6f5f1;--card:#fff;--ink:#1f2a30;--soft:#56636b;--line:#8d979d;--edge:#dcdad3;
--accent:#1f6f78;--on-accent:#fff;--alarm:#a3261b;--alarm-paper:#fdf0ee}
@media (prefers-color-scheme:dark){:root{--paper:#14191c;--card:#1c2327;--ink:#e8ecee;--soft:#a6b2b9;--line:#71808a;
--edge:#2c363c;--accent:#6cc3cc;--on-accent:#0d1f22;--alarm:#ffb4a9;--alarm-paper:#3a2220}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.25rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 "Source Sans",system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{width:100%;max-width:25rem;background:var(--card);border:1px solid var(--edge);border-radius:.9rem;
padding:2rem 1.75rem;box-shadow:0 1px 2px rgb(0 0 0/.05),0 12px 32px rgb(0 0 0/.06)}
.brand{display:flex;align-items:center;gap:.55rem;margin:0 0 1.5rem;font-weight:650;letter-spacing:.01em}
.brand svg{width:1.6rem;height:1.6rem;flex:none}
h1{margin:0 0 .4rem;font-size:1.5rem;line-height:1.25;font-weight:650}
p{margin:0 0 1.25rem;color:var(--soft)}
.alarm{margin:0 0 1.25rem;padding:.7rem .9rem;border-radius:.5rem;background:var(--alarm-paper);color:var(--alarm);
border-left:4px solid currentcolor}
.news{margin:0 0 1.25rem;padding:.7rem .9rem;border-radius:.5rem;border:1px solid var(--edge);color:var(--soft)}
label{display:block;margin:0 0 .3rem;font-weight:600}
input{width:100%;margin:0 0 1.1rem;padding:.65rem .75rem;font:inherit;color:inherit;background:var(--card);
border:1px solid var(--line);border-radius:.5rem}
button,.button{display:block;width:100%;margin:.35rem 0 0;padding:.7rem 1rem;font:inherit;font-weight:650;
text-align:center;text-decoration:none;cursor:pointer;color:var(--on-accent);background:var(--accent);
border:1px solid var(--accent);border-radius:.5rem}
.quiet{color:var(--ink);background:transparent;border-color:var(--line)}
button:hover,.button:hover{filter:brightness(1.08)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (max-width:30rem){body{place-items:start stretch;padding:1rem}main{padding:1.5rem 1.25rem}}
"""

_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="var(--accent)"/>'
    '<path d="M8 9.5h16a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H15l-5 4v-4H8a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z" '
    'fill="var(--on-accent)"/><path d="M14 12.4v6.2l5-3.1z" fill="var(--accent)"/></svg>'
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

ICON = _MARK.replace("var(--accent)", "#1f6f78").replace("var(--on-accent)", "#fff")
"""The product's mark as an SVG file, shown by browsers beside the title."""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of these pages: their one style sheet, no script at all."""


def page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    """A whole page around `body`, which is HTML; everything in it that came from outside is escaped by the caller."""
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)} · {words.PRODUCT}</title>'
        f'<link rel="icon" href="/favicon.ico" type="image/svg+xml"><style>{STYLE}</style></head><body><main>'
        f'<div class="brand">{_MARK}<span>{words.PRODUCT}</span></div>{body}</main></body></html>'
    )
    return HTMLResponse(text, status_code=status, headers={"Content-Security-Policy": POLICY})


def alarm(sentence: str) -> str:
    """What went wrong, as a part of a page, read out by screen readers at once."""
    return f'<div class="alarm" role="alert">{escape(sentence)}</div>'


def news(sentence: str) -> str:
    """What has just happened, as a part of a page."""
    return f'<div class="news" role="status">{escape(sentence)}</div>'


def not_found() -> HTMLResponse:
    """The one page for what does not exist and for what is not shared: the same words for both."""
    return page(
        words.NOT_FOUND,
        f'<h1>{words.NOT_FOUND}</h1><p>{words.NOT_FOUND_LEAD}</p><a class="button" href="/">{words.HOME}</a>',
        status=404,
    )


def trouble() -> HTMLResponse:
    """The page for a fault of ours or of the machine."""
    return page(words.PRODUCT, f"<h1>{words.PRODUCT}</h1>{alarm(words.TROUBLE)}", status=503)
