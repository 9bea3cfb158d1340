"""Vectors of texts."""

import pytest

from mockletta.search.embeddings import MOST_DIMENSIONS, embed


def nearness(one: str, other: str) -> float:
    pairs = zip(embed(one, 256), embed(other, 256), strict=True)
    return sum(left * right for left, right in pairs)


def test_a_vector_is_of_length_one_and_of_the_size_asked_for() -> None:
    assert embed("moon moon sky", 4) == [0.894427, 0.0, 0.0, 0.447214]
    assert embed("", 2) == [1.0, 0.0]


def test_texts_that_share_words_are_near_each_other() -> None:
    assert nearness("The moon is grey", "the MOONS is grey!") == pytest.approx(1)
    assert nearness("The moon is grey", "A grey moon") > nearness("The moon is grey", "Bananas")


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (10**12, MOST_DIMENSIONS)])
def test_an_absurd_size_is_no_harm(asked: int, given: int) -> None:
    assert len(embed("x", asked)) == given
