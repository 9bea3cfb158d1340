"""Texts that are found in the phrases of orders."""

import pytest

from mockletta.default_brain.tool_calling.order_readings import Beside
from mockletta.default_brain.tool_calling.text_values import code_in
from mockletta.default_brain.tool_calling.tool_arguments import read_order
from tests.default_brain.tools import replied, tool

SEND = tool("send_message", "Send a message.", recipient="string", text="string")


def test_a_phrase_goes_to_the_parameter_whose_preposition_it_has() -> None:
    fly = tool("find_flights", "Find flights.", origin="string", destination="string")
    assert read_order(fly, "find flights to Oslo from Rome").arguments == {
        "origin": "Rome",
        "destination": "Oslo",
    }


def test_what_was_told_of_somebody_is_recalled() -> None:
    beside = Beside(lambda name: "Ruth" if name == "sister" else "")
    found = read_order(SEND, "send a message to my sister saying hello", beside).arguments
    assert found == {"recipient": "Ruth", "text": "hello"}


def test_an_interjection_is_no_id() -> None:
    cancel = tool("cancel_order", "Cancel an order.", order_id="string")
    beside = Beside(context="hmm too late", refers=True)
    assert read_order(cancel, "cancel it", beside).missing == ["order_id"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("order A-77 please", "A-77"), ("plate LB 402 C", "LB 402 C"), ("Rotterdam", "Rotterdam")],
)
def test_a_code_is_found(text: str, code: str) -> None:
    found = code_in(text)
    assert found is not None
    assert found[0] == code


def test_a_sign_alone_is_no_argument() -> None:
    light = tool("turn_on_light", "Turn on the light in a room.", room="string")
    reply = "To call turn_on_light I need: room."
    assert replied("turn on the light in #", tools=(light,)) == reply
    assert replied("to # turn on", tools=(light,)).startswith("I can't make anything of")
