"""Schemas of MCP tools: normalised, and judged by how strict a model can be with them.

What has `properties` is an object, and objects are closed unless they say otherwise. A schema is
INVALID if no model can be offered it, and its tool is not registered: an array without `items`, a
value without a type, a top type that is not an object. It is NON_STRICT_ONLY if an object is open.
An optional property is no fault.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

Status = Literal["STRICT_COMPLIANT", "NON_STRICT_ONLY", "INVALID"]
UNIONS = ("anyOf", "oneOf", "allOf")
TYPELESS = ("enum", "const", "$ref", *UNIONS)
"""Keywords that make a type unnecessary."""
DEEPEST = 50


class SchemaVerdict(NamedTuple):
    """How usable a schema is, and what is wrong with it."""

    status: Status
    warnings: list[str]


class SchemaFault(NamedTuple):
    """Something wrong with a schema; `is_fatal` makes it invalid."""

    text: str
    is_fatal: bool


def normalised(schema: object, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return a schema in which each object says whether it is open."""
    if isinstance(schema, list):
        return [normalised(one, depth + 1) for one in schema]
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return schema
    changed: dict[str, Any] = {**schema}
    if "type" not in schema and "properties" in schema:
        changed["type"] = "object"
    if changed.get("type") == "object":
        changed.setdefault("additionalProperties", False)
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        changed["properties"] = {
            name: normalised(one, depth + 1) for name, one in properties.items()
        }
    for key in ("items", *UNIONS):
        if key in schema:
            changed[key] = normalised(schema[key], depth + 1)
    return changed


def verdict(schema: object) -> SchemaVerdict:
    """Judge a normalised schema of a tool's parameters."""
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return SchemaVerdict("INVALID", ["root: type must be 'object'"])
    faults = list(_faults(schema, "root"))
    warnings = [fault.text for fault in faults]
    if any(fault.is_fatal for fault in faults):
        return SchemaVerdict("INVALID", warnings)
    return SchemaVerdict("NON_STRICT_ONLY" if faults else "STRICT_COMPLIANT", warnings)


def _faults(node: object, path: str, depth: int = 0) -> Iterator[SchemaFault]:
    if not isinstance(node, Mapping):
        yield SchemaFault(f"{path}: not a valid schema object", is_fatal=True)
        return
    if depth > DEEPEST:
        yield SchemaFault(f"{path}: nested too deeply", is_fatal=True)
        return
    kind = node.get("type") or ("array" if "items" in node else None)
    if kind is None and not any(key in node for key in TYPELESS):
        yield SchemaFault(f"{path}: Missing 'type'", is_fatal=True)
    elif kind == "object":
        yield from _object_faults(node, path, depth)
    elif kind == "array":
        yield from _array_faults(node, path, depth)
    for key in UNIONS:
        parts = node.get(key)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            yield from _faults(part, f"{path}.{key}[{number}]", depth + 1)


def _object_faults(node: Mapping[str, Any], path: str, depth: int) -> Iterator[SchemaFault]:
    properties, required = node.get("properties", {}), node.get("required", [])
    if not isinstance(properties, Mapping):
        yield SchemaFault(f"{path}: 'properties' must be a dict for objects", is_fatal=True)
        return
    if node.get("additionalProperties", False) is not False:
        text = f"{path}: 'additionalProperties' is not false (free-form object)"
        yield SchemaFault(text, is_fatal=False)
    if not isinstance(required, list):
        yield SchemaFault(f"{path}: 'required' must be a list if present", is_fatal=True)
        required = []
    for name in required:
        if name not in properties:
            text = f"{path}: required contains '{name}' not found in properties"
            yield SchemaFault(text, is_fatal=True)
    for name, schema in properties.items():
        yield from _faults(schema, f"{path}.properties.{name}", depth + 1)


def _array_faults(node: Mapping[str, Any], path: str, depth: int) -> Iterator[SchemaFault]:
    if node.get("items") is None:
        yield SchemaFault(
            f"{path}: 'items' must be defined for arrays in strict mode", is_fatal=True
        )
    elif not isinstance(node["items"], Mapping):
        yield SchemaFault(f"{path}: 'items' must be a schema object, not a list", is_fatal=True)
    else:
        yield from _faults(node["items"], f"{path}.items", depth + 1)
