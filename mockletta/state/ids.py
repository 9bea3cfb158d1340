"""Ids as the server makes them: a prefix and a lower-case uuid4."""

import random

_FREE_BITS = ~(0xF << 76 | 0xC << 60)
_UUID4_BITS = 0x4 << 76 | 0x8 << 60
IdsState = tuple[int, tuple[int, ...], float | None]


class Ids:
    """Makes ids from one generator of random numbers, so that a seed fixes them all."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self.random = random.Random(seed)  # noqa: S311

    def copy(self) -> "Ids":
        """With a seed, one that makes the same ids from now on; without, one that makes others."""
        other = Ids(self.seed)
        other.state = self.state
        return other

    @property
    def state(self) -> IdsState | None:
        """How far the generator is; None without a seed, since it would tell nothing."""
        return self.random.getstate() if self.seed is not None else None

    @state.setter
    def state(self, state: IdsState | None) -> None:
        if state is not None:
            self.random.setstate(state)
            self.seed = self.seed or 0

    def uuid(self) -> str:
        digits = "%032x" % (self.random.getrandbits(128) & _FREE_BITS | _UUID4_BITS)
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def new(self, prefix: str) -> str:
        return f"{prefix}-{self.uuid()}"


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
