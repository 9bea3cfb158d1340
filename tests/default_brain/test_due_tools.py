"""Tools that rules demand."""

import json
from dataclasses import replace

import pytest

from mockletta.brain.decisions import ChatMessage, Decision, ToolCall, ToolSchema
from mockletta.default_brain.default_brain import DefaultBrain
from tests.default_brain.asking import only_call
from tests.default_brain.tools import TOOLS, call_to, tool

ODD = tool(
    "odd",
    "",
    flag="boolean",
    list="array",
    thing={"type": "object"},
    colour={"enum": ["red", "blue"], "type": "string"},
    many="integer",
    note="string",
    strange={"type": ["x"]},
)


def demanded(text: str, *due: str, step: int = 1) -> tuple[str, object]:
    call = replace(call_to(text, tools=(*TOOLS, ODD), step=step), due=due)
    made = only_call(DefaultBrain(without=("tool-order", "tool")).decide(call))
    return made.name, json.loads(made.arguments)


@pytest.mark.parametrize("step", [1, 2])
def test_what_is_demanded_is_called_whatever_the_message_says(step: int) -> None:
    assert demanded("Hello!", "getTime", "double", step=step) == ("getTime", {})
    assert demanded("Twice 4 is?", "double") == ("double", {"x": 4})


def test_what_a_message_does_not_hold_is_made_up() -> None:
    assert demanded("Hello!", "get_weather") == ("get_weather", {"city": "Hello!"})
    assert demanded("Hello!", "odd") == (
        "odd",
        {
            "flag": False,
            "list": [],
            "thing": {},
            "colour": "red",
            "many": 0,
            "note": "Hello!",
            "strange": None,
        },
    )
    assert demanded("Use blue.", "odd")[1] != demanded("Hello!", "odd")[1]


def test_a_tool_without_a_schema_is_called_without_arguments() -> None:
    assert demanded("Hello!", "unknown") == ("unknown", {})
    required = ToolSchema("bare", "", {"required": ["x"]})
    call = replace(call_to("Hi", tools=(required,)), due=("bare",))
    assert only_call(DefaultBrain().decide(call)).arguments == '{"x": null}'


def test_an_order_of_the_system_prompt_waits_until_it_was_called() -> None:
    call = call_to("Hi", system="Always respond with: Yes.")

    assert DefaultBrain().decide(call).text == "Yes"
    assert only_call(DefaultBrain().decide(replace(call, due=("getTime",)))).name == "getTime"


def after(status: str, name: str = "getTime") -> Decision:
    """What is decided once a tool has returned, when `getTime` is demanded."""
    returned = json.dumps({"status": status, "message": "Noon."})
    made = ChatMessage("assistant", "", (ToolCall("call-1", name, "{}"),))
    call = call_to("Hi", step=2)
    messages = [*call.messages, made, ChatMessage("tool", returned, tool_call_id="call-1")]
    return DefaultBrain().decide(replace(call, messages=messages, due=("getTime",)))


def test_what_has_just_failed_is_not_called_again_at_once() -> None:
    assert after("Failed").text == "The tool getTime failed: Noon."
    assert only_call(after("OK")).name == "getTime"
    assert only_call(after("Failed", "double")).name == "getTime"
