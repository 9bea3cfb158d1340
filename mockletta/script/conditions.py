"""The conditions of a rule: whether each holds, and an explanation if not."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from mockletta.script.script_models import ReturnCondition, RuleConditions, Tagged
from mockletta.script.text_patterns import Groups, Part, Whole, is_named, match, spell
from mockletta.script.turn_view import TurnView
from mockletta.script.user_code import ask, name_of

LONGEST_SHOWN = 100
_TAG = re.compile(r"</?[A-Za-z]")
TEXT = "text"
"""The name in explanations of the condition on the user's words."""

Holds: TypeAlias = Callable[[TurnView], Groups | bool | None]
Predicate: TypeAlias = Callable[[TurnView], object]


class Condition(NamedTuple):
    """One condition. `holds` returns its groups or a truth value; `actual` is the value that was
    found."""

    name: str
    wanted: str
    holds: Holds
    actual: Callable[[TurnView], str]

    def __str__(self) -> str:
        return f"{self.name} {self.wanted}"

    def miss(self, view: TurnView) -> str:
        """Explain why the condition does not hold."""
        return f"{self.name} is {self.actual(view)}, not {self.wanted}"


def conditions(when: RuleConditions, matches: Predicate | None = None) -> tuple[Condition, ...]:
    """Return all conditions of a rule, in the order in which they are checked."""
    return (*_of_place(when), *_of_turn(when), *_of_content(when), *_of_python(matches))


def label(all_of: Iterable[Condition]) -> str:
    """Return the label of a rule without a name: its conditions."""
    return ", ".join(map(str, all_of)) or "any message"


def groups_where_all_hold(wanted: Iterable[Condition], view: TurnView) -> Groups | None:
    """Return the groups of all conditions; None if one does not hold."""
    groups: Groups = {}
    for condition in wanted:
        found = condition.holds(view)
        if found is None or found is False:
            return None
        if isinstance(found, dict):
            groups = found | groups
    return groups


def _of_place(when: RuleConditions) -> Iterator[Condition]:
    if isinstance(when.agent, Tagged):
        yield _tagged(when.agent.tag)
    elif when.agent:
        yield Condition("agent", _either(when.agent), partial(_is_agent, when.agent), _agent)
    if when.tag:
        yield _tagged(when.tag)
    if when.conversation:
        yield _named("conversation", when.conversation, lambda view: (view.conversation,))
    if when.model:
        yield _named("model", when.model, lambda view: (view.model,))
    if when.tool:
        yield _named("tool", when.tool, lambda view: view.tools)


def _of_turn(when: RuleConditions) -> Iterator[Condition]:
    if when.turn:
        yield _one_of("turn", when.turn, lambda view: view.turn)
    if when.step:
        yield _one_of("step", when.step, lambda view: view.step)
    if when.role:
        yield _one_of("role", when.role, lambda view: view.role)
    if when.image is not None:
        yield _one_of("image", (when.image,), lambda view: view.images > 0)
    if when.returned:
        yield from _of_return(when.returned)


def _of_return(returned: ReturnCondition) -> Iterator[Condition]:
    if returned.tool or not (returned.value or returned.status):
        names = returned.tool or ("/.*/",)
        yield _named("returned", names, lambda view: view.returned.tools if view.returned else ())
    if returned.value:
        yield _text("returned value", returned.value, _returned_value)
    if returned.status:
        yield _one_of(
            "returned status",
            (returned.status,),
            lambda view: view.returned.status if view.returned else None,
        )


def _of_content(when: RuleConditions) -> Iterator[Condition]:
    for name, patterns in (when.block or {}).items():
        yield _text(f"block {name}", patterns, partial(_block, name))
    if when.text:
        yield _own_words(when.text)
    if when.raw_text:
        yield _text("raw_text", when.raw_text, lambda view: view.raw_text)


def _of_python(matches: Predicate | None) -> Iterator[Condition]:
    if matches is not None:
        yield Condition(
            name_of(matches), "true", lambda view: bool(ask(matches, view)), lambda _: "false"
        )


def _tagged(tags: tuple[str, ...]) -> Condition:
    return _named("tag", tags, lambda view: view.agent.tags)


def _named(
    what: str, names: tuple[str, ...], have: Callable[[TurnView], Sequence[str]]
) -> Condition:
    return Condition(
        what,
        _either(names),
        lambda view: any(is_named(names, name) for name in have(view)),
        lambda view: shown(", ".join(have(view))),
    )


def _one_of(what: str, values: tuple[object, ...], have: Callable[[TurnView], object]) -> Condition:
    wanted = " or ".join(str(value).lower() for value in values)
    return Condition(
        what, wanted, lambda view: have(view) in values, lambda view: str(have(view)).lower()
    )


def _text(
    what: str,
    patterns: tuple[str | Whole | Part, ...],
    have: Callable[[TurnView], str | None],
) -> Condition:
    return Condition(
        what,
        " or ".join(map(spell, patterns)),
        lambda view: _first_match(patterns, have(view)),
        lambda view: shown(have(view)),
    )


def _own_words(patterns: tuple[str | Whole | Part, ...]) -> Condition:
    """Return a condition on the user's own words. A pattern that names a tag is also tried on the
    rest."""
    tagged = tuple(one for one in patterns if _TAG.search(spell(one)))

    def holds(view: TurnView) -> Groups | None:
        found = _first_match(patterns, view.text)
        return _first_match(tagged, view.raw_text) if found is None and tagged else found

    wanted = " or ".join(map(spell, patterns))
    return Condition(TEXT, wanted, holds, lambda view: shown(view.text))


def _first_match(patterns: tuple[str | Whole | Part, ...], text: str | None) -> Groups | None:
    if text is None:
        return None
    for pattern in patterns:
        groups = match(pattern, text)
        if groups is not None:
            return groups
    return None


def _is_agent(names: tuple[str, ...], view: TurnView) -> bool:
    return is_named(names, view.agent.id) or is_named(names, view.agent.name)


def _agent(view: TurnView) -> str:
    return f"{shown(view.agent.name)} ({view.agent.id})"


def _returned_value(view: TurnView) -> str | None:
    return view.returned.value if view.returned else None


def _block(name: str, view: TurnView) -> str | None:
    return view.blocks.get(name)


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(map(spell, names))


def shown(text: str | None) -> str:
    """Return a text for explanations: its beginning, in quotes."""
    if text is None:
        return "absent"
    return f'"{text}"' if len(text) <= LONGEST_SHOWN else f'"{text[:LONGEST_SHOWN]}…"'
