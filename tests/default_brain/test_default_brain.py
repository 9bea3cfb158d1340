"""The default brain as a whole."""

from collections.abc import Sequence
from typing import overload

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ToolCall
from mockletta.default_brain.default_brain import DefaultBrain
from tests.default_brain.asking import BLOCKS, ask, decide, said, talk, user

ODD = (
    *"?!.,:;'\"`()[]{}<>|/*+-=_#@$%^&~0 \n\t\x00",
    "\U0001f600",
    "\u202e",
    "\ud800",
    "\uff1f",
    "\u2019s",
    "I",
    "my",
    "you",
    "say ",
    "remember ",
    "update your memory ",
    "replace a with b in your memory",
    "count to ",
    "call me ",
    "he is",
    "of the ",
    "always reply with ",
    '{"type": "x", "message": "y"}',
    "hi ",
    "n't",
    "1,",
)


class EndOnly(Sequence[ChatMessage]):
    """A history that notes which of its messages are read."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.read: list[int] = []

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> ChatMessage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ChatMessage]: ...
    def __getitem__(self, index: int | slice) -> ChatMessage | Sequence[ChatMessage]:
        assert isinstance(index, int)
        self.read.append(index % self.length)
        return user("I am Al.")


def test_a_fact_is_acknowledged() -> None:
    assert ask("My name is Alice and I love pizza.") == (
        "Got it: your name is Alice and you love pizza."
    )


def test_a_thing_to_remember_is_acknowledged() -> None:
    assert ask("Remember the word: APPLE") == (
        "Got it: the word: APPLE. I'll know it in this conversation."
    )


def test_an_order_beyond_it_is_named() -> None:
    assert ask("Write a poem") == (
        "I can't write a poem: I am a mock agent without a language model."
    )


def test_a_long_statement_is_cut_in_the_reply() -> None:
    assert len(ask("I like " + "x" * 5000)) < 300
    assert len(ask("word " * 5000)) < 400


def test_images_are_mentioned() -> None:
    assert decide([user("", 1)]).text == "I received 1 image, which I cannot see."
    assert decide([user("I am Al.", 2)]).text == (
        "I received 2 images, which I cannot see. Got it: you are Al."
    )


def test_no_message_at_all_is_answered() -> None:
    for messages in ([], [said("Hi")]):
        assert decide(messages).text == "I received an empty message. How can I help?"


def test_the_same_call_has_the_same_decision() -> None:
    first = decide(talk("I am Al.", "Who am I?"))
    assert (
        first
        == decide(talk("I am Al.", "Who am I?"))
        == Decision(text="You are Al.", rule="brain: recall")
    )


def test_a_statement_reads_only_the_end_of_the_history() -> None:
    messages = EndOnly(10_000)
    call = ModelCall("reply", "mock", "", messages)
    assert DefaultBrain().decide(call).text == "Got it: you are Al."
    assert min(messages.read) >= 9_998


def test_odd_input_never_fails_and_always_gets_a_reply() -> None:
    for piece in ODD:
        for text in (
            piece,
            piece * 50,
            f"say {piece}",
            f"my {piece} is {piece}. whats my {piece}?",
        ):
            decision = decide(talk(text, f"what is {text}", text), blocks=BLOCKS, system=text)
            assert decision.text or decision.tool_calls


def test_a_message_of_a_megabyte_is_answered() -> None:
    for piece in ("a", "my name is ", "? ", "'", "<abc>"):
        assert ask(piece * (1_000_000 // len(piece)) + "\nWhat is my name?")


def test_a_message_by_tool_ends_without_more_words() -> None:
    sent = ToolCall("call-1", "send_message", '{"message": "Hi"}')
    returned = ChatMessage("tool", '{"status": "OK", "message": "Sent"}', tool_call_id="call-1")
    assert decide([user("Hi"), ChatMessage("assistant", "", (sent,)), returned]).text == ""
