"""Annotations that are models and enumerations of the same source."""

import ast
from typing import Any

import pytest

from mockletta.tools.schemas.annotations import Annotations

MODELS = '''
class Place(pydantic.BaseModel):
    """A place."""
    model_config = {}
    _hidden: int = 0
    name: str = Field(description="Its name.")
    size: int | None = Field(3, description=f"no text")
    tags: list[str] = Field(default_factory=list)
    due: float = ...
    also: int = pydantic.Field(...)

class Town(Place):
    mayor: "Person"

class Person(TypedDict):
    home: Optional[Town]
    odd: int = f(x=1)

@dataclass(frozen=True)
class Point:
    x: int
    y: int = 0

class Plain:
    x: int

class Strange(BaseModel):
    x: Unknown

class Stranger(Strange):
    y: int

class Mixed(Stranger):
    z: int

class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"

class Number(IntEnum):
    ONE = 1

class Odd(Enum):
    A = auto()

class Nothing(Enum):
    pass
'''


def schema(annotation: str) -> Any:  # noqa: ANN401 - JSON
    return Annotations(ast.parse(MODELS)).schema_of(ast.parse(annotation, mode="eval").body)[0]


def test_a_model_is_an_object_with_its_fields() -> None:
    assert schema("Place") == {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "Its name."},
            "size": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "due": {"type": "number"},
            "also": {"type": "integer"},
        },
        "required": ["name", "due", "also"],
    }
    assert schema("list[Point]")["items"]["required"] == ["x"]


def test_a_model_has_what_its_bases_have_and_does_not_go_on_for_ever() -> None:
    town = schema("Town")

    assert town["required"] == ["name", "due", "also", "mayor"]
    assert town["properties"]["mayor"]["properties"]["home"] == {"type": "object"}


def test_an_enumeration_is_its_values() -> None:
    assert schema("Colour") == {"type": "string", "enum": ["red", "blue"]}
    assert schema("Number | None") == {"type": "integer", "enum": [1]}


def test_literals_are_values_of_json() -> None:
    assert schema("Literal[-1, 'a', None, True]")["enum"] == [-1, "a", None, True]
    assert schema("int | (str | float)") == {
        "anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "number"}]
    }


@pytest.mark.parametrize(
    "annotation",
    [
        *("Plain", "Strange", "Stranger", "Mixed", "Odd", "Nothing"),
        *("Literal[...]", "Literal[b'x']", "Literal[1j]", "Literal[1e999]", "Literal[x]"),
        *("tuple[()]", "Annotated[()]", "list[" * 31 + "int" + "]" * 31),
    ],
)
def test_what_has_no_schema_has_none(annotation: str) -> None:
    assert schema(annotation) is None


def test_models_that_are_too_much_are_given_up() -> None:
    doubled = "class M0(BaseModel):\n  x: int\n" + "".join(
        f"class M{n}(BaseModel):\n  x: M{n - 1}\n  y: M{n - 1}\n" for n in range(1, 25)
    )
    inherited = "class M0(BaseModel):\n  x: int\n" + "".join(
        f"class M{n}(M{n - 1}):\n  pass\n" for n in range(1, 50)
    )
    assert Annotations(ast.parse(doubled)).schema_of(ast.Name("M24")) == (None, False)
    assert Annotations(ast.parse(inherited)).schema_of(ast.Name("M49")) == (None, False)
