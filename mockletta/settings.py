"""What a server can be told: by flags, by environment variables, or from Python."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Self

from mockletta.world.quirks import Quirk, Quirks

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8283
DEFAULT_MAX_BODY = 32 * 1024 * 1024
DEFAULT_KEEPALIVE = 20.0
DEFAULT_MAX_WORLDS = 1_000
DEFAULT_JOURNAL_ENTRIES = 5_000
DEFAULT_JOURNAL_BYTES = 32 * 1024 * 1024
ANY_KEY = "any"
Tenancy = Literal["none", "key"]
LONGEST_DELAY = 86_400
LARGEST_CHUNK = 10_000
SHORTEST_KEEPALIVE = 0.001
DETERMINISTIC_SEED = 0
DETERMINISTIC_TIME = "2026-01-01T00:00:00Z"
DETERMINISTIC_TICK = 0.001

_PACE_PART = re.compile(
    r"(ttft|tokens_per_second|jitter|chunk|keepalive) *= *([0-9]{1,9}(?:\.[0-9]{1,9})?)(m?s)?"
)

_TIMES = ("ttft", "keepalive")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast replies stream: seconds to the first token, and seconds for each one after it.

    `jitter` is the share (0 to 1) by which each delay may be longer or shorter. `chunk` is how many
    tokens come in one event: the more, the longer until the next. `keepalive` is how many seconds
    of silence bring a ping, where that is not the server's. ValueError for what cannot be.
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
        """A pace in one line: "ttft=0.5, tokens_per_second=20, jitter=0.2, chunk=4".

        Any of these and `keepalive`, each at most once; what is not named is no delay, no jitter,
        one token. Times are in seconds, or in milliseconds as in `ttft=800ms`. ValueError for
        anything else.
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


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen and how to behave; port 0 is any free one, sizes are in bytes, times in
    seconds. `brain` is a URL that is asked for replies; without `tool_calls` the default brain
    calls tools to update memory only. `frozen_at` is where the clock stands
    still, if it does, and `tick` what each reading adds to it then; `ids_seed` fixes all ids. A
    `script` is a file, or what a file would say;
    `state` is a file that keeps the main world over restarts. The journal keeps so many entries
    and bytes. With tenancy `key` each API key has a world of its own, up to `max_worlds`. Clients
    on other machines need the `admin_token` for the control API. Clients of the API need one of the
    keys of `require_key`, any if that is empty, none if it is None.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    seed: str | None = None
    script: str | os.PathLike[str] | Mapping[str, object] | None = None
    brain: str | None = None
    tool_calls: bool = True
    state: str | None = None
    quirks: frozenset[Quirk] = field(default_factory=frozenset)
    max_body: int = DEFAULT_MAX_BODY
    keepalive: float = DEFAULT_KEEPALIVE
    pace: Pace = field(default_factory=Pace)
    journal_entries: int = DEFAULT_JOURNAL_ENTRIES
    journal_bytes: int = DEFAULT_JOURNAL_BYTES
    tenancy: Tenancy = "none"
    max_worlds: int = DEFAULT_MAX_WORLDS
    admin_token: str | None = None
    require_key: tuple[str, ...] | None = None
    frozen_at: datetime | str | None = None
    tick: float = 0.0
    ids_seed: int | None = None

    def make_quirks(self) -> Quirks:
        return Quirks(self.quirks)

    def deterministic(self) -> Self:
        """These settings, with all set that makes the same requests give the same bytes. The tick
        makes what is created later younger."""
        return replace(
            self,
            frozen_at=DETERMINISTIC_TIME if self.frozen_at is None else self.frozen_at,
            tick=self.tick or DETERMINISTIC_TICK,
            ids_seed=DETERMINISTIC_SEED if self.ids_seed is None else self.ids_seed,
        )


def parse_keys(required: bool | str | Iterable[str]) -> tuple[str, ...] | None:
    """The keys that clients must send one of: those of a text with commas between, none in
    particular for `any` or true, None (no key is needed) for nothing. ValueError for a key that
    no header can have."""
    if isinstance(required, bool):
        return () if required else None
    listed = required.split(",") if isinstance(required, str) else required
    keys = tuple(filter(None, map(str.strip, listed)))
    if not all(key.isascii() and key.isprintable() for key in keys):
        raise ValueError("a required key must be fit for a header: printable ASCII characters")
    return () if ANY_KEY in keys else keys or None


def seconds_per_token(tokens_per_second: float | None) -> float:
    """What a token takes at a speed: nothing if there is none. ValueError if it cannot be."""
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
    """The name and the number of a part of a pace."""
    match = _PACE_PART.fullmatch(part)
    if match is None or (match[3] and match[1] not in _TIMES):
        raise ValueError(
            "expected a pace such as 'ttft=0.5, tokens_per_second=20, jitter=0.2, chunk=4', "
            f"received {part!r}"
        )
    name, number, unit = match.groups()
    return name, float(number) / (1000 if unit == "ms" else 1)
