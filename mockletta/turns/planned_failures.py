"""A model provider that fails because somebody planned it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from mockletta.brain.decisions import Decision
from mockletta.turns.turn_state import TurnState

if TYPE_CHECKING:
    from mockletta.faults.kinds.fail import FailFault


def fail_if_planned(state: TurnState) -> None:
    """Raise the ModelFailure that is planned for this step, if it comes before any token.

    Where no tokens are streamed, a provider that fails later has told nothing either.
    """
    fault = _fault(state)
    if fault is not None and (fault.tokens is None or not state.tokens):
        raise fault.failure()


def with_planned_break(state: TurnState, decision: Decision) -> Decision:
    """A decision that breaks off where it is planned."""
    fault = _fault(state)
    if fault is None:
        return decision
    return replace(decision, breaks_after_tokens=fault.tokens, breaks_with=fault.failure())


def _fault(state: TurnState) -> "FailFault | None":
    """The planned fault, which strikes a turn's first step."""
    if state.context is None or state.usage.step_count:
        return None
    return state.context.model_fault
