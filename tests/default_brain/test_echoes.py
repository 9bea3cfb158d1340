"""Orders to say something word for word."""

from mockletta.default_brain.wording import echo
from tests.default_brain.asking import ask

ECHOES = {
    "Say 'hello world' back to me": "hello world",
    'Say "hello world"': "hello world",
    "Repeat after me: I love tests.": "I love tests.",
    "Repeat after me, I am here": "I am here",
    'Echo: "abc"': "abc",
    "Reply with only the word OK": "OK",
    "Reply with just the word OK.": "OK",
    "Respond with: PONG": "PONG",
    "Answer with exactly 'yes'": "yes",
    "Please say hello": "hello",
    "Can you say 'it's me' back?": "it's me",
    'say "A. B? C!" back to me please': "A. B? C!",
    "Please repeat the following exactly: foo BAR 123!": "foo BAR 123!",
    "Reply with the word banana": "banana",
    "Just say OK.": "OK",
    'Respond with only: {"a": 1}': '{"a": 1}',
    "reply with exactly: hello there": "hello there",
    "Say hi to me": "hi",
}


def test_what_is_ordered_is_said_exactly() -> None:
    for text, reply in ECHOES.items():
        assert ask(text) == reply


def test_what_names_no_text_is_no_order() -> None:
    for text in (
        "Say something funny",
        "Reply with a poem",
        "Reply with 'yes' or 'no'",
        "Always respond with JSON",
        "Respond with",
        "Say my secret",
    ):
        assert echo(text) is None


def test_an_order_may_stand_anywhere_among_few_sentences() -> None:
    assert echo("I am Al. Reply with just OK.") == "OK"
    assert echo("One. " * 12 + "Reply with just OK.") is None


def test_a_remembered_fact_beside_an_order_stays_a_fact() -> None:
    assert ask("My name is Al. Reply with just OK.", "What is my name?") == "Your name is Al."
