"""What a server can be told: by flags, by environment variables, or from Python."""

from dataclasses import dataclass, field
from typing import Literal

from mockletta.quirks import Quirk, Quirks

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8283
DEFAULT_MAX_BODY = 32 * 1024 * 1024
DEFAULT_KEEPALIVE = 20.0
DEFAULT_MAX_WORLDS = 1_000
Tenancy = Literal["none", "key"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast replies stream: seconds to the first token and between tokens."""

    first_token: float = 0.0
    token: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen and how to behave; port 0 is any free one, sizes are in bytes, times in
    seconds. With tenancy `key` each API key has a world of its own, up to `max_worlds`."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    seed: str | None = None
    quirks: frozenset[Quirk] = field(default_factory=frozenset)
    max_body: int = DEFAULT_MAX_BODY
    keepalive: float = DEFAULT_KEEPALIVE
    pace: Pace = field(default_factory=Pace)
    tenancy: Tenancy = "none"
    max_worlds: int = DEFAULT_MAX_WORLDS
    admin_token: str | None = None

    def make_quirks(self) -> Quirks:
        return Quirks(self.quirks)
