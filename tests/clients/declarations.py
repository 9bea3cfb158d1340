"""TypeScript declarations of JSON Schemas, and of typed dictionaries."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = Mapping[str, Any]
WIDTH = 96
PLAIN = {
    "boolean": "boolean",
    "integer": "number",
    "null": "null",
    "number": "number",
    "string": "string",
}
TEMPLATE = r"\{\{"
"""The pattern of texts that are templates of a script."""
PYTHON = {Any: "any", object: "unknown", NoneType: "null", bool: "boolean", str: "string"}
NUMBERS = (int, float)


class Declarations:
    """Writes named schemas as TypeScript. `given` are types to write for some properties instead of
    those of their schemas, `aliases` are unions with a name, as their members."""

    def __init__(
        self, given: Mapping[tuple[str, str], str], aliases: Mapping[str, list[str]]
    ) -> None:
        self._given = given
        self._aliases = aliases

    def named(self, name: str, schema: Schema, *, leaving_out: Iterable[str] = ()) -> str:
        """Declare an interface for an object, or a type for anything else."""
        if "properties" not in schema:
            return f"{comment(schema)}export type {name} = {self.type_of(schema)};\n"
        lines = self._properties(name, schema, set(leaving_out))
        return f"{comment(schema)}export interface {name} {{\n{''.join(lines)}}}\n"

    def type_of(self, schema: Schema) -> str:
        """Write the type of a schema."""
        if "$ref" in schema:
            return str(schema["$ref"]).rpartition("/")[2]
        if "const" in schema:
            return json.dumps(schema["const"])
        if "enum" in schema:
            return " | ".join(map(json.dumps, schema["enum"]))
        members = schema.get("anyOf") or schema.get("oneOf")
        if members:
            return self.union(map(self.type_of, members))
        if schema.get("pattern") == TEMPLATE:
            return "`${string}{{${string}}}${string}`"
        return self._container(schema) or PLAIN.get(schema.get("type", ""), "unknown")

    def union(self, types: Iterable[str]) -> str:
        """Write a union. Members that are a union with a name are written as that."""
        parts = list(dict.fromkeys(part for one in types for part in members_of(one)))
        for name, members in self._aliases.items():
            if set(members) <= set(parts):
                parts = [name, *(part for part in parts if part not in members)]
        return " | ".join(parts)

    def _container(self, schema: Schema) -> str | None:
        if schema.get("type") == "array":
            written = self.type_of(schema.get("items", {}))
            return f"({written})[]" if " | " in written else f"{written}[]"
        if schema.get("type") == "object":
            inner = schema.get("additionalProperties")
            written = self.type_of(inner) if isinstance(inner, dict) else "unknown"
            return f"Record<string, {written}>"
        return None

    def _properties(self, name: str, schema: Schema, left_out: set[str]) -> Iterator[str]:
        required = set(schema.get("required", ()))
        for key, value in schema["properties"].items():
            if key in left_out:
                continue
            optional = key not in required
            written = self._given.get((name, key)) or self.type_of(value)
            if optional and value.get("default", ...) is None:
                written = self.union(part for part in members_of(written) if part != "null")
            yield textwrap.indent(comment(value), "  ")
            yield f"  {key}{'?' if optional else ''}: {written};\n"


def members_of(union: str) -> list[str]:
    """Split a written union into its members. Unions within brackets stay as they are."""
    members, depth = [""], 0
    for word in union.split(" "):
        if word == "|" and depth == 0:
            members.append("")
            continue
        depth += sum(word.count(one) for one in "(<{") - sum(word.count(one) for one in ")>}")
        members[-1] += f" {word}" if members[-1] else word
    return members


def typed_dicts_in(hint: object) -> list[type]:
    """Return the typed dictionaries of an annotation, those within others first."""
    inner = get_type_hints(hint).values() if is_typeddict(hint) else get_args(hint)
    found = [one for part in inner for one in typed_dicts_in(part)]
    return [*found, hint] if isinstance(hint, type) and is_typeddict(hint) else found


def typed_dict(kind: type, given: Mapping[tuple[str, str], str]) -> str:
    """Declare an interface for a TypedDict. `given` are types of some properties."""
    hints = get_type_hints(kind).items()
    types = {key: given.get((kind.__name__, key)) or python_type(hint) for key, hint in hints}
    lines = [f"  {key}: {written};\n" for key, written in types.items()]
    head = comment({"description": kind.__doc__ or ""})
    return f"{head}export interface {kind.__name__} {{\n{''.join(lines)}}}\n"


def python_type(hint: Any) -> str:  # noqa: ANN401 - any annotation
    """Write the type of an annotation."""
    origin, inner = get_origin(hint), [python_type(one) for one in get_args(hint)]
    if origin in (Union, UnionType):
        return " | ".join(inner)
    if origin is list:
        return f"{f'({inner[0]})' if ' | ' in inner[0] else inner[0]}[]"
    if origin is dict:
        return f"Record<{', '.join(inner)}>"
    return "number" if hint in NUMBERS else PYTHON.get(hint) or str(hint.__name__)


def comment(schema: Schema) -> str:
    """Write the description of a schema as a comment, or nothing."""
    text = " ".join(str(schema.get("description", "")).split())
    if not text:
        return ""
    if len(text) <= WIDTH:
        return f"/** {text} */\n"
    lines = "".join(f" * {line}\n" for line in textwrap.wrap(text, WIDTH))
    return f"/**\n{lines} */\n"
