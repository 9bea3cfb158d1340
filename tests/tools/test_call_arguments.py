import json
import re

import pytest

from mockletta.tools.call_arguments import call_tool, parse_arguments


def tool(_ours: str, /, a: str, b: int, c: str | None = None, d: int = 7) -> tuple[object, ...]:
    return _ours, a, b, c, d


def test_arguments_are_a_json_object() -> None:
    assert parse_arguments('{"x": [1, null]}') == {"x": [1, None]}


def test_an_object_may_be_quoted_as_a_json_string() -> None:
    assert parse_arguments(json.dumps('{"x": 1}')) == {"x": 1}


@pytest.mark.parametrize("text", ["{bad", "", "[1]", '"x"', "null", "[" * 100_000])
def test_all_else_counts_as_no_arguments(text: str) -> None:
    assert parse_arguments(text) == {}


def test_arguments_are_converted_to_what_the_tool_declares() -> None:
    assert call_tool(tool, {"a": 1, "b": "2", "c": 3, "d": 4.0}, "ours") == ("ours", "1", 2, "3", 4)


def test_a_null_counts_as_left_out_where_there_is_a_default() -> None:
    arguments = {"a": None, "b": 2, "c": None, "d": None}
    assert call_tool(tool, arguments, "ours") == ("ours", "None", 2, None, 7)


def three(_ours: str, /, a: str, b: str, c: str) -> None: ...


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a": "", "b": ""}, "1 required positional argument: 'c'"),
        ({"a": ""}, "2 required positional arguments: 'b' and 'c'"),
        ({}, "3 required positional arguments: 'a', 'b', and 'c'"),
    ],
)
def test_missing_arguments_are_named_as_python_names_them(
    given: dict[str, object], words: str
) -> None:
    with pytest.raises(
        TypeError, match=re.escape(f"LettaCoreToolExecutor.three() missing {words}")
    ):
        call_tool(three, given, "ours")


@pytest.mark.parametrize("name", ["_ours", "zz"])
def test_an_unknown_argument_is_named_before_a_missing_one(name: str) -> None:
    wanted = f"LettaCoreToolExecutor.three() got an unexpected keyword argument '{name}'"
    with pytest.raises(TypeError, match=re.escape(wanted)):
        call_tool(three, {name: 1}, "ours")
