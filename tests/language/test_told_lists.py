"""Tests of lists that are kept in the conversation."""

import pytest

from mockletta.language.told_lists import asked_of_list, says_done, told_list


def test_a_list_is_told_with_a_colon_or_as_what_something_is() -> None:
    for text in ("my list: tea, milk and eggs", "my guests are tea, milk and eggs."):
        listed = told_list(text)
        assert listed is not None
        assert listed.items == ["tea", "milk", "eggs"]
    assert told_list("Note: the bus leaves at five, he is late") is None


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("I finished the login bug", "my tasks: call Bo"),
        ("I have called Bo", "my tasks: fix the login bug"),
        ("done with the login bug", "my tasks: call Bo"),
        ("the login bug is done", "my tasks: call Bo"),
        ("I need the login bug", ""),
        ("I forgot the login bug", ""),
        ("I talked to Ann and Cy about calling Bo late", ""),
        ("I like tea", ""),
    ],
)
def test_what_is_done_goes_off_a_list_of_things_to_do(said: str, left: str) -> None:
    listed = told_list("my tasks: fix the login bug, call Bo")
    assert listed is not None
    assert listed.without_done(said) == left


def test_nothing_is_done_of_things_that_are_liked() -> None:
    listed = told_list("my favorite foods: eggs, bacon")
    assert listed is not None
    assert listed.without_done("I finished the eggs") == ""
    guests = told_list("my guest list: Ann, Bob")
    assert guests is not None
    assert guests.without_done("I met Bob") == ""
    assert says_done("I finished the eggs")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which one is first?", "Dune."), ("and the last?", "Circe."),
        ("who is fifth?", "There is only: Dune, Emma, Circe."),
        ("How many books are on the list?", "There are 3: Dune, Emma, Circe."),
        ("What's on it?", ""), ("what is left?", ""),
    ],
)  # fmt: skip
def test_a_question_asks_for_the_list_an_item_or_the_number(question: str, answer: str) -> None:
    listed, asked = told_list("my list: Dune, Emma, Circe"), asked_of_list(question)
    assert listed is not None
    assert asked is not None
    assert listed.answer(asked[0]) == answer


@pytest.mark.parametrize(
    "question", ["which one is last?", "what is first?", "How many things are on the list?"]
)
def test_an_empty_list_has_no_item_and_no_number(question: str) -> None:
    listed, asked = told_list("my shopping list: nothing"), asked_of_list(question)
    assert listed is not None
    assert asked is not None
    assert listed.answer(asked[0]) == "There is nothing on it."


def test_other_questions_ask_nothing_of_a_list() -> None:
    assert asked_of_list("What is my name?") is None
