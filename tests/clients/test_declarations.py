"""TypeScript declarations of schemas and typed dictionaries."""

from typing import Any, TypedDict

from tests.clients.declarations import Declarations, typed_dict, typed_dicts_in


class Inner(TypedDict):
    number: int | None


class Outer(TypedDict):
    """A dictionary with others in it."""

    inner: list[Inner]
    anything: Any
    texts: dict[str, str | list[str]]


def test_optional_properties_lose_null_and_get_a_question_mark() -> None:
    nullable = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    schema = {"properties": {"a": nullable, "b": nullable}, "required": ["b"]}

    assert Declarations({}, {}).named("Shape", schema) == (
        "export interface Shape {\n  a?: string;\n  b: string | null;\n}\n"
    )


def test_unions_within_lists_are_put_into_brackets_and_named_where_they_have_a_name() -> None:
    writer = Declarations({}, {"Item": ["string", "number"]})
    union = {"anyOf": [{"type": "string"}, {"type": "number"}]}

    assert writer.type_of({"anyOf": [union, {"type": "array", "items": union}]}) == "Item | Item[]"
    plain = Declarations({}, {}).type_of({"type": "array", "items": {"enum": ["a", "b"]}})
    assert plain == '("a" | "b")[]'


def test_typed_dictionaries_are_interfaces_those_within_others_first() -> None:
    assert typed_dicts_in(list[Outer]) == [Inner, Outer]
    assert typed_dict(Outer, {("Outer", "anything"): "JSON"}) == (
        "/** A dictionary with others in it. */\n"
        "export interface Outer {\n"
        "  inner: Inner[];\n"
        "  anything: JSON;\n"
        "  texts: Record<string, string | string[]>;\n"
        "}\n"
    )
