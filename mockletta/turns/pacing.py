"""The delays of a turn: which pace applies, and its jitter."""

from random import Random

from mockletta.brain.decisions import Decision
from mockletta.world.pace import Pace
from mockletta.world.world import World


class Pacing:
    """The delays of one turn. `own` is the pace that the request asks for."""

    def __init__(self, world: World, own: Pace | None = None) -> None:
        self._world = world
        self.own = own
        self._jitter: Random | None = None

    def pace_of(self, decision: Decision) -> Pace:
        """Return the request's pace if it has one.

        Else the decision's, where the world's fills in what the decision leaves open.
        """
        if self.own is not None:
            return self.own
        usual = self._world.pace
        is_set = (
            decision.ttft
            or decision.tokens_per_second
            or decision.jitter
            or decision.chunk > 1
            or decision.keepalive
        )
        if not is_set:
            return usual
        return Pace(
            ttft=decision.ttft or usual.ttft,
            tokens_per_second=decision.tokens_per_second or usual.tokens_per_second,
            jitter=decision.jitter or usual.jitter,
            chunk=decision.chunk if decision.chunk > 1 else usual.chunk,
            keepalive=decision.keepalive or usual.keepalive,
        )

    def varied(self, seconds: float, jitter: float) -> float:
        """Return a delay that is longer or shorter by up to a share."""
        if not jitter:
            return seconds
        if self._jitter is None:
            self._jitter = self._world.jitter.generator()
        return seconds * (1 + self._jitter.uniform(-jitter, jitter))

    def delays(self, number: int, seconds: float, jitter: float) -> list[float]:
        """Return several varied delays."""
        if not jitter:
            return [seconds] * number
        return [self.varied(seconds, jitter) for _ in range(number)]
