"""The settings of a server."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Self, get_args

from mockletta.world.pace import DEFAULT_KEEPALIVE, Pace
from mockletta.world.profiles import DEFAULT_PROFILE, PROFILES
from mockletta.world.quirks import Quirk, Quirks
from mockletta.world.worlds import DEFAULT_MAX_WORLDS

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8283
DEFAULT_MAX_BODY = 32 * 1024 * 1024
DEFAULT_JOURNAL_ENTRIES = 5_000
DEFAULT_JOURNAL_BYTES = 32 * 1024 * 1024
Tenancy = Literal["none", "key"]
StateSync = Literal["always", "second", "never"]
STATE_SYNCS: Sequence[StateSync] = get_args(StateSync)
DEFAULT_STATE_SYNC: StateSync = "second"
Mode = Literal["none", "once", "new_episodes", "all"]
"""Whether a recording is replayed or made, as in VCR."""
MODES: Sequence[Mode] = get_args(Mode)
Unrecorded = Literal["strict", "fill"]
"""What happens to a request that a recording does not hold."""
DETERMINISTIC_SEED = 0
DETERMINISTIC_TIME = "2026-01-01T00:00:00Z"
DETERMINISTIC_TICK = 0.001


TOOL_ENTRIES = ("tool-order", "tool")


class Settings(NamedTuple):
    """Where a server listens and how it behaves. Sizes are in bytes, times in seconds.

    Port 0 is any free port. `brain` is a URL that is asked for replies, a function or an object.
    Without `tool_calls` the default brain only calls tools that update memory; `brain_without`
    switches entries of its table off by name. `seed` and `script` are files or their content.
    `state` is a file that keeps the main world over restarts, and has a directory beside it for
    the worlds of keys; `state_sync` says when its changes
    are on the disk. `frozen_at` freezes the clock, and then each reading adds `tick` to it.
    `ids_seed` makes the ids reproducible. `journal_entries` and `journal_bytes` bound the journal.
    With tenancy `key` each API key has a world of its own,
    up to `max_worlds`. Clients on other machines need the `admin_token` for the control API. If
    `require_key` is not None, clients need one of its keys; any key if it is empty. Without
    `console` the server has no page to watch it on. `webhooks` are the hosts on other machines that
    runs may call back, `mcp` those whose MCP servers are really asked. `replay` is a recording that
    answers requests, at `replay_speed` times its speed, or at once if that is 0; `unrecorded` says
    what becomes of others. A recording older than `max_age` days is named. `models` are handles
    that are known beside the catalogue; `strict` among them refuses others. `overrides` is a file
    of corrected answers. When the server stops, open streams have `drain` seconds to end. A server
    on the loopback interface also answers to the names `allow_host`, and to web pages of
    `allow_origin`.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    seed: str | Mapping[str, object] | None = None
    script: str | Mapping[str, object] | None = None
    brain: object = None
    tool_calls: bool = True
    brain_without: tuple[str, ...] = ()
    state: str | None = None
    state_sync: StateSync = DEFAULT_STATE_SYNC
    quirks: frozenset[Quirk] = PROFILES[DEFAULT_PROFILE]
    max_body: int = DEFAULT_MAX_BODY
    keepalive: float = DEFAULT_KEEPALIVE
    pace: Pace = Pace()
    journal_entries: int = DEFAULT_JOURNAL_ENTRIES
    journal_bytes: int = DEFAULT_JOURNAL_BYTES
    tenancy: Tenancy = "none"
    max_worlds: int = DEFAULT_MAX_WORLDS
    admin_token: str | None = None
    require_key: tuple[str, ...] | None = None
    console: bool = True
    replay: str | None = None
    unrecorded: Unrecorded = "strict"
    replay_speed: float = 0.0
    max_age: float | None = None
    overrides: str | None = None
    webhooks: frozenset[str] = frozenset()
    mcp: frozenset[str] = frozenset()
    models: tuple[str, ...] = ()
    allow_host: frozenset[str] = frozenset()
    allow_origin: frozenset[str] = frozenset()
    frozen_at: datetime | str | None = None
    tick: float = 0.0
    ids_seed: int | None = None
    drain: float = 0.0

    @property
    def switched_off(self) -> tuple[str, ...]:
        """The entries of the default brain's table that are off."""
        return (*self.brain_without, *(() if self.tool_calls else TOOL_ENTRIES))

    def make_quirks(self) -> Quirks:
        return Quirks(self.quirks)

    def deterministic(self) -> Self:
        """Return these settings, with all settings that make answers reproducible. The tick gives
        later rows later times."""
        return self._replace(
            frozen_at=DETERMINISTIC_TIME if self.frozen_at is None else self.frozen_at,
            tick=self.tick or DETERMINISTIC_TICK,
            ids_seed=DETERMINISTIC_SEED if self.ids_seed is None else self.ids_seed,
        )
