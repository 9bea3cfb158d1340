"""Exact replies: counts, sums, dates and times."""

from datetime import UTC, datetime

import pytest

from mockletta.default_brain.exact_replies import calculate, clock, count
from mockletta.language.words import number
from tests.default_brain.asking import ask, decide, said, user


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


def test_too_many_numbers_are_declined() -> None:
    for last in ("5000", "a million", "9" * 30):
        assert "at most 1000 numbers" in ask(f"Count to {last}")


def test_other_counting_is_not_counting() -> None:
    for text in ("Count the words in this", "Count to foo", "I count on you"):
        assert count(text) is None


def test_unknown_words_are_no_numbers() -> None:
    assert number("one dozen") is None
    assert number(None) is None


def test_an_article_is_no_number_to_count_to() -> None:
    assert count("Write a python function that adds two numbers") is None


@pytest.mark.parametrize(
    ("asked", "result"),
    [
        ("what's 13 * 17?", "221"), ("15% of 80", "12"), ("square root of 144?", "12"),
        ("What is 2 to the power of 10?", "1024"), ("(3 + 4) * 5", "35"), ("Add 3 and 4", "7"),
        ("what's 100 divided by 8?", "12.5"), ("half of fifty", "25"),
        ("How much is 1,250 + 375?", "1625"), ("-2 + 5", "3"), ("7 squared", "49"),
        ("Subtract 4 from 10", "6"), ("2^10", "1024"), ("0.1 + 0.2", "0.3"),
        ("25% off 80", "60"), ("12 euros plus 3 euros", "15"),
    ],
)  # fmt: skip
def test_a_sum_is_worked_out(asked: str, result: str) -> None:
    assert ask(asked) == f"That is {result}."


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-30",
        "555-0199",
        "1 + " * 80,
        "is 01 + 2",
        "+3 + 4",
        "I have 3 cats + 2 dogs",
    ],
)
def test_other_numbers_are_no_sum(said: str) -> None:
    assert calculate(said) is None


@pytest.mark.parametrize(
    ("first", "then", "reply"),
    [
        ("12.5 + 7.25", "times 4", "That is 79."),
        ("3 + 4", "divide that by 2", "That is 3.5."),
        ("3 + 4", "add 5 to that", "That is 12."),
        ("3 + 4", "and if I add 9?", "That is 16."),
        ("3 + 4", "and 100 minus that?", "That is 93."),
        ("Count to 4.", "now backwards", "4, 3, 2, 1"),
        ("How many letters does the word 'lamp' have?", "Spell it out, please.", "l-a-m-p"),
        ("reverse the word stone", "can you spell that backwards?", "stone"),
        ("My name is Quinn.", "How many letters does it have?", '"Quinn" has 5 letters.'),
        (
            "I am Al.",
            "times 4",
            'I can\'t make anything of "times 4". Tell me a fact, or ask me about one.',
        ),
    ],
)
def test_the_last_result_goes_on(first: str, then: str, reply: str) -> None:
    assert decide([user(first), said(ask(first)), user(then)]).text == reply


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("How many words are in 'the cat sat'?", '"the cat sat" has 3 words.'),
        ("reverse the string stressed", "desserts"),
        ("Say hello backwards", "olleh"),
        ("echo one two", "one two"),
        ("Write the word tea three times, separated by commas", "tea, tea, tea"),
        ("uppercase: hello world", "HELLO WORLD"),
        ("write HELLO WORLD in lowercase", "hello world"),
        ("convert the text 'see you' to upper case", "SEE YOU"),
        ("sort these alphabetically: pear, apple and fig", "apple, fig, pear"),
        ("Put these in alphabetical order: pear mango fig", "fig, mango, pear"),
        ("put Zoe, adam and Bob in alphabetical order", "adam, Bob, Zoe"),
        ("Sort these numbers in descending order: 9, 10, 2", "10, 9, 2"),
        ('make "Good Night" lowercase', "good night"),
        ("what's 2+2 please?", "That is 4."),
    ],
)
def test_words_and_letters_are_counted(asked: str, reply: str) -> None:
    assert ask(asked) == reply


def test_division_by_zero_is_declined() -> None:
    assert ask("What is 10 / 0?") == "I can't divide by zero."


NOW = datetime(2026, 11, 30, 2, 49, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("what day will it be in 3 days?", "It will be Thursday, 3 December 2026."),
        ("What date was it two weeks ago?", "It was Monday, 16 November 2026."),
        ("What is the day after tomorrow?", "It will be Wednesday, 2 December 2026."),
        ("When is the party?", None),
        ("Should it be today?", None),
        ("What month is it?", "It is November 2026."),
        ("What year is it, and what month is it?", "It is 2026. It is November 2026."),
        ("Where is the clock?", None),
    ],
)
def test_a_date_is_told_by_the_clock(asked: str, told: str | None) -> None:
    assert clock(asked, NOW) == told


@pytest.mark.parametrize(
    "power", ["(((99**64)**64)**64)**64", "(99**64)**64", "9**9**9", "10**101"]
)
def test_a_huge_number_is_not_worked_out(power: str) -> None:
    assert ask(f"What is {power}?") == "That number is too large for me."


def test_a_number_of_another_base_is_no_sum() -> None:
    assert calculate("What is 0x10 + 1") is None
