"""The pace of a reply: how fast its tokens stream."""

import re
from dataclasses import dataclass
from typing import Self

DEFAULT_KEEPALIVE = 20.0
LONGEST_DELAY = 86_400
LARGEST_CHUNK = 10_000
SHORTEST_KEEPALIVE = 0.001
_PACE_PART = re.compile(
    r"(ttft|tokens_per_second|jitter|chunk|keepalive) *= *([0-9]{1,9}(?:\.[0-9]{1,9})?)(m?s)?"
)

_TIMES = ("ttft", "keepalive")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast replies stream: seconds to the first token, and seconds for each token after it.

    `jitter` is the share (0 to 1) by which each delay varies. `chunk` is the number of tokens in
    one event: the more, the longer until the next event. `keepalive` is the number of seconds of
    silence before a ping, if it differs from the server's. Raises ValueError for a value that is
    out of range.
    """

    first_token: float = 0.0
    token: float = 0.0
    jitter: float = 0.0
    chunk: int = 1
    keepalive: float | None = None

    def __post_init__(self) -> None:
        _check("first_token", self.first_token, 0, LONGEST_DELAY)
        _check("token", self.token, 0, LONGEST_DELAY)
        _check("jitter", self.jitter, 0, 1)
        _check("chunk", self.chunk, 1, LARGEST_CHUNK)
        _whole("chunk", self.chunk)
        if self.keepalive is not None:
            _check("keepalive", self.keepalive, SHORTEST_KEEPALIVE, LONGEST_DELAY)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a pace in one line: "ttft=0.5, tokens_per_second=20, jitter=0.2, chunk=4".

        Each of these and `keepalive` may be given once. The defaults are no delay, no jitter and
        one token. Times are in seconds, or in milliseconds as in `ttft=800ms`. Raises ValueError
        for anything else.
        """
        given: dict[str, float] = {}
        for part in filter(None, map(str.strip, text.split(","))):
            name, value = _named(part)
            if name in given:
                raise ValueError(f"expected {name} once, received {text!r}")
            given[name] = value
        return cls(
            first_token=given.get("ttft", 0.0),
            token=seconds_per_token(given.get("tokens_per_second")),
            jitter=given.get("jitter", 0.0),
            chunk=_whole("chunk", given.get("chunk", 1)),
            keepalive=given.get("keepalive"),
        )


def seconds_per_token(tokens_per_second: float | None) -> float:
    """Return the seconds that a token takes at a speed; 0 without one. Raises ValueError if the
    speed is out of range."""
    if tokens_per_second is None:
        return 0.0
    _check("tokens_per_second", tokens_per_second, 1 / LONGEST_DELAY, float("inf"))
    return 1 / tokens_per_second


def _check(name: str, value: float, least: float, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and least <= value <= most):
        raise ValueError(f"expected {name} from {least:g} to {most:g}, received {value!r}")


def _whole(name: str, value: float) -> int:
    if value % 1:
        raise ValueError(f"expected a whole number as {name}, received {value!r}")
    return int(value)


def _named(part: str) -> tuple[str, float]:
    """Split a part of a pace into its name and its number."""
    match = _PACE_PART.fullmatch(part)
    if match is None or (match[3] and match[1] not in _TIMES):
        raise ValueError(
            "expected a pace such as 'ttft=0.5, tokens_per_second=20, jitter=0.2, chunk=4', "
            f"received {part!r}"
        )
    name, number, unit = match.groups()
    return name, float(number) / (1000 if unit == "ms" else 1)
