"""Small talk."""

from mockletta.default_brain.small_talk import small_talk
from tests.default_brain.asking import ask, decide, talk


def test_a_greeting_is_answered_with_one() -> None:
    for text in ("Hello!", "hi", "Hey there \U0001f44b", "Good morning, Sam!", "Hello, world"):
        assert ask(text) == "Hello! I am Sam. How can I help?"


def test_a_nameless_agent_greets_too() -> None:
    assert decide(talk("Hi"), agent_name="").text == "Hello! How can I help?"


def test_small_talk_has_its_replies() -> None:
    for text, reply in (
        ("Thanks a lot!", "You're welcome!"),
        ("bye", "Goodbye!"),
        ("How are you?", "I'm doing well, thank you. How can I help?"),
        ("Who are you?", "I am Sam, a mock agent without a language model."),
        ("What's your name?", "I am Sam, a mock agent without a language model."),
        ("ping", "pong"),
        ("Okay.", "Great. What else can I do for you?"),
    ):
        assert ask(text) == reply


def test_a_greeting_may_open_a_statement() -> None:
    assert ask("Hello, my name is Alice.") == "Hello! Got it: your name is Alice."


def test_long_talk_is_not_small() -> None:
    assert small_talk("thanks " * 40) is None
