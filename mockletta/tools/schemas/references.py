"""References in JSON schemas, which models of pydantic are full of."""

from collections.abc import Mapping

DEFINITIONS = ("$defs", "definitions")
DEEPEST = 100
LARGEST = 100_000


class TooLarge(Exception):
    """A schema that would not end, or not soon."""


def inlined(part: object, schema: Mapping[str, object]) -> object:
    """A part of a schema with what it refers to in place of each reference; where something is part
    of itself, a mere object. Raises TooLarge."""
    return _Inliner(schema).inline(part, ())


class _Inliner:
    def __init__(self, schema: Mapping[str, object]) -> None:
        self._known: dict[str, object] = {}
        for key in DEFINITIONS:
            found = schema.get(key)
            for name, definition in (found if isinstance(found, dict) else {}).items():
                self._known[f"#/{key}/{name}"] = definition
        self._left = LARGEST

    def inline(self, part: object, inside: tuple[str, ...], depth: int = 0) -> object:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            raise TooLarge
        if isinstance(part, list):
            return [self.inline(item, inside, depth + 1) for item in part]
        if not isinstance(part, dict):
            return part
        reference = part.get("$ref")
        if not isinstance(reference, str) or reference not in self._known:
            return {key: self.inline(item, inside, depth + 1) for key, item in part.items()}
        if reference in inside:
            return {"type": "object"}
        meant = self.inline(self._known[reference], (*inside, reference), depth + 1)
        beside = {key: item for key, item in part.items() if key != "$ref"}
        return {**meant, **beside} if isinstance(meant, dict) else meant
