"""Searching by nearness, by words and by both."""

import pytest

from mockletta.search.bm25 import count_words, words_of
from mockletta.search.ranking import Mode, Ranked, cosines, ranked
from mockletta.search.slices import finish

TEXTS = ["The sky is blue", "A grey moon", "moon", ""]


def test_words_are_what_letters_and_digits_make_up() -> None:
    assert words_of("Snake_case, IDs: 42 Moons!") == ["snake", "case", "ids", "42", "moon"]


def test_a_cosine_is_of_the_words_that_are_shared() -> None:
    texts = [*map(count_words, ["The moon", "The sky", ""])]
    assert finish(cosines("the moon", texts)) == [1.0, 0.5, 0.0]
    assert finish(cosines("", texts[:1])) == [0.0]


def test_the_nearest_vectors_are_of_all_texts() -> None:
    assert finish(ranked("the moon", TEXTS, "vector")) == [
        Ranked(2, 0.707107, 1, None),
        Ranked(1, 0.408248, 2, None),
        Ranked(0, 0.353553, 3, None),
        Ranked(3, 0.0, 4, None),
    ]


def test_a_search_by_words_finds_only_those_that_share_one() -> None:
    found = finish(ranked("moon", TEXTS, "fts"))

    assert [(one.place, one.vector_rank, one.fts_rank) for one in found] == [
        (2, None, 1),
        (1, None, 2),
    ]
    assert found[0].score > found[1].score > 0


def test_both_together_add_up_what_the_ranks_are_worth() -> None:
    assert finish(ranked("moon", TEXTS[:3], "hybrid")) == [
        Ranked(2, round(1 / 61 + 1 / 61, 6), 1, 1),
        Ranked(1, round(1 / 62 + 1 / 62, 6), 2, 2),
        Ranked(0, round(1 / 63, 6), 3, None),
    ]


@pytest.mark.parametrize("mode", ["vector", "fts", "hybrid"])
def test_there_may_be_nothing_to_search(mode: Mode) -> None:
    assert finish(ranked("moon", [], mode)) == []
