"""How fast a turn is told: whose pace counts, and how its delays vary."""

from mockletta.brain.decisions import Decision
from mockletta.settings import Pace
from mockletta.turns.turn_state import TurnState


def pace_of(state: TurnState, decision: Decision) -> Pace:
    """The request's pace, whole, if it has one; else what the decision sets, and the world's where
    it sets nothing."""
    if state.pace is not None:
        return state.pace
    usual = state.world.pace
    sets_something = (
        decision.first_token_delay
        or decision.token_delay
        or decision.jitter
        or decision.chunk > 1
        or decision.keepalive
    )
    if not sets_something:
        return usual
    return Pace(
        first_token=decision.first_token_delay or usual.first_token,
        token=decision.token_delay or usual.token,
        jitter=decision.jitter or usual.jitter,
        chunk=decision.chunk if decision.chunk > 1 else usual.chunk,
        keepalive=decision.keepalive or usual.keepalive,
    )


def varied(state: TurnState, seconds: float, jitter: float) -> float:
    """A delay, up to a share longer or shorter."""
    if not jitter:
        return seconds
    if state.jitter is None:
        state.jitter = state.world.jitter.generator()
    return seconds * (1 + state.jitter.uniform(-jitter, jitter))
