"""JSON schemas: what a schema says once its references and parts are put together."""

from collections.abc import Mapping

Schema = Mapping[str, object]
DEEPEST = 12


def resolved(schema: Schema, root: Schema) -> Schema:
    """Return a schema with its references and parts resolved, and one alternative chosen."""
    for _ in range(DEEPEST):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            schema = _referred(reference, root)
            continue
        whole = schema.get("allOf")
        parts = (
            [one for one in whole if isinstance(one, Mapping)] if isinstance(whole, list) else []
        )
        alternatives = schema.get("anyOf") or schema.get("oneOf")
        if parts:
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            schema = _merged([*(resolved(one, root) for one in parts), rest])
        elif isinstance(alternatives, list) and alternatives:
            chosen = [one for one in alternatives if isinstance(one, Mapping)]
            schema = next((x for x in chosen if x.get("type") != "null"), {"type": "null"})
        else:
            break
    return schema


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
