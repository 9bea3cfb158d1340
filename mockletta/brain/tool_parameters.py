"""The tools of an agent, and the parameters of a tool, read from its JSON schema."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockletta.brain.decisions import ToolSchema
from mockletta.brain.json_schemas import Schema, resolved

KINDS = ("string", "integer", "number", "boolean", "array", "object")
MOST = 50
EXPLAINING = re.compile(
    r"^(?:reason|explanation|justification|rationale) |\bwhy\b|"
    r"\bwhat (?:this|the) (?:command|call|code|tool)",
    re.IGNORECASE,
)
CHOICES = (
    re.compile(
        r"^(?!.*(?:\be\.g\.|\bsuch as\b|\blike\b|\bexample))[^\"'`]*"
        r"([\"'`][\w-]+[\"'`](?:(?:,? or |, |/|\||,? and )[\"'`][\w-]+[\"'`])+)"
        r"(?:\W*default.*)?\W*$"
    ),
    re.compile(
        r"(?:^|: |\b(?:[Oo]ne|[Ee]ither|[Aa]ny) of:? |\b[Ee]ither )"
        r"((?:[a-z][\w-]*, )*[a-z][\w-]*,? or [a-z][\w-]*)\W*$"
    ),
)
"""How a description names the choices: `low, medium or high`, `Either "km" or "mi".`"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `choices` are its possible texts, if they are limited.

    It `explains` if it describes the purpose of a call, such as the description of a shell command.
    `items` is the kind of a list's items.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    explains: bool = False
    description: str = ""
    items: str = ""


def own_tools(schemas: Sequence[ToolSchema]) -> Sequence[ToolSchema]:
    """Return the tools that are not base tools of the server."""
    own: Sequence[ToolSchema] | None = getattr(schemas, "own", None)
    return [one for one in schemas if not one.is_base] if own is None else own


def parameters_of(tool: ToolSchema) -> dict[str, Parameter]:
    """Return a tool's parameters by name. Malformed parts of the schema are left out."""
    properties = tool.parameters.get("properties")
    named = list(properties.items())[:MOST] if isinstance(properties, Mapping) else []
    return {
        name: _parameter(name, resolved(schema, tool.parameters), tool.parameters)
        for name, schema in named
        if isinstance(name, str)
    }


def required_of(tool: ToolSchema) -> list[Parameter]:
    """Return the required parameters, in the schema's order."""
    required = tool.parameters.get("required")
    known = parameters_of(tool)
    names = required if isinstance(required, list) else []
    return [known.get(name, Parameter(name, "other")) for name in map(str, names)]


def _parameter(name: str, schema: Schema, root: Schema) -> Parameter:
    items = resolved(schema.get("items"), root)
    choices = schema.get("enum", items.get("enum"))
    described, kind = str(schema.get("description") or ""), kind_of(schema)
    if not isinstance(choices, list):
        choices = _described_choices(described) if kind in ("string", "array") else []
    texts = tuple(one for one in choices if isinstance(one, str) and one)
    kind = "string" if texts and kind == "other" else kind
    explains = bool(EXPLAINING.search(f"{name} {described}"))
    return Parameter(name, kind, texts, explains, described, kind_of(items))


def _described_choices(description: str) -> list[str]:
    match = next(filter(None, (form.search(description) for form in CHOICES)), None)
    return re.split(r",? (?:or|and) |, |[/|]", re.sub(r"[\"'`]", "", match[1])) if match else []


def kind_of(schema: Schema) -> str:
    """Return the kind of a value; for an optional one, the kind of a given value."""
    stated = schema.get("type") or ("object" if "properties" in schema else "")
    stated = stated if isinstance(stated, list) else [stated]
    return next((kind for kind in KINDS if kind in stated), "other")
