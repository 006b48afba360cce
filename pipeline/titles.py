"""Naming a clip with its own words: the phrase that it says often and the rest of the lesson does not. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.words import STOPWORDS, stem

FEWEST_WORDS = 3
MOST_WORDS = 8

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.,;:!?…]", re.UNICODE)
_BREAK = re.compile(r"[.,;:!?…]")
_INNER = frozenset({"of", "in", "and", "the", "a", "to", "for", "by", "from", "with", "on"})


def build_titles(texts: Sequence[str]) -> tuple[str, ...]:
    """A title of three to eight words for each text, from that text alone; fewer where it has fewer words.

    A phrase counts by how often it comes in its text against how many of the texts have it (tf-idf over phrases).
    """
    tokens: list[list[str]] = [_TOKEN.findall(text) for text in texts]
    spread = Counter(word for each in tokens for word in {stem(token.lower()) for token in each})
    return tuple(_title(each, spread, len(texts)) for each in tokens)


def _title(tokens: list[str], spread: Counter[str], texts: int) -> str:
    counts = Counter(stem(token.lower()) for token in tokens if _matters(token))
    weights = {word: count * math.log(1 + texts / spread[word]) for word, count in counts.items()}
    phrases = _phrases(tokens)
    ranked = sorted(phrases, key=lambda each: (-_worth(each, weights, phrases[each][0]), phrases[each][1]))
    chosen: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for phrase in ranked:
        stems = {stem(word.lower()) for word in phrase if _matters(word)}
        if _alike(stems, seen) or sum(map(len, chosen)) + len(phrase) > MOST_WORDS:
            continue
        chosen.append(phrase)
        seen |= stems
        if sum(map(len, chosen)) >= FEWEST_WORDS and len(chosen) >= 2:
            break
    if sum(map(len, chosen)) < FEWEST_WORDS:
        return _opening(tokens)
    chosen.sort(key=lambda each: phrases[each][1])
    return _sentence_case(", ".join(" ".join(each) for each in chosen))


def _alike(stems: set[str], seen: set[str]) -> bool:
    """Whether a word is there in another form already: plane and planes, multiply and multiplied."""
    return any(
        one[:4] == other[:4] if min(len(one), len(other)) > 3 else one == other for one in stems for other in seen
    )


def _matters(token: str) -> bool:
    return not _BREAK.fullmatch(token) and token.lower() not in STOPWORDS and (len(token) > 2 or token.isdigit())


def _phrases(tokens: list[str]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Runs of up to four words that begin and end with a word that matters: how often, and where first."""
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for start, token in enumerate(tokens):
        if not _matters(token):
            continue
        for length in range(1, 5):
            run = tokens[start : start + length]
            if len(run) < length or _BREAK.fullmatch(run[-1]):
                break
            inner = all(_matters(each) or each.lower() in _INNER for each in run)
            if not inner:
                break
            if _matters(run[-1]):
                phrase = tuple(each.lower() if not each.isupper() else each for each in run)
                count, first = found.get(phrase, (0, start))
                found[phrase] = (count + 1, first)
    return found


def _worth(phrase: tuple[str, ...], weights: dict[str, float], count: int) -> float:
    """What a phrase says: its words' weights, more for a longer one that comes again, less for one said once."""
    content = [weights[stem(word.lower())] for word in phrase if _matters(word)]
    longer = (0.4 if count > 1 else -0.2) * (len(content) - 1)
    return (sum(content) / len(content)) * (1 + longer) * (1 + math.log(count))


def _opening(tokens: list[str]) -> str:
    """The first words as they were said, where no phrase stands out."""
    words = [each for each in tokens if not _BREAK.fullmatch(each)][:MOST_WORDS]
    return _sentence_case(" ".join(words))


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
