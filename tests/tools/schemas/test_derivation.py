"""Schemas that are derived from Python source."""

from typing import Any

import pytest

from mockletta.tools.schemas.derivation import Refused, derive_schema


def parameter(annotation: str, default: str = "") -> tuple[object, bool]:
    """The schema of a parameter annotated like this, and whether it is required."""
    source = f'def f(x: {annotation}{default}):\n    """Does it."""\n'
    parameters: Any = derive_schema(source)["parameters"]
    return parameters["properties"]["x"], "x" in parameters["required"]


def test_a_schema_has_what_signature_and_docstring_say() -> None:
    source = '''
class Unused:
    pass

def helper():
    pass

async def find(self, query: str, /, limit: int = 5, *, tags: list[str], agent_state: "AgentState"):
    """
    Find something.

    Also when it is far away.

    Args:
        query (str): What to look for,
            in your own words.
        limit: At most so many.
        not an argument

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
                    "description": "What to look for, in your own words.",
                },
                "limit": {"type": "integer", "description": "At most so many."},
                "tags": {"type": "array", "items": {"type": "string"}, "description": ""},
            },
            "required": ["query", "tags"],
        },
    }


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        ("float", {"type": "number"}),
        ("bool", {"type": "boolean"}),
        ("'int'", {"type": "integer"}),
        ("typing.Any", {"type": "object"}),
        ("list", {"type": "array", "items": {"type": "string"}}),
        ("List[int]", {"type": "array", "items": {"type": "integer"}}),
        ("tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}),
        ("dict", {"type": "object"}),
        ("Dict[str, int]", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("Literal['a', 'b']", {"type": "string", "enum": ["a", "b"]}),
        ("Annotated[int, 'positive']", {"type": "integer"}),
        ("int | str", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ("Union[int, str]", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
    ],
)
def test_annotations_become_json_types(annotation: str, schema: dict[str, object]) -> None:
    assert parameter(annotation) == ({**schema, "description": ""}, True)


@pytest.mark.parametrize(
    "annotation", ["Optional[int]", "int | None", "None | int", "Union[int, None]"]
)
def test_what_may_be_none_is_not_required(annotation: str) -> None:
    assert parameter(annotation) == ({"type": "integer", "description": ""}, False)


def test_what_has_a_default_is_not_required() -> None:
    assert parameter("int", " = 1") == ({"type": "integer", "description": ""}, False)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def x(:", r"Failed to parse source code: invalid syntax \(<unknown>, line 1\)"),
        ("x = " + "(" * 250 + ")" * 250, "Failed to parse source code: too many nested"),
        ("x = " + "-" * 100_000 + "1", "Failed to parse source code: source code is nested"),
        ("x = 1\0", "Failed to parse source code: source code"),
        ("x = 1", "No functions found in source code"),
        ("def f(): pass", "Function f missing docstring"),
        ("def f(x):\n  'D'", "Parameter 'x' in function 'f' lacks a type annotation"),
        ("def f(x: Strange):\n  'D'", "Unsupported annotation 'Strange' of parameter 'x'"),
        ("def f(x: Strange[int]):\n  'D'", "Unsupported annotation"),
        ("def f(x: list[Strange]):\n  'D'", "Unsupported annotation"),
        ("def f(x: int | Strange):\n  'D'", "Unsupported annotation"),
        ("def f(x: 'in t'):\n  'D'", "Unsupported annotation"),
        ("def f(x: 'a = 1'):\n  'D'", "Unsupported annotation"),
        ("def f(x: 'Literal[\"\\\\ud800\"]'):\n  'D'", "half of a surrogate pair"),
        ("def f(x: None | None):\n  'D'", "Unsupported annotation"),
        ("def f(x: lambda: 1):\n  'D'", "Unsupported annotation"),
    ],
)
def test_what_cannot_be_derived_is_said(source: str, why: str) -> None:
    with pytest.raises(Refused, match=f"^Failed to derive json schema: .*{why}"):
        derive_schema(source)


def test_described_arguments_must_come_to_an_end() -> None:
    twice = {
        f"D{n}": {"a": {"$ref": f"#/$defs/D{n + 1}"}, "b": {"$ref": f"#/$defs/D{n + 1}"}}
        for n in range(30)
    }
    with pytest.raises(Refused, match="too large"):
        derive_schema(
            "def f():\n  'D'", {"properties": {"x": {"$ref": "#/$defs/D0"}}, "$defs": twice}
        )


def test_reading_warns_of_nothing() -> None:
    derive_schema("def f():\n  'D'\n  return '\\d'")
