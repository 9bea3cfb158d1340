"""Explains why no rule matched: the nearest rules, and the first unmet condition of each."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from mockletta.script.conditions import TEXT, Condition, shown
from mockletta.script.turn_view import TurnView

NEAREST = 3
MOST_COMPARED = 20
LONGEST_COMPARED = 500
LONGEST_KEPT = 10_000
"""The most characters of an unmatched message that are recorded."""
LONGEST_LINE = 2_000
"""The most characters that describe a rule."""
Nearness: TypeAlias = tuple[bool, int]
"""Whether all conditions hold, and the number of those that do."""
_NEARNESS = itemgetter(0)


class Candidate(NamedTuple):
    """A rule that did not reply. `used_up` is the reason if all of its conditions hold."""

    label: str
    conditions: Sequence[Condition]
    used_up: str | None = None


class NearMiss(NamedTuple):
    """A rule that did not reply: how much of it is met, the texts that it wants, and the line that
    explains what it lacks."""

    nearness: Nearness
    wanted: str
    line: str


class Unmatched(NamedTuple):
    """A message that no rule answered. The reason is composed when it is read, since the texts of
    the rules are compared for it."""

    text: str
    agent: str
    conversation: str
    opening: str
    near: Sequence[NearMiss]

    @property
    def explanation(self) -> str:
        """The unmet conditions of the nearest rules."""
        if not self.near:
            return f"{self.opening} The script has no rules."
        lines = [f"- {one.line}" for one in self._nearest()]
        return "\n".join([f"{self.opening} The nearest:", *lines])

    def _nearest(self) -> list[NearMiss]:
        """Return the rules whose conditions all hold, then those with the most met conditions.
        Among equals the most similar text comes first.
        """
        from difflib import SequenceMatcher  # noqa: PLC0415 - few messages miss a rule

        likeness = SequenceMatcher(b=self.text[:LONGEST_COMPARED], autojunk=False)

        def rank(one: NearMiss) -> tuple[Nearness, float]:
            likeness.set_seq1(one.wanted)
            return one.nearness, likeness.ratio()

        return sorted(self.near, key=rank, reverse=True)[:NEAREST]


def unmatched(view: TurnView, candidates: Iterable[Candidate]) -> Unmatched:
    """Describe an unmatched message, and what its nearest rules lack."""
    found = sorted((_near_miss(one, view) for one in candidates), key=_NEARNESS, reverse=True)
    return Unmatched(
        view.text[:LONGEST_KEPT],
        view.agent.name,
        view.conversation,
        f"No rule matches {_place(view)}.",
        found[:MOST_COMPARED],
    )


def _place(view: TurnView) -> str:
    after = f", after {view.returned.tool} returned" if view.returned else ""
    return (
        f"the message {shown(view.text)} (agent {view.agent.name}, conversation "
        f"{view.conversation}, turn {view.turn}, step {view.step}{after})"
    )


def _near_miss(candidate: Candidate, view: TurnView) -> NearMiss:
    missing = [one for one in candidate.conditions if not _holds(one, view)]
    held = len(candidate.conditions) - len(missing)
    wanted = " ".join(one.wanted for one in candidate.conditions if one.name == TEXT)
    lack = missing[0].miss(view) if missing else candidate.used_up
    line = f"{candidate.label}: {lack}"
    return NearMiss((not missing, held), wanted[:LONGEST_COMPARED], line[:LONGEST_LINE])


def _holds(condition: Condition, view: TurnView) -> bool:
    found = condition.holds(view)
    return found is not None and found is not False
