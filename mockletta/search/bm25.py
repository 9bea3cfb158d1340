"""Ranks texts by the words they share with a query, with Okapi BM25."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from mockletta.search.slices import Sliced, finish, mapped

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
_DIGITS = 6


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """Score each text against a query; 0.0 means that no word is shared.

    >>> scores("the moon", ["Bananas are yellow", "Moons are grey"])
    [0.0, 0.693147]
    """
    return finish(find_scores(query, [*map(count_words, texts)]))


def find_scores(query: str, counted: Sequence[Counter[str]]) -> Sliced[list[float]]:
    """Score texts whose words are counted, in slices."""
    asked = list(dict.fromkeys(words_of(query)))
    places = {word: place for place, word in enumerate(asked)}
    holders = yield from mapped(lambda word: sum(word in words for words in counted), asked, 1)
    weights = [math.log(1 + (len(counted) - held + 0.5) / (held + 0.5)) for held in holders]
    sizes = [words.total() for words in counted]
    average = sum(sizes) / len(sizes) if any(sizes) else 1.0

    def score(words: Counter[str]) -> float:
        size = words.total() / average
        shared = sorted(places[word] for word in places.keys() & words.keys())
        return round(
            sum(weights[place] * _frequency(words[asked[place]], size) for place in shared), _DIGITS
        )

    return (yield from mapped(score, counted))


def best_first(scored: Sequence[float]) -> list[int]:
    """Return the positions of scores, highest first. Equal scores keep their order."""
    return sorted(range(len(scored)), key=lambda place: -scored[place])


def _frequency(count: int, size: float) -> float:
    damping = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * size)
    return count * (_SATURATION + 1) / (count + damping)


_WORD = re.compile(r"[^\W_]+")
_PLURAL = 4


def count_words(text: str) -> Counter[str]:
    return Counter(words_of(text))


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words without a plural s. `snake_case` is two words."""
    found = _WORD.findall(text.casefold())
    return [word[:-1] if len(word) >= _PLURAL and word.endswith("s") else word for word in found]
