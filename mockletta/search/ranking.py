"""The search modes of the API: by vector, by full text, or both.

`vector` ranks every text by the cosine of its words and the query's, so there is always a result.
`fts` finds the texts that share a word with the query and ranks them by Okapi BM25. `hybrid` ranks
every text by the sum of 1 / (60 + rank) over both (reciprocal rank fusion).
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from mockletta.search.bm25 import best_first, count_words, find_scores
from mockletta.search.slices import Sliced, mapped

Mode = Literal["vector", "fts", "hybrid"]
_FUSION = 60
_DIGITS = 6


class Ranked(NamedTuple):
    """A search result: the position of the text, its score, and its ranks, which start at 1."""

    place: int
    score: float
    vector_rank: int | None
    fts_rank: int | None


def ranked(query: str, texts: Sequence[str], mode: Mode) -> Sliced[list[Ranked]]:
    """Search texts and return the results, best first. Equal results keep their order."""
    counted = yield from mapped(count_words, texts)
    near = (yield from cosines(query, counted)) if mode != "fts" else []
    matching = (yield from find_scores(query, counted)) if mode != "vector" else []
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


def cosines(query: str, counted: Sequence[Counter[str]]) -> Sliced[list[float]]:
    """Score texts whose words are counted from 0.0 to 1.0, by the words that both have."""
    asked = count_words(query)
    square = _square(asked)
    return (yield from mapped(lambda words: _cosine(asked, square, words), counted))


def _cosine(asked: Counter[str], square: int, words: Counter[str]) -> float:
    lengths = square * _square(words)
    shared = sum(asked[word] * words[word] for word in asked.keys() & words.keys())
    return round(shared / math.sqrt(lengths), _DIGITS) if lengths else 0.0


def _square(counted: Counter[str]) -> int:
    return sum(count * count for count in counted.values())


def _ranks(places: Sequence[int]) -> dict[int, int]:
    return {place: rank for rank, place in enumerate(places, 1)}


def _fused(*ranks: int | None) -> float:
    return round(sum(1 / (_FUSION + rank) for rank in ranks if rank is not None), _DIGITS)
