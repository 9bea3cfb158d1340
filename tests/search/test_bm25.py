"""Texts by their nearness to a query."""

import pytest

from mockletta.search.bm25 import best_first, scores

TEXTS = [
    "Bananas are yellow.",
    "The moon is grey, and moons have no air.",
    "The sky is blue.",
    "",
]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("moon", [1, 0, 2, 3]),
        ("BANANA", [0, 1, 2, 3]),
        ("is the sky grey or blue?", [2, 1, 0, 3]),
        ("nothing of that", [0, 1, 2, 3]),
        ("", [0, 1, 2, 3]),
    ],
)
def test_the_texts_that_share_words_come_first(query: str, order: list[int]) -> None:
    assert best_first(scores(query, TEXTS)) == order


def test_rare_words_count_more_and_short_texts_too() -> None:
    assert best_first(scores("the sky", ["the the the", "sky", "the"]))[0] == 1
    assert best_first(scores("sky", ["sky over a long, long, long land", "sky"])) == [1, 0]


def test_there_may_be_no_texts_and_no_words() -> None:
    assert best_first(scores("x", [])) == []
    assert best_first(scores("x", ["", ""])) == [0, 1]
