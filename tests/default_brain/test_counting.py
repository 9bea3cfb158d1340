"""Counting."""

from mockletta.default_brain.wording import TOO_MANY, count
from mockletta.default_brain.words import number
from tests.default_brain.asking import ask


def test_numbers_are_counted_as_asked() -> None:
    for text, numbers in (
        ("Count to 5", "1, 2, 3, 4, 5"),
        ("count from 3 to 7", "3, 4, 5, 6, 7"),
        ("Count down from 5", "5, 4, 3, 2, 1"),
        ("Count down from ten to five", "10, 9, 8, 7, 6, 5"),
        ("Count backwards to 3", "3, 2, 1"),
        ("Please count slowly to three.", "1, 2, 3"),
        ("Count from 1 to 9 by twos", "1, 3, 5, 7, 9"),
        ("Count to a hundred by fifty", "50, 100"),
        ("Count from two hundred to 201", "200, 201"),
        ("List the numbers from 1 to 4", "1, 2, 3, 4"),
    ):
        assert ask(text) == numbers


def test_sixty_numbers_are_counted() -> None:
    assert len(ask("Count from 1 to 60.").split(", ")) == 60


def test_too_many_numbers_are_declined() -> None:
    for last in ("5000", "a million", "9" * 30):
        assert ask(f"Count to {last}") == TOO_MANY


def test_other_counting_is_not_counting() -> None:
    for text in ("Count the words in this", "Count to foo", "I count on you"):
        assert count(text) is None


def test_unknown_words_are_no_numbers() -> None:
    assert number("one dozen") is None
    assert number(None) is None


def test_an_article_is_no_number_to_count_to() -> None:
    assert count("Write a python function that adds two numbers") is None
