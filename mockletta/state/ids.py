"""Ids in the server's form: a prefix and a lower-case uuid4. Also the jitter of streams."""

import random

_FREE_BITS = ~(0xF << 76 | 0xC << 60)
_UUID4_BITS = 0x4 << 76 | 0x8 << 60
IdsState = tuple[int, tuple[int, ...], float | None]


class Ids:
    """Generates ids from one random number generator, so that a seed determines all of them."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self.random = random.Random(seed)  # noqa: S311

    def copy(self) -> "Ids":
        """Return a generator of the same further ids if there is a seed, else of other ids."""
        other = Ids(self.seed)
        other.state = self.state
        return other

    @property
    def state(self) -> IdsState | None:
        """The state of the random number generator; None without a seed."""
        return self.random.getstate() if self.seed is not None else None

    @state.setter
    def state(self, state: IdsState | None) -> None:
        if state is not None:
            self.random.setstate(state)
            self.seed = self.seed or 0

    def uuid(self) -> str:
        digits = (self.random.getrandbits(128) & _FREE_BITS | _UUID4_BITS).to_bytes(16).hex("-", 2)
        return f"{digits[:4]}{digits[5:29]}{digits[30:34]}{digits[35:]}"

    def new(self, prefix: str) -> str:
        digits = (self.random.getrandbits(128) & _FREE_BITS | _UUID4_BITS).to_bytes(16).hex("-", 2)
        return f"{prefix}-{digits[:4]}{digits[5:29]}{digits[30:34]}{digits[35:]}"


class Jitter:
    """Gives each turn its own random number generator, so that parallel turns do not affect each
    other.

    The generator depends on the seed and on the number of earlier generators.
    """

    def __init__(self, seed: int | None = None, given: int = 0) -> None:
        self.seed = seed or 0
        self.given = given

    def generator(self) -> random.Random:
        self.given += 1
        return random.Random(f"{self.seed}/{self.given}")  # noqa: S311

    def copy(self) -> "Jitter":
        return Jitter(self.seed, self.given)
