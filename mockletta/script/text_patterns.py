"""Text patterns: a part, a phrase with {placeholders}, a regular expression, or the whole text.

Regular expressions are bounded, so no script can hang its server.
"""

import re
from functools import lru_cache
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag
from pydantic_core import PydanticCustomError

from mockletta.documents.unknown_keys import Strict
from mockletta.script.value_types import SEVERAL, Text, as_tuple
from mockletta.search.expressions import BadExpression, Expression, ExpressionTooSlow

FLAGS = "imsx"
_EXPRESSION = re.compile(r"/(.+)/([A-Za-z]*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{([A-Za-z]\w*)\}")
_WORD = r"[^\s,;:!?.]+(?:[.,:][^\s,;:!?.]+)*"
_PHRASE = r"\S(?:.*?\S)??"

Groups: TypeAlias = dict[str | int, str]


class TooSlow(Exception):
    """A regular expression took too long. The message names it."""


class Whole(Strict):
    """Matches the whole text."""

    exact: Text


class Part(Strict):
    """Matches a part of the text. No character is special."""

    contains: Text


def checked(pattern: str) -> str:
    """Return a pattern. Raises ValueError for an invalid regular expression."""
    _compiled(pattern)
    return pattern


def _form(value: object) -> str:
    if isinstance(value, Part) or (isinstance(value, dict) and "contains" in value):
        return "<contains>"
    return "<exact>" if isinstance(value, dict | Whole) else "<text>"


Written: TypeAlias = Annotated[Text, AfterValidator(checked)]
Pattern: TypeAlias = Annotated[
    Annotated[Written, Tag("<text>")]
    | Annotated[Whole, Tag("<exact>")]
    | Annotated[Part, Tag("<contains>")],
    Discriminator(_form),
]
Patterns: TypeAlias = Annotated[
    tuple[Pattern, ...],
    SEVERAL,
    BeforeValidator(as_tuple, json_schema_input_type=Pattern | list[Pattern]),
]
Names: TypeAlias = Annotated[
    tuple[Written, ...],
    SEVERAL,
    BeforeValidator(as_tuple, json_schema_input_type=Written | list[Written]),
]


def match(pattern: str | Whole | Part, text: str) -> Groups | None:
    """Return the groups of a pattern in a text, by name and number; None if it does not match.

    >>> match("weather in {city}", "What is the weather in Paris?")
    {'city': 'Paris', 1: 'Paris'}
    """
    if isinstance(pattern, Whole):
        return {} if text == pattern.exact else None
    if isinstance(pattern, Part):
        return {} if pattern.contains in text else None
    expression = _compiled(pattern)
    if expression is None:
        return {} if pattern in text else None
    return _search(expression, pattern, text)


def is_named(names: tuple[str, ...], name: str) -> bool:
    """Return whether a name is among some, each a name or a /regular expression/."""
    return any(
        name == one or (is_expression(one) and match(one, name) is not None) for one in names
    )


def groups_of(pattern: str | Whole | Part) -> frozenset[str]:
    """Return the names of a pattern's groups."""
    expression = _compiled(pattern) if isinstance(pattern, str) else None
    return expression.group_names if expression else frozenset()


def is_expression(pattern: str) -> bool:
    """Return whether a pattern is written /as a regular expression/."""
    return _EXPRESSION.fullmatch(pattern) is not None


def spell(pattern: str | Whole | Part) -> str:
    """Return a pattern as explanations show it."""
    if isinstance(pattern, Whole):
        return f'exactly "{pattern.exact}"'
    text = pattern.contains if isinstance(pattern, Part) else pattern
    return text if is_expression(text) else f'"{text}"'


def _search(expression: Expression, pattern: str, text: str) -> Groups | None:
    try:
        found = expression.search(text)
    except ExpressionTooSlow as error:
        raise TooSlow(f"{pattern} {error}; make it simpler") from error
    if found is None:
        return None
    numbered: Groups = {n: one for n, one in enumerate(found.groups(), 1) if one is not None}
    return {name: one for name, one in found.groupdict().items() if one is not None} | numbered


@lru_cache(maxsize=10_000)
def _compiled(pattern: str) -> Expression | None:
    """Return a pattern as a regular expression; None for a plain part of a text."""
    written = _EXPRESSION.fullmatch(pattern)
    if written is not None:
        return _expression(written[1], written[2])
    if _PLACEHOLDER.search(pattern):
        return _expression(_phrase(pattern), "s")
    return None


def _expression(source: str, flags: str) -> Expression:
    if set(flags) - set(FLAGS):
        raise PydanticCustomError(
            "flags",
            "/{source}/ is a regular expression with the unknown flags `{flags}`; there are "
            "`i`, `m`, `s` and `x`, and {contains: ...} finds any text as it is",
            {"source": source, "flags": flags},
        )
    try:
        return Expression(f"(?{flags}){source}" if flags else source)
    except BadExpression as error:
        raise PydanticCustomError(
            "expression",
            "/{source}/ is not a regular expression: {reason}",
            {"source": source, "reason": str(error)},
        ) from error


def _phrase(pattern: str) -> str:
    """Return a phrase as a regular expression.

    A placeholder matches a word at the end; elsewhere it matches any words up to the text that
    follows. A repeated name matches the same text again.
    """
    parts = _PLACEHOLDER.split(pattern)
    source, seen = re.escape(parts[0]), set[str]()
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        held = _PHRASE if literal else _WORD
        source += f"(?P={name})" if name in seen else f"(?P<{name}>{held})"
        source += re.escape(literal)
        seen.add(name)
    return source
