"""Deterministic embedding vectors: a hashed bag of words.

Texts that share words are close to each other. The same text always has the same vector.
"""

import math
from collections import Counter
from zlib import crc32

from mockletta.search.bm25 import words_of

MOST_DIMENSIONS = 4096
"""The limit of the recorded server's database [63]."""
_DIGITS = 6


def embed(text: str, dimensions: int) -> list[float]:
    """Return a text as a vector of length 1, also a text without words.

    >>> embed("moon moon sky", 4)
    [0.894427, 0.0, 0.0, 0.447214]
    """
    size = min(max(dimensions, 1), MOST_DIMENSIONS)
    counted = Counter(crc32(word.encode()) % size for word in words_of(text) or [""])
    length = math.sqrt(sum(count * count for count in counted.values()))
    vector = [0.0] * size
    for place, count in counted.items():
        vector[place] = round(count / length, _DIGITS)
    return vector
