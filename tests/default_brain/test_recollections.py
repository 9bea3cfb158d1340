"""Questions about the conversation as such."""

from tests.default_brain.asking import ask


def test_the_last_message_is_quoted() -> None:
    assert ask("Hi", "I am Al.", "What did I just say?") == 'You said: "I am Al."'


def test_the_first_message_is_quoted() -> None:
    assert ask("I am Al.", "Hm.", "What was my first message?") == 'You said: "I am Al."'


def test_nothing_said_is_admitted() -> None:
    assert ask("What did I just say?") == "You have not said anything before."


def test_a_recap_lists_the_facts() -> None:
    for asked in ("Summarize our conversation", "What have I told you so far?"):
        assert ask("I am Al.", asked) == "Here is what I know: you are Al."
