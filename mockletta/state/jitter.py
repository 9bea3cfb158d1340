"""Chance in how fast replies stream: the same in every run, and apart from the chance in ids."""

import random


class Jitter:
    """Gives each turn a generator of its own, so that turns side by side do not disturb each
    other. What it gives depends on the seed and on how many it gave before."""

    def __init__(self, seed: int | None = None, given: int = 0) -> None:
        self.seed = seed or 0
        self.given = given

    def generator(self) -> random.Random:
        self.given += 1
        return random.Random(f"{self.seed}/{self.given}")  # noqa: S311

    def copy(self) -> "Jitter":
        return Jitter(self.seed, self.given)
