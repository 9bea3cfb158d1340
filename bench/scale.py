"""The size of a benchmark: complete, or just enough to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of one run. `seconds` is for each side of a round.

    There are many short rounds, so that other load affects both sides alike.
    """

    seconds: float
    rounds: int
    connections: int
    messages: int
    reads: int
    streams: int
    tokens_per_second: float
    startups: int


FULL = Scale(0.5, 20, 16, 100_000, 1_000_000, 1_000, 10.0, 9)
QUICK = Scale(0.2, 1, 4, 500, 2_000, 50, 60.0, 2)
