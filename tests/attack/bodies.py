"""Random JSON by a schema, with hostile values in the place of some."""

from random import Random
from typing import Any

Schema = dict[str, Any]
HOSTILE: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    -(2**63),
    2**64,
    10**40,
    1e308,
    -0.0,
    "",
    " ",
    "\0",
    "a\u202eb",
    "\U0001f600" * 50,
    "x" * 5_000,
    "../../etc/passwd",
    "{{ self }}",
    "/(a+)+$/",
    "%_" * 200,
    "-eyJ" * 2_000,
    "-----BEGIN PRIVATE KEY-----" * 300,
    '\\",' * 2_000,
    "It is not " * 500,
    "2026-13-45T99:99:99Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    [],
    {},
    [[[[[[]]]]]],
    [None] * 30,
    {"": {"": {"": ""}}},
    {"type": "unknown"},
    {"id": 1, "role": "user", "content": [{"type": "text"}]},
)
DEEPEST = 6


class RandomBodies:
    """Values of the schemas of an OpenAPI description. `ids` are those of rows that exist."""

    def __init__(self, description: Schema, rng: Random, ids: list[str]) -> None:
        self._components = description["components"]["schemas"]
        self._rng = rng
        self._ids = ids

    def of(self, schema: Schema, depth: int = 0) -> Any:  # noqa: ANN401
        rng = self._rng
        if rng.random() < 0.08:
            return rng.choice(HOSTILE)
        if "$ref" in schema:
            return self.of(self._components[schema["$ref"].rpartition("/")[2]], depth + 1)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.of(rng.choice(schema[key]), depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return rng.choice(schema["enum"])
        return self._typed(schema, depth)

    def _typed(self, schema: Schema, depth: int) -> Any:  # noqa: ANN401
        rng = self._rng
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                count = rng.choice((0, 1, 2, 5)) if depth < DEEPEST else 0
                return [self.of(schema.get("items", {}), depth + 1) for _ in range(count)]
            case "integer" | "number":
                return rng.choice((0, 1, 7, 50, -3, 10**6, 0.5))
            case "boolean":
                return rng.random() < 0.5
            case "string":
                return self._text(schema)
        return rng.choice(HOSTILE)

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        rng = self._rng
        needed = set(schema.get("required", ()))
        value = {
            name: self.of(inner, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in needed or rng.random() < (0.3 if depth < DEEPEST else 0)
        }
        if isinstance(schema.get("additionalProperties"), dict) and rng.random() < 0.5:
            value["a key"] = self.of(schema["additionalProperties"], depth + 1)
        return value

    def _text(self, schema: Schema) -> str:
        rng = self._rng
        if "format" in schema:
            return rng.choice(("2026-01-01T00:00:00Z", "1999-12-31", "x"))
        plain = (
            "openai/gpt-4o-mini",
            "Hello!",
            "name",
            "user",
            "human",
            "def f(x: int):\n  return x",
        )
        return rng.choice((*plain, *self._ids[-20:]))
