"""The search modes of the API: by vector, by full text, or both.

`vector` ranks every text by the cosine of its words and the query's, so there is always a result.
`fts` finds the texts that share a word with the query and ranks them by Okapi BM25. `hybrid` ranks
every text by the sum of 1 / (60 + rank) over both (reciprocal rank fusion).
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from mockletta.search.bm25 import best_first, scores, words_of

Mode = Literal["vector", "fts", "hybrid"]
_FUSION = 60
_DIGITS = 6


class Ranked(NamedTuple):
    """A search result: the position of the text, its score, and its ranks, which start at 1."""

    place: int
    score: float
    vector_rank: int | None
    fts_rank: int | None


def ranked(query: str, texts: Sequence[str], mode: Mode) -> list[Ranked]:
    """Search texts and return the results, best first. Equal results keep their order."""
    near = cosines(query, texts) if mode != "fts" else []
    matching = scores(query, texts) if mode != "vector" else []
    vector_ranks = _ranks(best_first(near))
    fts_ranks = _ranks([place for place in best_first(matching) if matching[place]])
    if mode == "hybrid":
        fused = [_fused(vector_ranks[place], fts_ranks.get(place)) for place in range(len(texts))]
    else:
        fused = near or matching
    return [
        Ranked(place, fused[place], vector_ranks.get(place), fts_ranks.get(place))
        for place in best_first(fused)
        if mode != "fts" or place in fts_ranks
    ]


def cosines(query: str, texts: Sequence[str]) -> list[float]:
    """Score each text against a query from 0.0 to 1.0, by the words that both have.

    >>> cosines("the moon", ["The moon", "The sky", ""])
    [1.0, 0.5, 0.0]
    """
    asked = Counter(words_of(query))
    return [round(_cosine(asked, Counter(words_of(text))), _DIGITS) for text in texts]


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    lengths = _square(one) * _square(other)
    shared = sum(count * other[word] for word, count in one.items())
    return shared / math.sqrt(lengths) if lengths else 0.0


def _square(counted: Counter[str]) -> int:
    return sum(count * count for count in counted.values())


def _ranks(places: Sequence[int]) -> dict[int, int]:
    return {place: rank for rank, place in enumerate(places, 1)}


def _fused(*ranks: int | None) -> float:
    return round(sum(1 / (_FUSION + rank) for rank in ranks if rank is not None), _DIGITS)
