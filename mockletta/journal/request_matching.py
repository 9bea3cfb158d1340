"""Matches requests against conditions, and reports the unmet ones.

The name of a condition is a field of the body, or else of the query, or else of the path. `__`
descends, as in `messages__0__content`. `body__…`, `query__…`, `params__…` and `response__…` select
the place. `status` is the response's, `key` the API key. The value is a value to equal, a regular
expression to search for, or a predicate.
"""

import json
import re
from collections.abc import Callable, Mapping
from enum import Enum
from inspect import isawaitable, iscoroutine
from typing import Any, Final, NamedTuple, TypeGuard

from mockletta.documents.hints import did_you_mean
from mockletta.documents.json_types import Json
from mockletta.errors import Unprocessable
from mockletta.journal.entries import Entry
from mockletta.journal.terminal_text import shown, shown_pair
from mockletta.search.expressions import BadExpression, Budget, Expression, ExpressionTooSlow


class BoundedPattern:
    """A regular expression as a condition.

    All conditions of a query share one time limit. Raises Unprocessable if the expression is
    invalid or takes too long.
    """

    def __init__(self, name: str, pattern: str, budget: Budget) -> None:
        self.name = name
        self.pattern = pattern
        self._budget = budget
        try:
            self._expression = Expression(pattern)
        except BadExpression as error:
            raise Unprocessable(f"The regular expression of {name} is invalid: {error}") from error

    def search(self, text: str) -> object:
        """Return the match, or None."""
        try:
            return self._expression.search(text, self._budget)
        except ExpressionTooSlow as error:
            raise Unprocessable(
                f"The regular expression of {self.name} {error}: make it simpler"
            ) from error


Conditions = Mapping[str, object]


class MissingField(Enum):
    """The type of the value for a field that was not sent."""

    MISSING = "MISSING"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = MissingField.MISSING
"""A condition: the field was not sent."""


class Difference(NamedTuple):
    """A condition that a request does not meet."""

    name: str
    expected: str
    received: str


class RequestCondition:
    """An entry whose fields are read; its body is parsed once."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.places: dict[str, Any] = {
            "body": entry.body,
            "query": entry.query,
            "params": dict(entry.params),
        }

    def field(self, name: str) -> tuple[Any, bool]:
        """Return a field's value or MISSING, and whether all values of its source are texts."""
        if name == "status":
            return self.entry.status, False
        first, *rest = name.split("__")
        if rest and first == "response":
            return _walk(self.entry.response, rest), False
        if rest and first in self.places:
            return _walk(self.places[first], rest), first != "body"
        for place, value in self.places.items():
            for path in ([name], [first, *rest]):
                found = _walk(value, path)
                if found is not MISSING:
                    return found, place != "body"
        return MISSING, False

    @property
    def names(self) -> list[str]:
        """Return the names of its top-level fields."""
        return [name for place in self.places.values() if isinstance(place, dict) for name in place]


def differences(entry: Entry, conditions: Conditions) -> list[Difference]:
    """Return the conditions that a request does not meet."""
    if not conditions:
        return []
    request = RequestCondition(entry)
    found = (_difference(request, name, wanted) for name, wanted in conditions.items())
    return [difference for difference in found if difference is not None]


def spelled(expected: object) -> str:
    """Format a condition's value: regular expressions between slashes, predicates by name."""
    if isinstance(expected, re.Pattern | BoundedPattern):
        return f"/{expected.pattern}/"
    if _is_predicate(expected):
        return f"what {getattr(expected, '__name__', expected)} accepts"
    return shown(expected)


def _difference(request: RequestCondition, name: str, expected: object) -> Difference | None:
    if name == "key":
        met = _is_key(request.entry, expected)
        return None if met else Difference(name, "another key", shown(request.entry.key))
    value, is_text = request.field(name)
    try:
        if _meets(value, expected, is_text=is_text):
            return None
    except Unprocessable:
        raise
    except Exception as error:  # noqa: BLE001 - a predicate is the test author's own code
        return Difference(name, spelled(expected), f"{shown(value)}, on which it raised {error!r}")
    if value is MISSING:
        return Difference(name, spelled(expected), _absence(request, name))
    if isinstance(value, str) and isinstance(expected, str):
        return Difference(name, *shown_pair(expected, value))
    return Difference(name, spelled(expected), shown(value))


def _meets(value: object, expected: object, *, is_text: bool) -> bool:
    if isinstance(expected, re.Pattern | BoundedPattern):
        return value is not MISSING and expected.search(_text(value)) is not None
    if _is_predicate(expected):
        return value is not MISSING and _accepts(expected, value)
    if is_text and isinstance(expected, bool | int | float):
        return value == json.dumps(expected)
    return bool(value == expected)


def _is_predicate(expected: object) -> TypeGuard[Callable[[object], object]]:
    """Return whether a value is a function. A class, such as those of dirty-equals, is compared
    instead."""
    return callable(expected) and not isinstance(expected, type)


def _accepts(predicate: Callable[[object], object], value: object) -> bool:
    accepted = predicate(value)
    if isawaitable(accepted):
        if iscoroutine(accepted):
            accepted.close()
        raise TypeError("a predicate must be synchronous: use `def`, not `async def`")
    return bool(accepted)


def _is_key(entry: Entry, expected: object) -> bool:
    if isinstance(expected, str) and entry.key_mark == hash(expected):
        return True
    return _meets(MISSING if entry.key is None else entry.key, expected, is_text=True)


def _walk(value: Json, path: list[str]) -> Json:
    """Return the value at a path of names and list indexes, MISSING if there is none."""
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _absence(request: RequestCondition, name: str) -> str:
    names = request.names
    first = name.split("__", maxsplit=1)[0]
    hint = did_you_mean(first, [one for one in names if one != first])
    if hint:
        return f"not sent{hint}"
    return (
        f"not sent; these fields were: {', '.join(names)}"
        if names
        else "not sent, nor was any other field"
    )
