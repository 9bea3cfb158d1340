"""What a server can be told: by flags, by environment variables, or from Python."""

from dataclasses import dataclass, field

from mockletta.app import DEFAULT_MAX_BODY
from mockletta.quirks import Quirk, Quirks
from mockletta.world import DEFAULT_KEEPALIVE, Pace

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8283


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen and how to behave; port 0 is any free one, sizes are in bytes, times in
    seconds."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    seed: str | None = None
    quirks: frozenset[Quirk] = field(default_factory=frozenset)
    max_body: int = DEFAULT_MAX_BODY
    keepalive: float = DEFAULT_KEEPALIVE
    pace: Pace = field(default_factory=Pace)

    def make_quirks(self) -> Quirks:
        return Quirks(self.quirks)
