"""The progress of a script: how often its rules were used, and the turns in progress."""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self, TypeAlias

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
Scope: TypeAlias = Literal["conversation", "agent", "world"]


class RuleUse(NamedTuple):
    """A rule and the number of its uses."""

    label: str
    rule: Rule
    served: int


@dataclass(frozen=True, slots=True, eq=False)
class RuleKey:
    """Identifies a rule among all rules of all scripts. `number` is its place in order of
    arrival."""

    number: int


class LoadedRule(NamedTuple):
    """A rule as the engine holds it, with its conditions and the steps of its replies. `key` never
    changes. A `late` rule waits for a step within a turn, a `limited` one can be used up. Uses are
    counted `per` scope, and those that choose from several replies `turns_by` scope.
    """

    key: RuleKey
    rule: Rule
    label: str
    conditions: tuple[Condition, ...]
    replies: tuple[tuple[ReplyStep, ...], ...]
    purpose: Literal["reply", "summary"]
    per: Scope
    turns_by: Scope
    is_late: bool
    is_limited: bool

    def name(self, place: int) -> str:
        """Return the rule's name, or else its number and its conditions."""
        return self.rule.name or f"rule {place} ({self.label})"

    @classmethod
    def of(cls, key: RuleKey, rule: Rule, matches: Predicate | None = None) -> Self:
        replies = tuple(steps_of(reply) for reply in rule.replies)
        late = rule.when.returned is not None or rule.when.step is not None
        limited = rule.when.times is not None or rule.then == "next"
        waits_for = conditions(rule.when, matches)
        return cls(
            key,
            rule,
            label(waits_for),
            waits_for,
            replies,
            rule.purpose,
            rule.per or "world",
            rule.per or "conversation",
            late,
            limited,
        )


class RuleInTurn(NamedTuple):
    """A rule in its turn: its steps, the next position, and the groups of its patterns. `entered`
    are the keys of all rules that replied in this turn.
    """

    key: RuleKey
    rule: Rule
    name: str
    steps: tuple[ReplyStep, ...]
    position: int
    groups: Groups
    raw_text: str
    uses: int
    entered: frozenset[RuleKey]

    @property
    def step(self) -> ReplyStep | None:
        """The next step to serve, None after the last one."""
        return self.steps[self.position] if self.position < len(self.steps) else None


@dataclass(slots=True)
class Counts:
    """How often rules were used, in total and for each conversation or agent. The least recently
    used counts are dropped if there are too many.
    """

    total: Counter[RuleKey] = field(default_factory=Counter)
    scoped: OrderedDict[tuple[RuleKey, str], int] = field(default_factory=OrderedDict)

    def add(self, key: RuleKey, scopes: set[str]) -> None:
        self.total[key] += 1
        for scope in filter(None, scopes):
            self.scoped[key, scope] = self.scoped.pop((key, scope), 0) + 1
        while len(self.scoped) > MOST_COUNTS:
            self.scoped.popitem(last=False)

    def of(self, key: RuleKey, scope: str) -> int:
        """Return how often a rule was used in a scope. The empty scope is the whole world."""
        return self.scoped.get((key, scope), 0) if scope else self.total[key]

    def copy(self) -> Self:
        return type(self)(self.total.copy(), self.scoped.copy())


@dataclass(slots=True)
class Turns:
    """The rules with a turn in progress, by run. The least recently used are dropped if there are
    too many.
    """

    by_run: OrderedDict[str, RuleInTurn] = field(default_factory=OrderedDict)

    def keep(self, call: ModelCall, turn: RuleInTurn) -> None:
        self.by_run[call.run_id] = turn
        while len(self.by_run) > MOST_TURNS:
            self.by_run.popitem(last=False)

    def take(self, call: ModelCall) -> RuleInTurn | None:
        """Remove and return the rule that a call continues. Keep it again if the turn continues."""
        return self.by_run.pop(call.run_id, None) if call.purpose == "reply" else None

    def copy(self) -> Self:
        return type(self)(self.by_run.copy())


@dataclass(slots=True)
class Progress:
    """A script's rules and their progress."""

    last_number: int = 0
    from_file: tuple[LoadedRule, ...] = ()
    added: tuple[LoadedRule, ...] = ()
    otherwise: Otherwise = "default"
    models: tuple[str, ...] = ()
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
    """Return the key of a thread's counts: the id of its conversation, or the agent's for direct
    messages."""
    return call.conversation_id or call.agent_id
