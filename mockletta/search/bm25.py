"""Which texts are nearest to a query by their words: Okapi BM25."""

import math
import re
from collections import Counter
from collections.abc import Sequence

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
_DIGITS = 6


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """How near each text is to a query; 0.0 for one that shares no word with it.

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


def by_nearness(query: str, texts: Sequence[str]) -> list[int]:
    """The places of texts, nearest first; equally near ones stay in their order."""
    return best_first(scores(query, texts))


def best_first(scored: Sequence[float]) -> list[int]:
    """The places of scores, the highest first; equal ones stay in their order."""
    return sorted(range(len(scored)), key=lambda place: -scored[place])


def _frequency(count: int, size: float) -> float:
    damping = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * size)
    return count * (_SATURATION + 1) / (count + damping)


_WORD = re.compile(r"[^\W_]+")
_PLURAL = 4


def words_of(text: str) -> list[str]:
    """A text's words in lower case, without the s of a plural; `snake_case` is two."""
    found = _WORD.findall(text.casefold())
    return [word[:-1] if len(word) >= _PLURAL and word.endswith("s") else word for word in found]
