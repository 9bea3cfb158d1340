"""Planned failures of the model provider."""

from dataclasses import replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision
from mockletta.turns.turn_state import TurnState

if TYPE_CHECKING:
    from mockletta.faults.kinds.fail import FailFault


def fail_if_planned(state: TurnState) -> None:
    """Raise the ModelFailure that is planned for this step, if it comes before any token. Without a
    token stream a later failure is raised too, since no token was sent."""
    fault = _fault(state)
    if fault is not None and (fault.tokens is None or not state.tokens):
        raise fault.failure()


def with_planned_break(state: TurnState, decision: Decision) -> Decision:
    """Return a decision that breaks off where a fault is planned."""
    fault = _fault(state)
    if fault is None:
        return decision
    return replace(decision, breaks_after_tokens=fault.tokens, breaks_with=fault.failure())


def _fault(state: TurnState) -> "FailFault | None":
    """Return the planned fault. It applies to the first step of a turn."""
    if state.context is None or state.usage.step_count:
        return None
    return state.context.model_fault
