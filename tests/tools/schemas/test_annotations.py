"""Annotations as types, and their JSON schemas."""

import ast
from typing import Any

import pytest

from mockletta.tools.schemas.annotations import Annotations, TooLarge, inlined, json_schema

MODELS = '''
class Place(BaseModel):
    """A place."""
    _hidden: int = 0
    name: str = Field(description="Its name.")
    size: Optional[int] = Field(3, description="Its size.")
    tags: list[str] = Field(default_factory=list, description="Its tags.")
    kind: Literal["town", "city"] = Field(default="town", description="What it is.")
    due: float = Field(default=..., description="When.")

class Road(BaseModel):
    start: Place = Field(..., description="Where it starts.")
    ends: List[Place] = Field(..., description="Where it ends.")

class Bare(BaseModel):
    count: int = 3

class Odd(BaseModel):
    when: datetime = Field(description="No known type.")

class Wrong(BaseModel):
    model_config: int = Field(description="A name that pydantic keeps for itself.")

class Late(BaseModel):
    at: str = Field(now(), description="When.")

class Plain:
    x: int
'''


def schema(annotation: str, source: str = MODELS) -> Any:  # noqa: ANN401 - JSON
    annotations = Annotations(ast.parse(source))
    return json_schema(annotations.type_of(ast.parse(annotation, mode="eval").body))


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("int", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("Optional[bool]", {"type": "boolean"}),
        ("list", {"type": "array", "items": {"type": "string"}}),
        ("List", {"type": "array", "items": {"type": "string"}}),
        ("list[dict]", {"type": "array", "items": {"type": "object"}}),
        ("Dict", {"type": "object"}),
        (
            "List[List[int]]",
            {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        ),
    ],
)
def test_known_types_become_json_types(annotation: str, expected: object) -> None:
    assert schema(annotation) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("Literal['red', 'blue']", {"type": "string", "enum": ["red", "blue"]}),
        ("Optional[Literal[1, 2]]", {"type": "integer", "enum": [1, 2]}),
        ("Literal['x', None]", {"type": ["string", "null"], "enum": ["x", None]}),
        ("Literal[b'x', y, 1e999]", {"type": "string", "enum": ["b'x'", "y", "1e309"]}),
    ],
)
def test_a_literal_becomes_an_enum_of_its_values(annotation: str, expected: object) -> None:
    assert schema(annotation) == expected


@pytest.mark.parametrize(
    ("annotation", "quoted"),
    [
        ("int | None", "int | None"),
        ("Union[int, str]", "Union[(int, str)]"),
        ("Dict[str, int]", "typing.Dict[(str, int)]"),
        ("List[Dict[str, str]]", "ForwardRef('typing.Dict[(str, str)]')"),
        ("Set[str]", "Set[<class 'str'>]"),
        ("'int'", "'int'"),
        ("typing.Any", "typing.Any"),
        ("Optional", "typing.Optional"),
        ("int[str]", "<class 'int'>[<class 'str'>]"),
        *((name, name) for name in ("None", "tuple", "Plain", "Odd", "Wrong")),
    ],
)
def test_unknown_types_are_refused_as_the_server_spells_them(annotation: str, quoted: str) -> None:
    with pytest.raises(ValueError, match="no corresponding JSON schema type") as caught:
        schema(annotation)
    assert str(caught.value).startswith(f"Python type {quoted} has no ")


def test_dictionaries_with_types_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^Dictionary types dict\['\(str, int\)'\] with nested"):
        schema("Optional[dict[str, int]]")


def test_a_long_text_becomes_no_part_of_a_type() -> None:
    with pytest.raises(ValueError, match=r"Python type typing\.List\["):
        schema(f"List['{'x' * 1_000}']")


def test_a_model_is_an_object_with_its_fields() -> None:
    assert schema("Optional[Place]") == {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "Its name."},
            "size": {"type": "integer", "description": "Its size."},
            "tags": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Its tags.",
            },
            "kind": {"type": "string", "enum": ["town", "city"], "description": "What it is."},
            "due": {"type": "number", "description": "When."},
        },
        "required": ["name", "tags", "kind", "due"],
    }


def test_models_within_models_are_written_out() -> None:
    road = schema("List[Road]")["items"]

    assert road["properties"]["start"] == {
        **schema("Place"),
        "description": "Where it starts.",
    }
    assert road["properties"]["ends"]["items"] == schema("Place")


def test_a_field_without_description_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Property {'title': 'Count', 'type': 'integer'}"):
        schema("Bare")


def test_too_many_models_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 100 models"):
        schema("int", "class M(BaseModel):\n  pass\n" * 101)


def test_models_that_grow_without_end_are_refused() -> None:
    field = "Field(description='d')"
    doubled = f"class M0(BaseModel):\n  x: int = {field}\n" + "".join(
        f"class M{n}(BaseModel):\n  x: M{n - 1} = {field}\n  y: M{n - 1} = {field}\n"
        for n in range(1, 25)
    )
    with pytest.raises(TooLarge):
        schema("M24", doubled)


def test_what_is_referred_to_stands_in_place_of_the_reference() -> None:
    schema: Any = {
        "properties": {
            "home": {"$ref": "#/$defs/Place", "description": "Where."},
            "all": {"anyOf": [{"$ref": "#/definitions/Any"}, {"$ref": "#/$defs/Unknown"}]},
        },
        "$defs": {"Place": {"type": "object", "description": "A place."}},
        "definitions": {"Any": True},
    }
    assert inlined(schema["properties"], schema) == {
        "home": {"type": "object", "description": "Where."},
        "all": {"anyOf": [True, {"$ref": "#/$defs/Unknown"}]},
    }


def test_what_is_part_of_itself_is_an_object() -> None:
    node = {"properties": {"next": {"$ref": "#/$defs/Node"}}}

    assert inlined({"$ref": "#/$defs/Node"}, {"$defs": {"Node": node}}) == {
        "properties": {"next": {"type": "object"}}
    }


def test_what_would_double_and_double_again_is_too_large() -> None:
    definitions = {
        f"D{n}": {"a": {"$ref": f"#/$defs/D{n + 1}"}, "b": {"$ref": f"#/$defs/D{n + 1}"}}
        for n in range(30)
    }
    with pytest.raises(TooLarge):
        inlined({"$ref": "#/$defs/D0"}, {"$defs": definitions})


def test_a_default_that_is_no_literal_is_not_read() -> None:
    assert schema("Late")["required"] == ["at"]
