"""Random regular expressions and templates: each is refused, or is done in a bounded time."""

import time
from contextlib import suppress
from random import Random

from pydantic import TypeAdapter, ValidationError

from mockletta.script.template_texts import BadTemplate, Template, fill
from mockletta.search.expressions import BadExpression, Expression, ExpressionTooSlow
from mockletta.search.like_patterns import is_like

ATOMS = (
    "a",
    "ab",
    ".",
    "\\w",
    "[a-z]",
    "[^b]",
    "(?=a)",
    "^",
    "$",
    "\\1",
    "\\p{L}",
    "a|b",
    "[",
    ")",
    "ß",
)
REPEATS = ("", "*", "+", "?", "{3}", "{2,}", "{1000}", "{99999}", "*?", "++", "{e<=2}")
GROUPS = ("(", "(?:", "(?i:", "(?>", "(?<=", "(?P<n>", "(?x: #", "(?V1)(")
EXPRESSIONS = (
    "name",
    "count",
    "self",
    "blocks",
    "'a' * 9",
    "name.upper",
    "name.upper()",
    "blocks.keys()",
    "name|list|join(name)",
    "[1, 2]|map('string')",
    "1 / 0",
    "9" * 5_000,
    "''.__class__",
    "name[0]",
    "range(9)",
    "{{",
    "%}",
)
FACTS = {"name": "Ann", "count": 2, "blocks": {"human": "H"}}
MOST_SECONDS = 5.0


def attack_patterns(rng: Random, rounds: int) -> list[str]:
    """Compile and search with random expressions, and fill in random templates."""
    failures = []
    for _ in range(rounds):
        source, template = _expression(rng, rng.randrange(1, 6)), _template(rng)
        began = time.monotonic()
        try:
            _search(source, "a" * rng.choice((5, 2_000, 100_000)) + rng.choice(("", "b")))
            _fill(template)
            is_like("a" * 1_000, source.translate({42: "%", 43: "_"}))
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            failures.append(f"{error!r} for /{source}/ and {template!r}")
        if time.monotonic() - began > MOST_SECONDS:
            failures.append(f"too slow: /{source}/ and {template!r}")
    return failures


def _search(source: str, text: str) -> None:
    with suppress(BadExpression, ExpressionTooSlow):
        Expression(source).search(text)


def _fill(template: str) -> None:
    try:
        filled = fill(TypeAdapter(Template).validate_python(template), lambda _: FACTS)
    except (ValidationError, BadTemplate):
        return
    if " object at 0x" in filled or "<built-in" in filled or "Reference" in filled:
        raise AssertionError(f"an object is printed: {filled}")


def _expression(rng: Random, depth: int) -> str:
    parts = []
    for _ in range(rng.randrange(1, 4)):
        inner = _expression(rng, depth - 1) if depth and rng.random() < 0.6 else None
        atom = rng.choice(ATOMS) if inner is None else f"{rng.choice(GROUPS)}{inner})"
        parts.append(atom + rng.choice(REPEATS))
    return "".join(parts)


def _template(rng: Random) -> str:
    pieces = (f"{{{{ {rng.choice(EXPRESSIONS)} }}}}" for _ in range(rng.choice((1, 1, 2, 120))))
    return rng.choice(("", " ")).join(pieces)
