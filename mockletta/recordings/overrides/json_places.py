"""Places in JSON: `$.a.b`, `$[*].c`, `$.list[*].d`. `[*]` is every item of a list."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Json = Any
Change = Callable[[Any, Any], None]
_PART = re.compile(r"\.([^.\[\]]+)|\[(\*|\d+)\]")


class BadPlace(ValueError):
    """A text that is not a place."""


def parts_of(place: str) -> list[str]:
    """Split a place into the names of fields and `*` or numbers for items. Raises BadPlace."""
    parts = [found[1] or found[2] for found in _PART.finditer(place)]
    if (
        not place.startswith("$")
        or "".join(found[0] for found in _PART.finditer(place)) != place[1:]
    ):
        raise BadPlace(f"{place} is no place in JSON, such as $.a or $[*].b")
    return parts


def holders(value: Json, parts: list[str]) -> Iterator[tuple[Any, Any]]:
    """Find the objects and lists that have, or can have, the last part; each with its key."""
    if not parts:
        return
    first, rest = parts[0], parts[1:]
    keys = _keys(value, first)
    if not rest:
        yield from ((value, key) for key in keys)
        return
    for key in keys:
        if not isinstance(value, dict) or key in value:
            yield from holders(value[key], rest)


def _keys(value: Json, part: str) -> list[Any]:
    if isinstance(value, list):
        if part == "*":
            return list(range(len(value)))
        return [int(part)] if part.isdigit() and int(part) < len(value) else []
    return [part] if isinstance(value, dict) else []


def value_at(value: Json, place: str) -> Json:
    """Return the first value at a place. Raises LookupError if there is none."""
    if place == "$":
        return value
    for holder, key in holders(value, parts_of(place)):
        if not isinstance(holder, dict) or key in holder:
            return holder[key]
    raise LookupError(place)
