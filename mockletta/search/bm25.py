"""Ranks texts by the words they share with a query, with Okapi BM25."""

import math
import re
from collections import Counter
from collections.abc import Sequence

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
_DIGITS = 6


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """Score each text against a query; 0.0 means that no word is shared.

    >>> scores("the moon", ["Bananas are yellow", "Moons are grey"])
    [0.0, 0.693147]
    """
    counted = [Counter(words_of(text)) for text in texts]
    sizes = [sum(words.values()) for words in counted]
    average = sum(sizes) / len(sizes) if any(sizes) else 1.0
    found = [0.0] * len(texts)
    for word in dict.fromkeys(words_of(query)):
        holders = sum(word in words for words in counted)
        weight = math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))
        for place, words in enumerate(counted):
            found[place] += weight * _frequency(words[word], sizes[place] / average)
    return [round(score, _DIGITS) for score in found]


def best_first(scored: Sequence[float]) -> list[int]:
    """Return the positions of scores, highest first. Equal scores keep their order."""
    return sorted(range(len(scored)), key=lambda place: -scored[place])


def _frequency(count: int, size: float) -> float:
    damping = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * size)
    return count * (_SATURATION + 1) / (count + damping)


_WORD = re.compile(r"[^\W_]+")
_PLURAL = 4


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words without a plural s. `snake_case` is two words."""
    found = _WORD.findall(text.casefold())
    return [word[:-1] if len(word) >= _PLURAL and word.endswith("s") else word for word in found]
