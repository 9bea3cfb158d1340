"""How far a script has got: how often its rules served, and the turns that are under way."""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypeAlias

from mockletta.brain.decisions import ModelCall
from mockletta.script.conditions import Condition, Predicate, conditions, label
from mockletta.script.near_misses import Unmatched
from mockletta.script.reply_steps import ReplyStep, steps_of
from mockletta.script.script_models import Rule
from mockletta.script.text_patterns import Groups

MOST_COUNTS = 10_000
MOST_TURNS = 1_000
MOST_UNSCRIPTED = 1_000
Otherwise: TypeAlias = Literal["default", "echo", "strict"]


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule and how often it served."""

    label: str
    rule: Rule
    served: int


@dataclass(frozen=True, slots=True, eq=False)
class RuleKey:
    """Tells a rule from all others, also from those of other scripts; `number` is its place in the
    order in which rules came."""

    number: int


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule as the engine holds it: its conditions, its replies in steps. `key` never changes."""

    key: RuleKey
    rule: Rule
    label: str
    conditions: tuple[Condition, ...]
    replies: tuple[tuple[ReplyStep, ...], ...]
    is_late: bool

    def name(self, place: int) -> str:
        """What it is called: its name, or its place and what it waits for."""
        return self.rule.name or f"rule {place} ({self.label})"

    @classmethod
    def of(cls, key: RuleKey, rule: Rule, matches: Predicate | None = None) -> Self:
        replies = tuple(steps_of(reply) for reply in rule.replies)
        late = rule.when.returned is not None or rule.when.step is not None
        waits_for = conditions(rule.when, matches)
        return cls(key, rule, label(waits_for), waits_for, replies, late)


@dataclass(frozen=True, slots=True)
class InTurn:
    """A rule within its turn: what it replies, how far it got, what its patterns held at the
    beginning. `entered` are the keys of all rules that replied in this turn."""

    key: RuleKey
    rule: Rule
    name: str
    steps: tuple[ReplyStep, ...]
    position: int
    groups: Groups
    text: str
    count: int
    entered: frozenset[RuleKey]

    @property
    def step(self) -> ReplyStep | None:
        """The step to serve next, None if there is none left."""
        return self.steps[self.position] if self.position < len(self.steps) else None


@dataclass(slots=True)
class Counts:
    """How often rules served: in all, and for each conversation or agent; the counts that were
    not touched for longest are forgotten when there are too many."""

    total: Counter[RuleKey] = field(default_factory=Counter)
    scoped: OrderedDict[tuple[RuleKey, str], int] = field(default_factory=OrderedDict)

    def add(self, key: RuleKey, scopes: set[str]) -> None:
        self.total[key] += 1
        for scope in scopes - {""}:
            self.scoped[key, scope] = self.scoped.pop((key, scope), 0) + 1
        while len(self.scoped) > MOST_COUNTS:
            self.scoped.popitem(last=False)

    def of(self, key: RuleKey, scope: str) -> int:
        """How often a rule served in a scope; the empty one is the whole world."""
        return self.scoped.get((key, scope), 0) if scope else self.total[key]

    def copy(self) -> Self:
        return type(self)(self.total.copy(), self.scoped.copy())


@dataclass(slots=True)
class Turns:
    """The rules whose turns are under way, by run; those that were not touched for longest are
    forgotten when there are too many."""

    by_run: OrderedDict[str, InTurn] = field(default_factory=OrderedDict)

    def keep(self, call: ModelCall, turn: InTurn) -> None:
        self.by_run[call.run_id] = turn
        while len(self.by_run) > MOST_TURNS:
            self.by_run.popitem(last=False)

    def take(self, call: ModelCall) -> InTurn | None:
        """The rule that a call goes on with; it is to be kept again if it goes on further."""
        return self.by_run.pop(call.run_id, None) if call.purpose == "reply" else None

    def copy(self) -> Self:
        return type(self)(self.by_run.copy())


@dataclass(slots=True)
class Progress:
    """Where a script stands: its rules, and how far they got."""

    last_number: int = 0
    from_file: tuple[LoadedRule, ...] = ()
    added: tuple[LoadedRule, ...] = ()
    otherwise: Otherwise = "default"
    counts: Counts = field(default_factory=Counts)
    turns: Turns = field(default_factory=Turns)
    unscripted: deque[Unmatched] = field(default_factory=lambda: deque(maxlen=MOST_UNSCRIPTED))

    def copy(self) -> Self:
        return replace(
            self,
            counts=self.counts.copy(),
            turns=self.turns.copy(),
            unscripted=self.unscripted.copy(),
        )


def thread_key(call: ModelCall) -> str:
    """What a conversation is counted by: its id, or the agent's for its own messages."""
    return call.conversation_id or call.agent_id
