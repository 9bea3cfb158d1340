"""Rules as the engine holds them."""

from dataclasses import dataclass
from typing import Self

from mockletta.script.conditions import Condition, Predicate, conditions, label
from mockletta.script.reply_steps import Step, steps_of
from mockletta.script.script_models import Rule


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule and how often it served."""

    label: str
    rule: Rule
    served: int


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """Tells a rule from all others, also from those of other scripts; `number` is its place in the
    order in which rules came."""

    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as the engine holds it: its conditions, its replies in steps. `key` never changes."""

    key: Key
    rule: Rule
    label: str
    conditions: tuple[Condition, ...]
    replies: tuple[tuple[Step, ...], ...]
    is_late: bool

    def name(self, place: int) -> str:
        """What it is called: its name, or its place and what it waits for."""
        return self.rule.name or f"rule {place} ({self.label})"

    @classmethod
    def of(cls, key: Key, rule: Rule, matches: Predicate | None = None) -> Self:
        replies = tuple(steps_of(reply) for reply in rule.replies)
        late = rule.when.returned is not None or rule.when.step is not None
        waits_for = conditions(rule.when, matches)
        return cls(key, rule, label(waits_for), waits_for, replies, late)
