"""The table of all settings: the name, the kind and the purpose of each.

The command line, the environment, pytest's configuration and Python all use this table.
"""

from typing import Any, NamedTuple, get_args

from mockletta.documents.value_kinds import (
    ChoiceKind,
    DurationKind,
    FlagKind,
    NumberKind,
    TextKind,
    ValueKind,
    WholeNumberKind,
)
from mockletta.settings.setting_kinds import (
    BrainKind,
    EntryNamesKind,
    HostPatternsKind,
    HostsKind,
    KeysKind,
    McpHostsKind,
    ModelsKind,
    MomentKind,
    OriginsKind,
    PaceKind,
    PathKind,
    QuirkNamesKind,
    SourceKind,
    TokenKind,
)
from mockletta.settings.settings import (
    DEFAULT_HOST,
    DEFAULT_JOURNAL_BYTES,
    DEFAULT_JOURNAL_ENTRIES,
    DEFAULT_MAX_BODY,
    DEFAULT_PORT,
    DEFAULT_STATE_SYNC,
    STATE_SYNCS,
    Tenancy,
    Unrecorded,
)
from mockletta.world.pace import DEFAULT_KEEPALIVE, KEEPALIVE, LONGEST_DELAY, PACE
from mockletta.world.profiles import DEFAULT_PROFILE, PROFILES
from mockletta.world.worlds import DEFAULT_MAX_WORLDS

PREFIX = "MOCKLETTA_"


class Setting(NamedTuple):
    """One setting.

    `off` means that its option switches it off: `--no-NAME`. `alone` is the value of its option
    without a value. A setting `of_server` is not about a world, so the mocks of a test session
    share it. `only` names the one surface that has it.
    """

    name: str
    kind: ValueKind
    help: str
    default: object = None
    off: bool = False
    alone: str | None = None
    of_server: bool = False
    only: str | None = None

    @property
    def option(self) -> str:
        """Its option on the command line."""
        return f"--{'no-' if self.off else ''}{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return PREFIX + self.option.removeprefix("--").replace("-", "_").upper()

    def parse(self, text: str) -> Any:  # noqa: ANN401 - each kind has a type of its own
        """Parse a text of its option or variable."""
        value = self.kind.parse(text)
        return not value if self.off else value


