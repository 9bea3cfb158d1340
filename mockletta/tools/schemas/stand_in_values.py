"""Values that stand in where JSON of some schema is asked for."""

from collections.abc import Mapping

DEEPEST = 20
PLAIN: Mapping[str, object] = {
    "boolean": False,
    "integer": 0,
    "number": 0,
    "null": None,
    "array": [],
}


def value_of(schema: object, text: str, depth: int = 0) -> object:
    """A small value of a schema: its default or first choice if it names one, all properties of an
    object, and the text for a string."""
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return None
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    for key in ("enum", "anyOf", "oneOf", "allOf"):
        choices = schema.get(key)
        if isinstance(choices, list) and choices:
            return choices[0] if key == "enum" else value_of(choices[0], text, depth + 1)
    kind = schema.get("type")
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        return {name: value_of(inner, text, depth + 1) for name, inner in properties.items()}
    if kind == "object":
        return {}
    return PLAIN.get(str(kind), text)
