"""Emits events one by one, each after a pause."""

import asyncio
import math
from functools import partial
from itertools import accumulate

from mockletta.turns.turn_state import Spread, TurnState


class PacedEvents:
    """The events of a turn that are emitted one by one. `over` is done once all of them are."""

    def __init__(self, state: TurnState, spread: Spread, over: asyncio.Future[None]) -> None:
        self._world = state.world
        self._log = state.log
        burst = spread.burst
        self._events = [burst._replace(texts=(text,)) for text in burst.texts]
        start = state.world.clock.elapsed()
        self._dues = [start + pause for pause in accumulate(spread.pauses)]
        self._next = 0
        self._over = over

    @property
    def is_over(self) -> bool:
        return self._log.finished

    def resume(self, now: float) -> float | None:
        """Emit the events that are due, and return when the next one is."""
        self._world.run(partial(self._emit, now))
        self._log.wake()
        if self._next < len(self._events) and not self._log.finished:
            return self._dues[self._next]
        if not self._over.done():
            self._over.set_result(None)
        return None

    def _emit(self, now: float) -> None:
        while self._next < len(self._dues) and self._dues[self._next] <= now:
            if self._log.finished:
                return
            self._log.append(self._events[self._next])
            self._next += 1


async def emit_spread(state: TurnState, spread: Spread) -> None:
    """Emit events one by one, until the last one or until the turn is cancelled."""
    clock = state.world.clock
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    paced = PacedEvents(state, spread, over)
    due = paced.resume(math.inf if clock.frozen else clock.elapsed())
    if due is not None:
        clock.pace(paced, due)
        await over