SERVE, PYTHON = "serve", "python"
SETTINGS = (
    Setting(
        "host",
        TextKind(),
        "The address to listen on; 0.0.0.0 means all interfaces.",
        DEFAULT_HOST,
        of_server=True,
    ),
    Setting(
        "port",
        WholeNumberKind(0, 65535),
        "The port to listen on; 0 means any free port.",
        DEFAULT_PORT,
        of_server=True,
    ),
    Setting(
        "seed",
        SourceKind(),
        "A YAML or JSON file with the initial world, or the name of one: demo, sdk-examples.",
    ),
    Setting(
        "brain", BrainKind(), "The URL of a program that replies; see the documentation of scripts."
    ),
    Setting("script", SourceKind(), "A YAML or JSON file with scripted replies."),
    Setting(
        "tool_calls", FlagKind(), "The default brain calls only tools that update memory.", off=True
    ),
    Setting(
        "brain_without",
        EntryNamesKind(),
        "Entries of the default brain's table that are off, names separated by commas.",
    ),
    Setting(
        "state",
        PathKind(),
        "A file that keeps the world over restarts; it is created if it does not exist.",
        only=SERVE,
    ),
    Setting(
        "drain",
        DurationKind(0, LONGEST_DELAY),
        "How long open requests may take to end when the server stops, such as `30s`.",
        0.0,
        only=SERVE,
    ),
    Setting(
        "state_sync",
        ChoiceKind(tuple(STATE_SYNCS)),
        "When the disk has the changes in the state file: before each answer, within a second, or "
        "when the operating system writes them.",
        DEFAULT_STATE_SYNC,
        only=SERVE,
    ),
    Setting(
        "quirks",
        QuirkNamesKind(),
        "Quirks to add to the profile's, names separated by commas: `recorded` means all. `-NAME` "
        "takes one away.",
    ),
    Setting(
        "profile",
        ChoiceKind(tuple(PROFILES)),
        "Which server to imitate: `cloud` as documented, or `open` as recorded.",
        DEFAULT_PROFILE,
    ),
    Setting("pace", PaceKind(), "How fast replies stream, in one value.", only=PYTHON),
    Setting("ttft", PACE["ttft"], "The time until a reply's first token, such as `500ms`."),
    Setting(
        "tokens_per_second",
        PACE["tokens_per_second"],
        "How fast replies stream; by default without delay.",
    ),
    Setting("jitter", PACE["jitter"], "The share by which each delay of a reply varies."),
    Setting("chunk", PACE["chunk"], "How many tokens an event has.", 1),
    Setting(
        "keepalive",
        KEEPALIVE,
        "The silence in a stream before a ping, such as `5s`.",
        DEFAULT_KEEPALIVE,
    ),
    Setting(
        "max_body",
        WholeNumberKind(1),
        "The largest request body in bytes.",
        DEFAULT_MAX_BODY,
        of_server=True,
    ),
    Setting(
        "deterministic",
        FlagKind(),
        "Answer equal requests with equal bytes: ids are counted, the clock is frozen.",
    ),
    Setting(
        "freeze",
        MomentKind(),
        "Freeze the clock, now or at a time such as 2026-01-01T00:00:00Z.",
        alone="now",
    ),
    Setting(
        "ids_seed",
        WholeNumberKind(),
        "A number that determines all ids; they are random by default.",
    ),
    Setting(
        "journal_entries",
        WholeNumberKind(1),
        "How many requests the journal keeps.",
        DEFAULT_JOURNAL_ENTRIES,
    ),
    Setting(
        "journal_bytes",
        WholeNumberKind(0),
        "How many bytes of bodies the journal keeps.",
        DEFAULT_JOURNAL_BYTES,
    ),
    Setting(
        "tenancy",
        ChoiceKind(get_args(Tenancy)),
        "`key` gives each API key its own world; by default all keys share one.",
        "none",
    ),
    Setting(
        "max_worlds",
        WholeNumberKind(1),
        "How many keys can have their own world.",
        DEFAULT_MAX_WORLDS,
    ),
    Setting(
        "admin_token",
        TokenKind(),
        "Clients on other machines need this token for /_mockletta/.",
        of_server=True,
    ),
    Setting(
        "require_key",
        KeysKind(),
        "Require one of these API keys, separated by commas; `any` accepts every key.",
        alone="any",
    ),
    Setting(
        "console",
        FlagKind(),
        "Leave out the console at /_mockletta/console.",
        off=True,
        of_server=True,
    ),
    Setting("replay", PathKind(), "A recording that answers the requests.", of_server=True),
    Setting(
        "unrecorded",
        ChoiceKind(get_args(Unrecorded)),
        "`strict` refuses requests that the recording does not hold; with `fill` the mock answers.",
        "strict",
        of_server=True,
    ),
    Setting(
        "replay_speed",
        NumberKind(0),
        "The speed of a replay: 1 is the recorded speed, 10 is ten times as fast, 0 does not wait.",
        of_server=True,
    ),
    Setting(
        "max_age",
        NumberKind(0),
        "Warn of a recording older than so many days.",
        of_server=True,
        only=SERVE,
    ),
    Setting("overrides", PathKind(), "A file of corrected answers.", of_server=True),
    Setting(
        "models",
        ModelsKind(),
        "Models that are known beside the catalogue, handles separated by commas. `strict` refuses "
        "others, which are accepted with a warning otherwise.",
    ),
    Setting(
        "webhooks",
        HostsKind(),
        "Hosts that a `callback_url` may name besides this machine, separated by commas.",
    ),
    Setting(
        "mcp",
        McpHostsKind(),
        "Hosts whose MCP servers are really asked, separated by commas; `loopback` means this "
        "machine.",
    ),
    Setting(
        "allow_host",
        HostsKind(),
        "Names in `Host` that a server on 127.0.0.1 answers to besides those of this machine, "
        "separated by commas.",
        of_server=True,
    ),
    Setting(
        "allow_origin",
        OriginsKind(),
        "Origins whose web pages may use the API besides those of this machine, separated by "
        "commas.",
        of_server=True,
    ),
)
OF_PLUGIN = {
    "relaxed": FlagKind(),
    "scope": ChoiceKind(("function", "class", "module", "session")),
    "allow_hosts": HostPatternsKind(),
}
"""The settings of the pytest plugin, besides the settings of mocks."""
BY_NAME = {setting.name: setting for setting in SETTINGS}
