"""What stands in for a tool whose code is not run."""

import pytest

from mockletta.turns.stand_ins import stand_in
from mockletta.turns.tool_returns import ToolOutcome
from mockletta.wire.tools import Tool

NOTE = "This is a stand-in: mockletta does not run the tool f."
SCHEMA: dict[str, object] = {
    "parameters": {
        "properties": {"x": {"type": "integer"}, "y": {"type": "number"}, "z": {}},
        "required": ["x", "y"],
    }
}


def tool(source: str | None = None, schema: dict[str, object] | None = None) -> Tool:
    return Tool(id="tool-1", name="f", source_code=source, json_schema=schema)


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("int", "0"),
        ("float", "0.0"),
        ("bool", "False"),
        ("None", "None"),
        ("list[int]", "[]"),
        ("Optional[int]", "0"),
        ("None | int", "0"),
        ("int | None", "0"),
        ("'typing.List[int]'", "[]"),
    ],
)
def test_it_has_the_declared_type_and_says_that_it_stands_in(declared: str, text: str) -> None:
    outcome = stand_in(tool(f"def f() -> {declared}: ..."), {})

    assert outcome == ToolOutcome(text, stdout=(NOTE,), stderr=())


def test_a_dict_is_sent_to_the_model_as_one() -> None:
    outcome = stand_in(tool("def f() -> dict[str, int]: ..."), {})

    assert (outcome.text, outcome.data) == (str({"stand_in": NOTE}), {"stand_in": NOTE})


@pytest.mark.parametrize(
    "source",
    [None, "def f() -> str: ...", "def f(): ...", "export f", "x = 1", "def f() -> '(': ..."],
)
def test_a_text_says_so_itself(source: str | None) -> None:
    assert stand_in(tool(source), {}) == ToolOutcome(NOTE, stdout=(), stderr=())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"x": 1}, "TypeError: f() missing 1 required positional argument: 'y'"),
        ({}, "TypeError: f() missing 2 required positional arguments: 'x' and 'y'"),
        ({"x": 1, "y": 1, "a": 1}, "NameError: name 'a' is not defined"),
        ({"x": "no", "y": 1}, "ValueError: invalid literal for int() with base 10: 'no'"),
        ({"x": 1, "y": "no"}, "ValueError: could not convert string to float: 'no'"),
    ],
)
def test_arguments_that_do_not_fit_fail_as_in_python(
    arguments: dict[str, object], why: str
) -> None:
    outcome = stand_in(tool(None, SCHEMA), arguments)

    assert (outcome.text, outcome.status) == (f"Error executing function f: {why}", "error")


def test_arguments_that_fit_do_not_fail() -> None:
    assert stand_in(tool(None, SCHEMA), {"x": "1", "y": 2, "z": "a"}).status == "success"
