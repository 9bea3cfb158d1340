"""Which texts are nearest to a query by their words: Okapi BM25.

It stands in for the nearest vectors of a real server: deterministic, and there is always a nearest.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
_PLURAL = 4


def by_nearness(query: str, texts: Sequence[str]) -> list[int]:
    """The places of texts, nearest first; equally near ones stay in their order.

    >>> by_nearness("the moon", ["Bananas are yellow", "Moons are grey"])
    [1, 0]
    """
    counted = [Counter(_words(text)) for text in texts]
    sizes = [sum(words.values()) for words in counted]
    average = sum(sizes) / len(sizes) if any(sizes) else 1.0
    scores = [0.0] * len(texts)
    for word in dict.fromkeys(_words(query)):
        holders = sum(word in words for words in counted)
        weight = math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))
        for place, words in enumerate(counted):
            scores[place] += weight * _frequency(words[word], sizes[place] / average)
    return sorted(range(len(texts)), key=lambda place: -scores[place])


def _frequency(count: int, size: float) -> float:
    damping = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * size)
    return count * (_SATURATION + 1) / (count + damping)


def _words(text: str) -> list[str]:
    """A text's words in lower case, without the s of a plural."""
    found = _WORD.findall(text.casefold())
    return [word[:-1] if len(word) >= _PLURAL and word.endswith("s") else word for word in found]
