"""`Script`: a brain that replies by rules, and asks another brain if no rule matches."""

from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator
from operator import attrgetter

from mockletta.brain.decisions import Brain, Decision, ModelCall, ModelFailure
from mockletta.errors import ScriptFailed, Unscripted
from mockletta.script.conditions import Predicate, groups_where_all_hold
from mockletta.script.near_misses import Candidate, Unmatched, unmatched
from mockletta.script.rule_progress import (
    LoadedRule,
    Otherwise,
    Progress,
    RuleInTurn,
    RuleKey,
    RuleUse,
    Scope,
    thread_key,
)
from mockletta.script.script_models import Rule, ScriptFile
from mockletta.script.text_patterns import Groups, TooSlow
from mockletta.script.turn_view import TurnView


class Script:
    """Replies by the first rule that matches; `fallback` creates the brain for all other messages.

    A rule continues its turn: after a tool call of its reply has returned, it serves the next step
    of the same reply. After its last step only rules that wait for a return or a step can take
    over, each at most once in a turn, so that a script cannot loop.
    """

    def __init__(self, file: ScriptFile | None, fallback: Callable[[], Brain]) -> None:
        self._make_fallback = fallback
        self._fallback: Brain | None = None
        self._state = Progress()
        if file is not None:
            self.replace(file)

    @property
    def otherwise(self) -> Otherwise:
        """What replies if no rule matches."""
        return self._state.otherwise

    @otherwise.setter
    def otherwise(self, value: Otherwise) -> None:
        self._state.otherwise = value

    @property
    def rules(self) -> tuple[RuleUse, ...]:
        """All rules in order, each with the number of its uses."""
        total = self._state.counts.total
        return tuple(
            RuleUse(entry.name(place), entry.rule, total[entry.key])
            for place, entry in enumerate(self._entries, 1)
        )

    @property
    def unused(self) -> tuple[RuleUse, ...]:
        """The rules that were never used."""
        return tuple(use for use in self.rules if not use.served)

    @property
    def unscripted(self) -> tuple[Unmatched, ...]:
        """The newest messages that no rule matched, recorded if there are rules or the script is
        strict."""
        return tuple(self._state.unscripted)

    @property
    def models(self) -> tuple[str, ...]:
        """The handles of the models that the file declares."""
        return self._state.models

    def add(self, rule: Rule, matches: Predicate | None = None) -> RuleKey:
        """Add a rule after all others, and return its key for `change`."""
        entry = self._entry(rule, matches)
        self._state.added = (*self._state.added, entry)
        return entry.key

    def change(self, key: RuleKey, rule: Rule, matches: Predicate | None = None) -> RuleKey:
        """Replace a rule that was added. If the script no longer has it, add the rule after all
        others.

        Returns the rule's key.
        """
        added = self._state.added
        place = bisect_left(added, key.number, key=attrgetter("key.number"))
        if place == len(added) or added[place].key is not key:
            return self.add(rule, matches)
        changed = LoadedRule.of(key, rule, matches)
        self._state.added = (*added[:place], changed, *added[place + 1 :])
        return key

    def replace(self, file: ScriptFile) -> None:
        """Replace the rules and the handles of models from a file. Added rules remain."""
        self._state.from_file = tuple(self._entry(rule) for rule in file.replies)
        self._state.otherwise = file.otherwise
        self._state.models = file.models

    def take_over(self, other: "Script | None") -> None:
        """Take over the rules and the progress of another script, or start empty. The fallback
        stays."""
        self._state = other._state.copy() if other else Progress()  # noqa: SLF001 - both are scripts

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call.

        Raises ModelFailure if the script says so, Unscripted if no rule matches a strict script,
        and ScriptFailed if the matching rule cannot be served.
        """
        decision, last = self._scripted(call)
        if decision is not None:
            return decision
        return self._remember(call, last, self.fallback.decide(call))

    @property
    def fallback(self) -> Brain:
        """The brain that replies if no rule matches; created on first use."""
        if self._fallback is None:
            self._fallback = self._make_fallback()
        return self._fallback

    def _scripted(self, call: ModelCall) -> tuple[Decision | None, RuleInTurn | None]:
        """Return the script's decision, if any, and the rule that replied before in this turn."""
        last = self._state.turns.take(call)
        try:
            if last is not None and last.step is not None:
                return self._serve(last, call), last
            view = TurnView(call, raw_text=last.raw_text if last else None)
            turn = self._entered(view, last.entered if last else frozenset())
            return self._serve(turn, call) if turn else self._unmatched(view), last
        except TooSlow as error:
            raise ScriptFailed(str(error)) from error

    @property
    def _entries(self) -> tuple[LoadedRule, ...]:
        return self._state.from_file + self._state.added

    def _entry(self, rule: Rule, matches: Predicate | None = None) -> LoadedRule:
        self._state.last_number += 1
        return LoadedRule.of(RuleKey(self._state.last_number), rule, matches)

    def _entered(self, view: TurnView, entered: frozenset[RuleKey]) -> RuleInTurn | None:
        """Return the turn of the first rule that matches and is not used up, and count its use."""
        for place, entry in self._eligible(view):
            if entry.key in entered or self._used_up(entry, view.call):
                continue
            groups = groups_where_all_hold(entry.conditions, view)
            if groups is not None:
                name = entry.name(place)
                return self._start(entry, name, view, groups, entered)
        return None

    def _eligible(self, view: TurnView) -> Iterator[tuple[int, LoadedRule]]:
        """Yield the rules that can reply now, each with its number from 1. Within a turn these are
        the rules that wait for one of its steps."""
        purpose, continues = view.call.purpose, view.continues
        for place, entry in enumerate(self._entries, 1):
            if entry.purpose == purpose and (entry.is_late or not continues):
                yield place, entry

    def _start(
        self,
        entry: LoadedRule,
        name: str,
        view: TurnView,
        groups: Groups,
        entered: frozenset[RuleKey],
    ) -> RuleInTurn:
        if not entry.replies:
            raise ScriptFailed(
                "it has no reply yet: expected mock.when(...).say(...), .call(...) or another of "
                "its methods",
                name,
            )
        key, counts = entry.key, self._state.counts
        counted, chosen = _scope(entry.per, view.call), _scope(entry.turns_by, view.call)
        uses = counts.of(key, counted) + 1
        steps = entry.replies[_place_in_sequence(entry, counts.of(key, chosen))]
        counts.add(key, {counted, chosen})
        keys = entered | {key}
        return RuleInTurn(key, entry.rule, name, steps, 0, groups, view.raw_text, uses, keys)

    def _used_up(self, entry: LoadedRule, call: ModelCall) -> str | None:
        """Return why a rule cannot be used again, None if it can."""
        if not entry.is_limited:
            return None
        rule, used, served = entry.rule, self._used(entry, call), self._served(entry, call)
        if rule.when.times is not None and used >= rule.when.times:
            return f"it matched, but is used up ({used} of {rule.when.times})"
        if rule.then == "next" and rule.sequence and served >= len(rule.sequence):
            return f"it matched, but its sequence is over ({served} of {len(rule.sequence)})"
        return None

    def _used(self, entry: LoadedRule, call: ModelCall) -> int:
        return self._state.counts.of(entry.key, _scope(entry.per, call))

    def _served(self, entry: LoadedRule, call: ModelCall) -> int:
        return self._state.counts.of(entry.key, _scope(entry.turns_by, call))

    def _serve(self, turn: RuleInTurn, call: ModelCall) -> Decision:
        """Serve the turn's next step. After a context overflow the same step is served again."""
        step = turn.step
        assert step is not None
        view = TurnView(call, groups=turn.groups, raw_text=turn.raw_text, count=turn.uses)
        try:
            decision = step.serve(view, turn.rule, turn.name)
        except ModelFailure:
            if step.is_over:
                position = min(turn.position + 1, len(turn.steps) - 1)
                self._state.turns.keep(call, turn._replace(position=position))
            raise
        return self._remember(call, turn, decision, steps=1)

    def _remember(
        self, call: ModelCall, turn: RuleInTurn | None, decision: Decision, steps: int = 0
    ) -> Decision:
        """Remember the rule that replied if the turn continues, so many steps further."""
        continues = decision.tool_calls and decision.stop_reason is None
        if turn is not None and continues and call.purpose == "reply":
            self._state.turns.keep(call, turn._replace(position=turn.position + steps))
        return decision

    def _unmatched(self, view: TurnView) -> Decision | None:
        """Decide if no rule matches. Return None if the fallback decides."""
        if view.call.purpose == "summary":
            return None
        if self._entries or self.otherwise == "strict":
            self._record_unmatched(view)
        return Decision(text=view.text, rule="echo") if self.otherwise == "echo" else None

    def _record_unmatched(self, view: TurnView) -> None:
        """Record an unmatched message. Raises Unscripted if the script is strict."""
        is_error = self.otherwise == "strict"
        if view.continues and not is_error:
            return
        found = unmatched(view, (self._candidate(*one, view) for one in self._eligible(view)))
        self._state.unscripted.append(found)
        if is_error:
            raise Unscripted(found.explanation)

    def _candidate(self, place: int, entry: LoadedRule, view: TurnView) -> Candidate:
        used_up = self._used_up(entry, view.call) or "it matched, but already replied in this turn"
        return Candidate(entry.name(place), entry.conditions, used_up)


