"""The parameters of a tool, as far as its JSON schema says what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mockletta.brain.decisions import ToolSchema

Kind = Literal["string", "integer", "number", "other"]
MOST = 50


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `choices` are the texts it may be, if there are only some."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


def parameters_of(tool: ToolSchema) -> dict[str, Parameter]:
    """A tool's parameters by name; what the schema does not say soundly is left out."""
    properties = tool.parameters.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    named = [(name, schema) for name, schema in properties.items() if isinstance(name, str)]
    return {
        name: _parameter(name, schema if isinstance(schema, Mapping) else {})
        for name, schema in named[:MOST]
    }


def required_of(tool: ToolSchema) -> list[Parameter]:
    """The parameters that a call must have, in the order the schema names them."""
    required = tool.parameters.get("required")
    known = parameters_of(tool)
    names = required if isinstance(required, list) else []
    return [known.get(name, Parameter(name, "other")) for name in map(str, names)]


def _parameter(name: str, schema: Mapping[str, object]) -> Parameter:
    choices = schema.get("enum")
    listed = choices if isinstance(choices, list) else []
    texts = [one for one in listed if isinstance(one, str) and one]
    return Parameter(name, _kind(schema), tuple(texts))


def _kind(schema: Mapping[str, object]) -> Kind:
    """What a value is: of an optional one, what it is where it is given."""
    stated = schema.get("type")
    several = schema.get("anyOf")
    if isinstance(several, list):
        stated = [one.get("type") for one in several if isinstance(one, Mapping)]
    stated = stated if isinstance(stated, list) else [stated]
    kinds: tuple[Kind, ...] = ("string", "integer", "number")
    return next((kind for kind in kinds if kind in stated), "other")
