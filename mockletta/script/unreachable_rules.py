"""Finds rules that can never reply: an earlier one always matches first, or a condition fails."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from mockletta.script.conditions import conditions, label
from mockletta.script.script_models import ReturnCondition, Rule, Tagged
from mockletta.script.text_patterns import Part, Whole, groups_of, is_expression, match

NAMED = frozenset({"agent", "agent's tag", "conversation", "model", "returned", "tag", "tool"})
"""Conditions on names, which are equal or match a /regular expression/. Others are on texts."""
TEXTS_AND_NAMES = (
    "tag",
    "conversation",
    "model",
    "turn",
    "step",
    "tool",
    "role",
    "text",
    "raw_text",
)
_TEMPLATE = re.compile(r"\{\{.*\}\}", re.DOTALL)
MOST_COMPARED = 1_000
"""The number of rules that are checked. Each is compared with all rules before it."""

Fields: TypeAlias = dict[str, tuple[Any, ...]]


def shadowed(rules: Sequence[Rule]) -> Iterator[tuple[int, str]]:
    """Yield the index of each rule that an earlier one shadows, and the name of that one."""
    unlimited: list[tuple[int, Rule, Fields]] = []
    for place, rule in enumerate(rules[:MOST_COMPARED]):
        fields = dict(_fields(rule))
        first = next((one for one in unlimited if _implied(one[2], fields)), None)
        if first is not None:
            name = first[1].name or label(conditions(first[1].when))
            yield place, f"rule {place + 1} never replies: rule {first[0]} ({name}) comes first"
        if rule.when.times is None and rule.then != "next":
            unlimited.append((place + 1, rule, fields))


def impossible(rules: Sequence[Rule]) -> Iterator[tuple[int, str]]:
    """Yield the index of each rule with a condition that can never hold, and why: templates are not
    filled in there."""
    for place, rule in enumerate(rules):
        for name, wanted in _fields(rule):
            written = [one for one in wanted if isinstance(one, str) and _TEMPLATE.search(one)]
            if written and len(written) == len(wanted) and not any(map(is_expression, written)):
                why = f"`{name}` is compared with {written[0]!r} as it is written"
                yield place, f"rule {place + 1} never replies: {why}, without templates"


def _fields(rule: Rule) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Return the alternatives of each condition of a rule."""
    when = rule.when
    is_late = when.returned is not None or when.step is not None
    yield "purpose", ((rule.purpose, is_late),)
    if isinstance(when.agent, Tagged):
        yield "agent's tag", when.agent.tag
    elif when.agent:
        yield "agent", when.agent
    for name in TEXTS_AND_NAMES:
        if (value := getattr(when, name)) is not None:
            yield name, value
    if when.image is not None:
        yield "image", (when.image,)
    for label_, patterns in (when.block or {}).items():
        yield f"block {label_}", patterns
    if when.returned:
        yield from _fields_of_return(when.returned)


def _fields_of_return(returned: ReturnCondition) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if returned.tool:
        yield "returned", returned.tool
    if returned.value:
        yield "returned value", returned.value
    if returned.status:
        yield "returned status", (returned.status,)


def _implied(earlier: Fields, later: Fields) -> bool:
    """Return whether the earlier rule matches wherever the later one does."""
    return all(
        name in later
        and all(any(_covers(name, one, other) for one in wanted) for other in later[name])
        for name, wanted in earlier.items()
    )


def _covers(name: str, pattern: object, other: object) -> bool:
    """Return whether a pattern matches wherever the other does."""
    if pattern == other:
        return True
    if not isinstance(pattern, str | Part | Whole) or not isinstance(other, str | Part | Whole):
        return False
    if name in NAMED:
        return is_expression(str(pattern)) and match(pattern, str(other)) is not None
    if isinstance(other, Whole):
        return match(pattern, other.exact) is not None
    literal = other.contains if isinstance(other, Part) else other
    if isinstance(other, str) and (is_expression(other) or groups_of(other)):
        return False
    is_free = isinstance(pattern, Part) or not (
        isinstance(pattern, Whole) or is_expression(pattern)
    )
    return is_free and match(pattern, literal) is not None
