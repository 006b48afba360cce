"""Words as far as they tell a topic: without those that are everywhere, cut to a stem. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

STOPWORDS = frozenset(
    """
    a about above after again all also am an and another any are as at be because been before being below between
    both but by can cannot could did do does doing done down each either else ever every few for from further get gets
    getting go goes going gonna good got had has have having he her here hers him his how however i if in into is it
    its itself just kind know let like little lot made make many may maybe me mean might more most much must my need
    no nor not now of off oh ok okay on once one only or other our ours out over own people per please put quite
    rather really right said same say see she should show since so some something sort still such sure take tell than
    that the their theirs them then there these they thing things think this those through to together too two under
    until up upon us use very want was way we well were what when where whether which while who whole whom whose why
    will with within without would yeah yes yet you your yours
    """.split()  # noqa: SIM905  a list of two hundred quoted words can't be read
)
"""Words that say nothing of a topic."""

_ENDINGS = ("ingly", "ations", "ation", "ings", "ing", "edly", "ies", "ied", "ness", "ers", "ed", "es", "ly", "s")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+", re.UNICODE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def stems_of(text: str) -> tuple[str, ...]:
    """The words of a text that can tell its topic, cut to a stem; pairs of letters where a script has no blanks."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if _is_unspaced(folded):
        letters = [each for each in folded if each.isalpha()]
        return tuple(first + second for first, second in pairwise(letters))
    words = (each.partition("'")[0].partition("’")[0] for each in _WORD.findall(folded))
    return tuple(stem(each) for each in words if each not in STOPWORDS and (len(each) > 2 or each.isdigit()))


def stem(word: str) -> str:
    """The word without the commonest English endings; crude on purpose, it only has to be the same for its forms."""
    for ending in (
        "ingly",
        "ations",
        "ation",
        "ings",
        "ing",
        "edly",
        "ies",
        "ied",
        "ness",
        "ers",
        "ed",
        "es",
        "ly",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


def count_words(text: str) -> int:
    """How many words a text has; letters count where a script has no blanks."""
    return max(1, len(text.split())) if not _is_unspaced(text) else max(1, len(text) // 2)


def _is_unspaced(text: str) -> bool:
    return len(_UNSPACED.findall(text)) * 3 > len(text)
