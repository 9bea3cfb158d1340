"""Ids as the server makes them: a prefix and a lower-case uuid4."""

import random

_VARIANTS = "89ab"


class Ids:
    """Makes ids from one generator of random numbers, so that a seed fixes them all."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = random.Random(seed)  # noqa: S311

    def uuid(self) -> str:
        digits = f"{self.random.getrandbits(128):032x}"
        variant = _VARIANTS[int(digits[16], 16) & 3]
        return (
            f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
        )

    def new(self, prefix: str) -> str:
        return f"{prefix}-{self.uuid()}"
