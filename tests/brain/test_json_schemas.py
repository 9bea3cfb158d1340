"""Schemas whose references and alternatives are resolved, and the parameters read from them."""

from mockletta.brain.decisions import ToolSchema
from mockletta.brain.json_schemas import resolved
from mockletta.brain.tool_parameters import parameters_of


def test_a_parameter_is_read_through_references_and_alternatives() -> None:
    mode = {"anyOf": [{"$ref": "#/$defs/Mode"}, {"type": "null"}], "description": "How it heats."}
    tags = {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/Mode"}}, {"type": "null"}]}
    defined = {"Mode": {"enum": ["heat", "cool"], "type": "string"}}
    tool = ToolSchema("heat", "", {"properties": {"mode": mode, "tags": tags}, "$defs": defined})
    read = parameters_of(tool)
    assert (read["mode"].choices, read["mode"].description) == (("heat", "cool"), "How it heats.")
    assert (read["tags"].kind, read["tags"].choices) == ("array", ("heat", "cool"))


def test_constants_are_the_choices_of_one_parameter() -> None:
    size = {"oneOf": [{"const": "s"}, {"const": "m"}, {"type": "null"}]}
    assert parameters_of(ToolSchema("order", "", {"properties": {"size": size}}))[
        "size"
    ].choices == (
        "s",
        "m",
    )


def test_a_schema_that_refers_to_itself_ends() -> None:
    root = {"allOf": [{"$ref": "#"}] * 10, "anyOf": []}
    assert resolved(root, root)
    assert resolved({"anyOf": [{"type": "null"}]}, {}) == {"type": "null"}
    assert resolved({"$ref": "#/a/b"}, {"a": 5}) == resolved(None, {}) == {}
