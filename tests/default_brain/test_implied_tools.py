"""Questions that a tool answers."""

import pytest

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.default_brain import DefaultBrain
from tests.default_brain.test_default_brain import ODD
from tests.default_brain.tools import TOOLS, call_to, called, replied, tool


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("What is the weather in Paris?", "get_weather", {"city": "Paris"}),
        ("whats the weather like in san francisco today", "get_weather", {"city": "san francisco"}),
        ("How is the Weather today in Paris's south?", "get_weather", {"city": "Paris"}),
        ("Tell me the weather for New York City.", "get_weather", {"city": "New York City"}),
        ("I live in Rome. What's the weather?", "get_weather", {"city": "Rome"}),
        ("Hello! Do you know what the time is?", "getTime", {}),
        ("What is the double of 21?", "double", {"x": 21}),
        ("Can you double twelve, please?", "double", {"x": 12}),
        ("What is the share of 7.5 percent of 1,200?", "share", {"percent": 1200, "sum": 7.5}),
        ("What do the docs say about caching?", "search_docs", {"query": "caching"}),
        ("How do the docs describe it?", "search_docs", {"query": "How do the docs describe it?"}),
        ("What is the status of order 77?", "order_status", {"order_id": "77"}),
        ("Can you delete the user Bob?", "delete_user", {"name": "Bob"}),
        (
            "Which flights are there from Paris to Rome?",
            "flights",
            {"origin": "Paris", "destination": "Rome"},
        ),
        ("What length is 5 km?", "length", {"amount": 5, "unit": "km"}),
    ],
)
def test_a_tool_that_clearly_answers_is_called(
    text: str, name: str, arguments: dict[str, object]
) -> None:
    assert called(text) == (name, arguments)


@pytest.mark.parametrize(
    "text",
    [
        "How is the weather?",
        "What is the name of the weather presenter on TV?",
        "Who is the user Bob?",
        "What is the plan?",
        "According to your memory, what is the weather in Paris?",
        "What did I say about the weather in Paris?",
        "What is my name?",
    ],
)
def test_no_tool_is_called_where_that_is_not_clear(text: str) -> None:
    assert replied(text).startswith("I don't know")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("What tools do you have to get the weather in Paris?", "My tools:"),
        ("Say 'What is the weather in Paris?'", "What is the weather in Paris?"),
        ("How are you?", "I'm doing well"),
        ("Can you count from 3 to 5 and double 21?", "3, 4, 5"),
        ("What is the time? What do you know about me?", "Here is what I know"),
    ],
)
def test_other_rules_go_before(text: str, start: str) -> None:
    assert replied(text).startswith(start)


def test_what_was_told_goes_before() -> None:
    told = "The weather in Paris is rainy."
    assert replied(told, "What is the weather in Paris?") == told


def test_base_tools_are_not_called_by_questions() -> None:
    question = "What does the conversation search say about the history?"
    assert replied(question, tools=TOOLS[:2]).startswith("I don't know")


def test_two_tools_that_fit_as_well_are_not_clear() -> None:
    twins = (tool("east_weather"), tool("west_weather"))
    assert replied("How is the weather?", tools=twins).startswith("I don't know")
    assert called("How is the weather?", tools=(*twins, tool("weather"))) == ("weather", {})


@pytest.mark.parametrize(
    "parameters",
    [
        {"required": "x"},
        {"required": ["x"]},
        {"required": [{}], "properties": []},
        {"required": ["x"], "properties": {"x": 5, 6: {}}},
        {"required": ["x"], "properties": {"x": {"type": {}, "anyOf": "x", "enum": 5}}},
        {"required": ["x"], "properties": {"x": {"anyOf": [1, {"type": "string"}, {}]}}},
        {"required": ["x"], "properties": {"x": {"type": "string", "enum": ["", 1, "("]}}},
        {"required": ["", "_"], "properties": {"": {"type": "string"}, "_": {"type": "number"}}},
    ],
)
def test_odd_schemas_and_odd_input_never_fail(parameters: dict[str, object]) -> None:
    tools = (*TOOLS, ToolSchema("odd", "The oddity", parameters))
    for piece in ODD:
        for text in (f"What is the odd oddity of {piece}?", f"odd oddity? {piece * 40}"):
            decision = DefaultBrain().decide(call_to(text, tools=tools))
            assert decision.text or decision.tool_calls
