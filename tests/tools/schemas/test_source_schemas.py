"""Schemas that are derived from Python source."""

from typing import Any

import pytest

from mockletta.tools.schemas.source_schemas import NoSchema, derive_schema

DOC = '  """Do it.\n\n  Args:\n    x: It.\n    y: That.\n  """\n'


def parameters(signature: str) -> Any:  # noqa: ANN401 - JSON
    return derive_schema(f"def f({signature}):\n{DOC}")["parameters"]


def test_a_schema_has_what_signature_and_docstring_say() -> None:
    source = '''
def find(self, query: str, agent_state: "AgentState", limit: int = 5) -> str:
    """Find something.

    Also when it is far away.

    Args:
        query (str): What to look for,
            in your own words.
        limit: At most so many.
        other: Not a parameter.

    Returns:
        str: what was found
    """
'''
    assert derive_schema(source) == {
        "name": "find",
        "description": "Find something.\n\nAlso when it is far away.",
        "parameters": {
            "type": "object",
            "properties": {
                "query": {
                    "type": "string",
                    "description": "What to look for,\nin your own words.",
                },
                "limit": {"type": "integer", "description": "At most so many."},
            },
            "required": ["query"],
        },
    }


@pytest.mark.parametrize(
    ("signature", "required"),
    [
        ("x: int, y: int", ["x", "y"]),
        ("x: int, y: int = 1", ["x"]),
        ("x: Optional[int], y: int = -1.5", []),
        ("x: int = 2 * 3, y: int = None", ["x"]),
        ("y: int = 0, /, x: int = 1", []),
        ("x: int, *args, y: int = 1, **options", ["x"]),
    ],
)
def test_parameters_without_a_literal_default_are_required(
    signature: str, required: list[str]
) -> None:
    assert parameters(signature)["required"] == required


@pytest.mark.parametrize("signature", ["x: int, *, y: int", "y: int, /, x: int"])
def test_only_parameters_that_can_be_given_both_ways_count(signature: str) -> None:
    assert list(parameters(signature)["properties"]) == ["x"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def helper(q): pass\n{tool}", "f"),
        ("{tool}\ndef last():\n  'Last.'", "last"),
        ("class A:\n  def go(self):\n    'Go.'\n{tool}", "go"),
        ("{tool}\nasync def later(): pass", "f"),
    ],
)
def test_the_last_and_deepest_function_is_the_tool(source: str, name: str) -> None:
    assert derive_schema(source.format(tool=f"def f(x: int):\n{DOC}"))["name"] == name


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def x(:", r"Failed to parse source code: invalid syntax \(<unknown>, line 1\)"),
        ("x = " + "(" * 250 + ")" * 250, "Failed to parse source code: too many nested"),
        ("x = " + "-" * 100_000 + "1", "Failed to parse source code: source code is nested"),
        ("x = 1\0", "Failed to parse source code: source code"),
        ("x = lambda: 1", "No functions found in source code"),
        ("async def f():\n  'D'", "No functions found in source code"),
        ("def f(): pass", "Function f missing docstring"),
        ("def f(x: int):\n  '  '", "Value error in .*: Parameter 'x' in function 'f' lacks a desc"),
        ("def f(x):\n  'D'", "Type error in .*: Parameter 'x' in function 'f' lacks a type ann"),
        ("def f(x: int):\n  'D'", "Value error in .*: Parameter 'x' in function 'f' lacks a desc"),
        (f"def f(x: set):\n{DOC}", "Value error in .*: Python type set has no corresponding"),
        (f"def f(x: List[1:2]):\n{DOC}", "Unexpected error in .*: Forward reference must be"),
        (f"def f(x: Literal['\\ud800']):\n{DOC}", "half of a surrogate pair"),
    ],
)
def test_the_reason_of_a_refusal_is_given(source: str, why: str) -> None:
    with pytest.raises(NoSchema, match=f"^Failed to derive json schema: .*{why}"):
        derive_schema(source)


def test_described_arguments_need_no_docstring() -> None:
    arguments = {"properties": {"x": {"type": "integer"}}, "required": ["x"]}

    assert derive_schema("def f(x): pass", arguments) == {
        "name": "f",
        "description": None,
        "parameters": {
            "type": "object",
            "properties": {"x": {"type": "integer", "description": ""}},
            "required": ["x"],
        },
    }


def test_described_arguments_that_grow_without_end_are_refused() -> None:
    twice = {
        f"D{n}": {"a": {"$ref": f"#/$defs/D{n + 1}"}, "b": {"$ref": f"#/$defs/D{n + 1}"}}
        for n in range(30)
    }
    with pytest.raises(NoSchema, match="too large"):
        derive_schema(
            "def f():\n  'D'", {"properties": {"x": {"$ref": "#/$defs/D0"}}, "$defs": twice}
        )


def test_reading_warns_of_nothing() -> None:
    derive_schema("def f():\n  'D'\n  return '\\d'")