class SlowScript(Script):
    """A script over a slow fallback. Scripted replies are still immediate."""

    def decide_at_once(self, call: ModelCall) -> Decision | None:
        """Decide like `decide`. Return None if the fallback must be asked."""
        decision, last = self._scripted(call)
        if decision is None and last is not None:
            self._state.turns.keep(call, last)
        return decision

    async def consult(self, call: ModelCall) -> Decision:
        """Ask the fallback to answer an unmatched message."""
        last = self._state.turns.take(call)
        consult: Callable[[ModelCall], Awaitable[Decision]] = attrgetter("consult")(self.fallback)
        return self._remember(call, last, await consult(call))


def script_over(brain: Brain | None, default: Callable[[], Brain]) -> Script:
    """Create a script without rules over the brain that replies to all other messages."""
    if brain is None:
        return Script(None, default)
    kind = SlowScript if hasattr(brain, "consult") else Script
    return kind(None, lambda: brain)


def _place_in_sequence(entry: LoadedRule, served: int) -> int:
    """Return the index of the reply to serve after this number of replies."""
    length = len(entry.replies)
    if length == 1:
        return 0
    return served % length if entry.rule.then == "cycle" else min(served, length - 1)


def _scope(per: Scope, call: ModelCall) -> str:
    """Return the scope of a count: a conversation, an agent, or the whole world (empty)."""
    if per == "conversation":
        return thread_key(call)
    return call.agent_id if per == "agent" else ""
