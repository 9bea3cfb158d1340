"""The size of a benchmark: complete, or just enough to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PacedLoad:
    """So many streams, each at so many tokens a second."""

    streams: int
    tokens_per_second: float

    @property
    def name(self) -> str:
        """What the load is called in tables."""
        return f"{self.streams:,} streams at {self.tokens_per_second:g} tokens/s"


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
    paced: tuple[PacedLoad, ...]
    proxied: PacedLoad
    startups: int
    huge_messages: int
    huge_agents: int


AT_20 = tuple(PacedLoad(streams, 20.0) for streams in (500, 1_000, 3_000))
FULL = Scale(
    0.5,
    20,
    16,
    100_000,
    1_000_000,
    (*AT_20, PacedLoad(10_000, 2.0)),
    PacedLoad(1_000, 10.0),
    9,
    1_000_000,
    100_000,
)
QUICK = Scale(0.2, 1, 4, 500, 2_000, (PacedLoad(50, 100.0),), PacedLoad(50, 60.0), 2, 2_000, 200)
