"""Why no rule matched: the nearest rules, and for each the first thing that did not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mockletta.script.conditions import Condition, shown
from mockletta.script.turn_view import TurnView

NEAREST = 3
MOST_COMPARED = 20
LONGEST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that did not reply. `used_up` says why it could not although all conditions held."""

    label: str
    conditions: Sequence[Condition]
    used_up: str | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A message that no rule replied to, and why."""

    text: str
    agent: str
    conversation: str
    explanation: str


def explain(view: TurnView, candidates: Sequence[Candidate]) -> str:
    """Say which message no rule replied to, and what the nearest rules lacked."""
    told = f"No rule matches {_place(view)}."
    if not candidates:
        return f"{told} The script has no rules."
    lines = [f"- {one.label}: {_lack(one, view)}" for one in nearest(view, candidates)]
    return "\n".join([f"{told} The nearest:", *lines])


def nearest(view: TurnView, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that all holds for, then those of which most does; among equals those that
    read like the text."""
    ranked = sorted(candidates, key=lambda one: _nearness(one, view), reverse=True)[:MOST_COMPARED]
    text = view.text[:LONGEST_COMPARED]
    ranked.sort(key=lambda one: (_nearness(one, view), _likeness(one, text)), reverse=True)
    return ranked[:NEAREST]


def _place(view: TurnView) -> str:
    after = f", after {view.returned.tool} returned" if view.returned else ""
    return (
        f"the message {shown(view.text)} (agent {view.agent.name}, conversation "
        f"{view.conversation}, turn {view.turn}, step {view.step}{after})"
    )


def _lack(candidate: Candidate, view: TurnView) -> str:
    missing = next((one for one in candidate.conditions if not _holds(one, view)), None)
    return missing.miss(view) if missing else str(candidate.used_up)


def _nearness(candidate: Candidate, view: TurnView) -> tuple[bool, int]:
    held = sum(_holds(condition, view) for condition in candidate.conditions)
    return held == len(candidate.conditions), held


def _holds(condition: Condition, view: TurnView) -> bool:
    found = condition.holds(view)
    return found is not None and found is not False


def _likeness(candidate: Candidate, text: str) -> float:
    wanted = " ".join(one.wanted for one in candidate.conditions)[:LONGEST_COMPARED]
    return SequenceMatcher(None, wanted, text).ratio()
