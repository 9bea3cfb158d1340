"""How much is measured: in full, or just enough to see that the benchmark works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of one run. `seconds` is what each side of a round takes.

    Many short rounds: what else the machine does then disturbs both sides of a round alike.
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
