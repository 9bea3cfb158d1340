"""Describes what is wrong with a script: what was expected, what was received, and a suggestion."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Path: TypeAlias = tuple[str | int, ...]

LONGEST_SHOWN = 60
KINDS = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "string_type": "a text",
    "union_tag_not_found": "a text or a mapping",
}


class Problem(NamedTuple):
    """A problem: the path to it in the file, and whether it is about a key."""

    path: Path
    message: str
    is_key: bool


def problems(error: ValidationError) -> Iterator[Problem]:
    """Return each problem of a validation error."""
    details = error.errors(include_url=False)
    places = [one["loc"] for one in details]
    for one in details:
        loc = one["loc"]
        follows = one["type"] == "too_short" and any(
            other != loc and other[: len(loc)] == loc for other in places
        )
        if not follows:
            yield Problem(_path(one), describe(one), is_key="at" in one.get("ctx", {}))


def describe(error: ErrorDetails) -> str:
    """Describe one problem without its position.

    >>> describe({"type": "int_type", "msg": "Input should be a valid integer", "input": "x"})
    'expected a valid integer, got "x"'
    """
    message, kind = error["msg"], error["type"]
    if kind == "missing":
        return f"`{error['loc'][-1]}` is missing"
    if kind == "too_short":
        return "expected at least one"
    if kind in KINDS:
        quotes = kind == "string_type" and not isinstance(error["input"], dict | list)
        advice = "; put quotes around it" if quotes else ""
        return f"expected {KINDS[kind]}, got {_shown(error['input'])}{advice}"
    expected = message.removeprefix("Input should be ")
    return message if expected == message else f"expected {expected}, got {_shown(error['input'])}"


def _path(error: ErrorDetails) -> Path:
    """Return the path in the file. Kinds of items and patterns, in angle brackets, are not keys."""
    path = tuple(step for step in error["loc"] if not str(step).startswith("<"))
    at = error.get("ctx", {}).get("at", [])
    return (*path, *(at if isinstance(at, list) else [at]))


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = f'"{value}"' if isinstance(value, str) else str(value).lower()
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
