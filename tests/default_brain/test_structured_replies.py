"""Bare answers, for who asks for just the word."""

from tests.default_brain.asking import ask


def test_a_remembered_word_is_given_back_alone() -> None:
    asked = "What word did I ask you to remember? Reply with just the word."
    assert ask("Remember the word: APPLE", asked) == "APPLE"


def test_a_remembered_number_is_given_back_alone() -> None:
    asked = "What number did I ask you to remember? Just the number."
    assert ask("Remember this number: 4217", asked) == "4217"


def test_the_value_is_found_whatever_the_form_of_the_fact() -> None:
    for told, asked, value in (
        ("The secret code is XK-42.", "What is the secret code? Just the code.", "XK-42"),
        ("Alice is my name.", "What is my name? Only the name.", "Alice"),
        ("I am Alice.", "What is my name? One word only.", "Alice"),
        ("I live in Paris, France.", "Where do I live? Answer with only the city.", "Paris"),
        ("I have a dog named Rex.", "In one word, what is my dog's name?", "Rex"),
        ("The magic word is 'sesame'.", "What is the magic word? Just the word.", "sesame"),
        ("I love pizza so much.", "What is my favorite food? Just the food.", "pizza"),
        ("I have two cats.", "How many cats do I have? Just the number.", "two"),
        ("My phone number is 555-0199.", "What is my phone number? Just the number.", "555-0199"),
        ("I moved to Berlin last year.", "Where did I move? Nothing else.", "Berlin last year"),
        ("Remember the name Nora", "What name did I tell you? Only the name.", "Nora"),
        ("My dog is called Rex.", "Answer with only the name: what is my dog called?", "Rex"),
    ):
        assert ask(told, asked) == value


def test_small_words_before_a_value_are_dropped() -> None:
    told, asked = "The code is still this one 77", "What is the code? Just the code."
    assert ask(told, asked) == "77"


def test_several_values_are_listed() -> None:
    reply = ask(
        "My name is Al and I love pizza.", "What is my name and favorite food? Nothing else."
    )
    assert reply == "Al, pizza"


def test_no_value_is_admitted() -> None:
    assert ask("What is my name? Just the name.") == "I don't know: you haven't told me."
