"""What stands in for a tool whose code is not run."""

import os

import pytest

from mockletta.tools.custom_tools import environment, stand_in
from mockletta.tools.returns import ToolOutcome
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
        ("tuple[int, str]", "()"),
        ("set[int]", "set()"),
        ("Union[None, int]", "0"),
        ("Optional[None]", "None"),
        ("Annotated[bool, 'yes or no']", "False"),
        ("Literal['red', 'blue']", "red"),
        ("Literal[2] | None", "2"),
    ],
)
def test_it_has_the_declared_type_and_says_that_it_stands_in(declared: str, text: str) -> None:
    outcome = stand_in(tool(f"def f() -> {declared}: ..."), {})

    assert outcome == ToolOutcome(text, stdout=(NOTE,), stderr=())


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("number", "0"),
        ("boolean", "False"),
        ("Promise<void>", "None"),
        ("Promise<string[]>", "[]"),
        ("Array<number>", "[]"),
    ],
)
def test_it_has_the_type_that_typescript_declares(declared: str, text: str) -> None:
    source = f"export async function f(x: string): {declared} {{ return g(x); }}"
    typescript = tool(source).changed({"source_type": "typescript"})

    assert stand_in(typescript, {}) == ToolOutcome(text, stdout=(NOTE,), stderr=())


def test_a_dict_is_sent_to_the_model_as_one() -> None:
    outcome = stand_in(tool("def f() -> dict[str, int]: ..."), {})

    assert (outcome.text, outcome.data) == (str({"stand_in": NOTE}), {"stand_in": NOTE})


@pytest.mark.parametrize(
    "source",
    [
        None,
        "def f() -> str: ...",
        "def f(): ...",
        "export f",
        "x = 1",
        "def f() -> '(': ...",
        "def f() -> Literal[x]: ...",
    ],
)
def test_a_text_says_so_itself(source: str | None) -> None:
    assert stand_in(tool(source), {}) == ToolOutcome(NOTE, stdout=(), stderr=())


def test_a_literal_that_is_none_is_a_text() -> None:
    assert stand_in(tool("def f() -> Literal[x]: ..."), {}).text == NOTE


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


@pytest.mark.parametrize(
    "parameters",
    [None, [], {"required": 7}, {"required": [["x"], None]}, {"properties": [1], "required": {}}],
)
def test_a_schema_that_is_none_asks_for_nothing(parameters: object) -> None:
    assert stand_in(tool(None, {"parameters": parameters}), {}).status == "success"


def test_variables_are_there_for_a_block_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_KEY", "before")

    with environment({"MOCK_KEY": "within", "MOCK_NEW": ""}):
        assert (os.environ["MOCK_KEY"], os.environ["MOCK_NEW"]) == ("within", "")

    assert os.environ["MOCK_KEY"] == "before"
    assert "MOCK_NEW" not in os.environ


def test_what_no_process_can_have_is_left_out() -> None:
    before = dict(os.environ)

    with environment({"": "a", "a=b": "c", "nul": "\0"}):
        assert dict(os.environ) == before
