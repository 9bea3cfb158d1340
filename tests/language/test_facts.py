"""Facts and whose they are."""

from mockletta.brain.decisions import MemoryBlock
from mockletta.language.facts import read
from mockletta.language.notes import block_facts
from tests.default_brain.asking import ask


def test_what_another_owns_is_not_the_users() -> None:
    for told in (
        "My dog's name is Rex.",
        "My dog is called Rex.",
        "I have a dog named Rex.",
        "I have a cat. Her name is Luna.",
        "The name of my boat is Titanic.",
        "Her name is Eve.",
    ):
        assert ask(told, "What is my name?").startswith("I don't know your name")


def test_where_another_lives_is_not_where_the_user_lives() -> None:
    for told in ("My sister lives in Rome.", "Anna lives in Rome."):
        assert ask(told, "Where do I live?").startswith("I don't know where you live")


def test_the_human_block_speaks_of_the_user() -> None:
    for value in ("Name: Eve", "My name is Eve", "The user's name is Eve", "Your name is Eve."):
        blocks = (MemoryBlock("human", value),)
        assert ask("What is my name?", blocks=blocks) == "Your name is Eve."


def test_the_origin_and_the_home_are_told_apart() -> None:
    told = ("I'm from Chile.", "I live in Oslo.")
    assert ask(*told, "Where am I from?") == "You are from Chile."
    assert ask(*told, "Where do I live?") == "You live in Oslo."


def test_what_is_loved_may_be_a_food() -> None:
    for told, loved in (
        ("I love some ajvar.", True),
        ("I love my wife.", False),
        ("I love Berlin.", False),
        ("I love astronomy.", False),
    ):
        fact = read(told, "user")
        assert fact is not None
        assert ("food" in fact.maybe) is loved


def test_a_fact_may_have_the_user_for_its_subject_in_the_third_person() -> None:
    fact = read("The user's name is Al", "note")
    assert fact is not None
    assert fact.subject == "user"


def test_a_heading_in_a_block_is_not_a_name() -> None:
    blocks = (MemoryBlock("human", "Names they want used.\nWhat tone helps."),)
    assert ask("What is my name?", blocks=blocks).startswith("I don't know your name")


def test_a_note_may_refer_to_the_sentence_before() -> None:
    blocks = (MemoryBlock("notes", "This is it. The cat is small. Its name is Bo."),)
    assert ask("What is the name of the cat?", blocks=blocks) == "The cat's name is Bo."


def test_his_in_a_note_about_the_user_is_the_users_own() -> None:
    block = MemoryBlock("human", "Name: Cem. His wife is Derya.")
    assert [one.text for one in block_facts(block)] == ["My name is Cem.", "my wife is Derya."]


def test_a_line_may_begin_with_the_marks_of_markdown_alone() -> None:
    blocks = (MemoryBlock("human", "__ My dog is called Rex"),)
    assert ask("What is my dog called?", blocks=blocks) == "Your dog is called Rex."
