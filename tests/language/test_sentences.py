"""Sentences, their kinds and clauses."""

import pytest

from mockletta.language.clause_meaning import with_value
from mockletta.language.sentences import clauses, kind, plain, sentences


def test_a_text_is_cut_at_its_sentence_ends() -> None:
    text = "Hi. I met Dr. Smith! Really?\n- one\n* two"
    assert list(sentences(text)) == ["Hi.", "I met Dr. Smith!", "Really?", "one", "two"]


def test_points_with_names_of_their_own_are_sentences() -> None:
    assert list(sentences("Two rooms:\n- Blue: 5 seats\n- Red: 3 seats")) == [
        "Blue: 5 seats",
        "Red: 3 seats",
    ]


def test_numbers_and_addresses_are_not_cut() -> None:
    assert list(sentences("Pi is 3.14 at a@b.c now.")) == ["Pi is 3.14 at a@b.c now."]


def test_courtesies_are_not_the_point() -> None:
    assert plain("Hi, could you please say hi") == "say hi"
    assert plain("no way out") == "way out"
    assert plain("/remember I am Al") == "remember I am Al"
    assert plain("/usr/bin is full") == "/usr/bin is full"


def test_a_sentence_asks_orders_or_states() -> None:
    for text, expected in (
        ("What is it", "question"),
        ("is my dog here", "question"),
        ("Tell me my name", "question"),
        ("What a day", "statement"),
        ("When I was young I sang.", "statement"),
        ("Say hi", "command"),
        ("Just the word.", "command"),
        ("I am Al", "statement"),
        ("", "statement"),
    ):
        assert kind(text) == expected


def test_a_sentence_has_clauses() -> None:
    assert clauses("I am Al, I eat and my dog is old") == ("I am Al", "I eat", "my dog is old")
    assert clauses("I love my cat and my dog") == ("I love my cat and my dog",)


def test_a_second_verb_shares_the_subject() -> None:
    for sentence, found in (
        ("I am Al and live in Rome", ("I am Al", "I live in Rome")),
        ("My sister teaches maths and plays chess", ("My sister teaches maths",
                                                     "My sister plays chess")),
        ("If it rains, we play indoors", ("If it rains, we play indoors",)),
        ("I like tea and cakes", ("I like tea and cakes",)),
    ):  # fmt: skip
        assert clauses(sentence) == found


def test_the_points_of_a_list_stay_with_its_head() -> None:
    text = "My list:\n- tea\n2. two figs\nThanks!"
    assert list(sentences(text)) == ["My list: tea, two figs", "Thanks!"]


@pytest.mark.parametrize(
    ("text", "value", "changed"),
    [
        ("My standup is at 9:15", "10", "My standup is at 10"),
        ("I live in Porto", "Lisbon", "I live in Lisbon"),
        ("The server is 10.0.0.7 on port 80", "10.0.0.9", "The server is 10.0.0.9 on port 80"),
        ("We meet on Friday at noon", "Monday", "We meet on Monday at noon"),
        ("I have two kids", "three kids", "I have three kids"),
        ("My cat is called Bo", "Mo", "My cat is called Mo"),
    ],
)
def test_a_value_takes_the_place_of_one_of_its_kind(text: str, value: str, changed: str) -> None:
    assert with_value(text, value) == changed


def test_a_text_too_long_for_a_sentence_is_one_clause() -> None:
    assert len(clauses("I am x" + " and am x" * 100)) == 101
    assert len(clauses("I am x" + " and am x" * 10_000)) == 1
