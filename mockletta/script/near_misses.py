"""Explains why no rule matched: the nearest rules, and the first unmet condition of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter
from typing import TypeAlias

from mockletta.script.conditions import TEXT, Condition, shown
from mockletta.script.turn_view import TurnView

NEAREST = 3
MOST_COMPARED = 20
LONGEST_COMPARED = 500
Nearness: TypeAlias = tuple[bool, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that did not reply. `used_up` is the reason if all of its conditions hold."""

    label: str
    conditions: Sequence[Condition]
    used_up: str | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A message that no rule answered, and the reason."""

    text: str
    agent: str
    conversation: str
    explanation: str


def explain(view: TurnView, candidates: Sequence[Candidate]) -> str:
    """Describe the unmatched message, and the unmet conditions of the nearest rules."""
    opening = f"No rule matches {_place(view)}."
    if not candidates:
        return f"{opening} The script has no rules."
    lines = [f"- {one.label}: {_lack(one, view)}" for one in nearest(view, candidates)]
    return "\n".join([f"{opening} The nearest:", *lines])


def nearest(view: TurnView, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates whose conditions all hold, then those with the most met conditions.
    Among equals the most similar text comes first.
    """
    ranked = sorted(
        ((_nearness(one, view), one) for one in candidates), key=itemgetter(0), reverse=True
    )
    likeness = SequenceMatcher(b=view.text[:LONGEST_COMPARED], autojunk=False)

    def rank(found: tuple[Nearness, Candidate]) -> tuple[Nearness, float]:
        wanted = " ".join(one.wanted for one in found[1].conditions if one.name == TEXT)
        likeness.set_seq1(wanted[:LONGEST_COMPARED])
        return found[0], likeness.ratio()

    return [one for _, one in sorted(ranked[:MOST_COMPARED], key=rank, reverse=True)[:NEAREST]]


def _place(view: TurnView) -> str:
    after = f", after {view.returned.tool} returned" if view.returned else ""
    return (
        f"the message {shown(view.text)} (agent {view.agent.name}, conversation "
        f"{view.conversation}, turn {view.turn}, step {view.step}{after})"
    )


def _lack(candidate: Candidate, view: TurnView) -> str:
    missing = next((one for one in candidate.conditions if not _holds(one, view)), None)
    return missing.miss(view) if missing else str(candidate.used_up)


def _nearness(candidate: Candidate, view: TurnView) -> Nearness:
    """Return whether all conditions hold, and the share that does."""
    held = sum(_holds(condition, view) for condition in candidate.conditions)
    return held == len(candidate.conditions), held


def _holds(condition: Condition, view: TurnView) -> bool:
    found = condition.holds(view)
    return found is not None and found is not False
