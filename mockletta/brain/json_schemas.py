"""JSON schemas: what a schema says once its references and parts are put together."""

from collections.abc import Mapping

Schema = Mapping[str, object]
DEEPEST = 12
JOINING = ("$ref", "allOf", "anyOf", "oneOf")


def resolved(schema: object, root: Schema, depth: int = 0) -> Schema:
    """Return a schema with its references and parts resolved, and one alternative chosen.

    What stands beside them, such as a description, is kept. Anything but a mapping says nothing.
    """
    found: Schema = schema if isinstance(schema, Mapping) else {}
    key = next((one for one in JOINING if one in found), "")
    if not key or depth > DEEPEST:
        return found
    stated = found[key]
    parts = [one for one in stated if isinstance(one, Mapping)] if isinstance(stated, list) else []
    beside = {name: value for name, value in found.items() if name != key}
    if key == "$ref":
        parts = [_referred(str(stated), root)]
    elif key == "allOf":
        parts = [resolved(one, root, depth + len(parts)) for one in parts]
    else:
        parts = [_alternative(parts)]
    return resolved(_merged([*parts, beside]), root, depth + 1)


def _alternative(schemas: list[Schema]) -> Schema:
    """Return the first alternative that is not null; constants are the choices of one."""
    chosen = [one for one in schemas if one.get("type") != "null"]
    if chosen and all("const" in one for one in chosen):
        return {"enum": [one["const"] for one in chosen]}
    return chosen[0] if chosen else {"type": "null"}


def _referred(reference: str, root: Schema) -> Schema:
    found: object = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        if part:
            found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def limit(schema: Schema, key: str, default: float) -> float:
    """Return a number that a schema states, such as `minimum`."""
    value = schema.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) else default


def _merged(schemas: list[Schema]) -> Schema:
    merged: dict[str, object] = {}
    for schema in schemas:
        for key, value in schema.items():
            old = merged.get(key)
            if isinstance(old, dict) and isinstance(value, Mapping):
                merged[key] = {**old, **value}
            elif isinstance(old, list) and isinstance(value, list):
                merged[key] = [*old, *value]
            else:
                merged[key] = value
    return merged
