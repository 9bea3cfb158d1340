"""The options of the commands, each with its environment variable."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypedDict, TypeVar, get_args

import click

from mockletta.errors import BadSettings
from mockletta.settings import (
    ANY_KEY,
    DEFAULT_HOST,
    DEFAULT_JOURNAL_BYTES,
    DEFAULT_JOURNAL_ENTRIES,
    DEFAULT_MAX_BODY,
    DEFAULT_PORT,
    DEFAULT_STATE_SYNC,
    STATE_SYNCS,
    Settings,
    StateSync,
    Tenancy,
    Unrecorded,
    parse_hosts,
    parse_keys,
)
from mockletta.world.pace import DEFAULT_KEEPALIVE, LARGEST_CHUNK, Pace, seconds_per_token
from mockletta.world.profiles import DEFAULT_PROFILE, PROFILES, quirks_of
from mockletta.world.worlds import DEFAULT_MAX_WORLDS

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

LOG_LEVELS = ("debug", "info", "warning", "error")
DEFAULT_LOG_LEVEL = "info"
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
DEFAULT_URL = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"


def option(flag: str, text: str, *name: str, **how: Any) -> Callable[[F], F]:  # noqa: ANN401
    """Add an option that can also be set by an environment variable.

    The command's parameter is named after the flag, or `name`.
    """
    variable = f"MOCKLETTA_{flag.removeprefix('--').upper().replace('-', '_')}"
    shown = bool(how.get("default"))
    return click.option(flag, *name, envvar=variable, help=text, show_default=shown, **how)


def flag_only(flag: str, text: str, *name: str, **how: Any) -> Callable[[F], F]:  # noqa: ANN401
    """Add an option that has no environment variable."""
    return click.option(flag, *name, help=text, show_default=bool(how.get("default")), **how)


class Options(TypedDict):
    """The options of `serve` as click passes them."""

    host: str
    port: int
    seed: str | None
    brain: str | None
    script: str | None
    state: str | None
    state_sync: StateSync | None
    quirks: str
    profile: str
    no_tool_calls: bool
    brain_without: str
    ttft: float
    tokens_per_second: float | None
    jitter: float
    chunk: int
    keepalive: float
    max_body: int
    deterministic: bool
    freeze: str | None
    ids_seed: int | None
    journal_entries: int
    journal_bytes: int
    tenancy: Tenancy
    max_worlds: int
    admin_token: str | None
    require_key: str | None
    no_console: bool
    webhooks: str
    replay: str | None
    unrecorded: Unrecorded
    replay_speed: float
    max_age: float | None


SERVE_OPTIONS = (
    option(
        "--host", "The address to listen on; 0.0.0.0 means all interfaces.", default=DEFAULT_HOST
    ),
    option(
        "--port",
        "The port to listen on; 0 means any free port.",
        default=DEFAULT_PORT,
        type=click.IntRange(0, 65535),
    ),
    option("--seed", "A YAML or JSON file with the initial world.", type=click.Path()),
    option("--brain", "A URL that is asked for replies; see the documentation of scripts."),
    option("--script", "A YAML or JSON file with scripted replies.", type=click.Path()),
    option(
        "--no-tool-calls", "The default brain calls only tools that update memory.", is_flag=True
    ),
    option(
        "--brain-without",
        "Entries of the default brain's table that are off, names separated by commas.",
        default="",
    ),
    option("--reload", "Reload the script when its file changes.", is_flag=True),
    option(
        "--state",
        "A file that keeps the world over restarts; it is created if it does not exist.",
        type=click.Path(),
    ),
    option(
        "--state-sync",
        "When the disk has the changes in the state file: before each answer, within a second (the "
        "default), or when the operating system writes them.",
        type=click.Choice(STATE_SYNCS),
    ),
    option(
        "--quirks",
        "Quirks to add to the profile's, names separated by commas: `recorded` means all. `-NAME` "
        "takes one away.",
        default="",
    ),
    option(
        "--profile",
        "Which server to imitate: `cloud` as documented, or `open` as recorded.",
        default=DEFAULT_PROFILE,
        type=click.Choice(list(PROFILES)),
    ),
    option(
        "--log-level",
        "The log level on standard error.",
        default=DEFAULT_LOG_LEVEL,
        type=click.Choice(LOG_LEVELS),
    ),
    option(
        "--ttft", "Seconds until a reply's first token.", default=0.0, type=click.FloatRange(min=0)
    ),
    option(
        "--tokens-per-second",
        "How fast replies stream; by default without delay.",
        type=click.FloatRange(min=0, min_open=True),
    ),
    option(
        "--jitter",
        "The share by which each delay of a reply varies.",
        default=0.0,
        type=click.FloatRange(0, 1),
    ),
    option(
        "--chunk",
        "How many tokens an event has.",
        default=1,
        type=click.IntRange(1, LARGEST_CHUNK),
    ),
    option(
        "--keepalive",
        "Seconds of silence in a stream before a ping.",
        default=DEFAULT_KEEPALIVE,
        type=click.FloatRange(min=0, min_open=True),
    ),
    option(
        "--max-body",
        "The largest request body in bytes.",
        default=DEFAULT_MAX_BODY,
        type=click.IntRange(min=1),
    ),
    option(
        "--deterministic",
        "Answer equal requests with equal bytes: ids are counted, the clock is frozen.",
        is_flag=True,
    ),
    option(
        "--freeze",
        "Freeze the clock, now or at a time such as 2026-01-01T00:00:00Z.",
        is_flag=False,
        flag_value="now",
        metavar="[TIME]",
    ),
    option("--ids-seed", "A number that determines all ids; they are random by default.", type=int),
    option(
        "--journal-entries",
        "How many requests the journal keeps.",
        default=DEFAULT_JOURNAL_ENTRIES,
        type=click.IntRange(min=1),
    ),
    option(
        "--journal-bytes",
        "How many bytes of bodies the journal keeps.",
        default=DEFAULT_JOURNAL_BYTES,
        type=click.IntRange(min=0),
    ),
    option(
        "--tenancy",
        "`key` gives each API key its own world; by default all keys share one.",
        default="none",
        type=click.Choice(get_args(Tenancy)),
    ),
    option(
        "--max-worlds",
        "How many keys can have their own world.",
        default=DEFAULT_MAX_WORLDS,
        type=click.IntRange(min=1),
    ),
    option("--admin-token", "Clients on other machines need this token for /_mockletta/."),
    option(
        "--require-key",
        "Require one of these API keys, separated by commas; `any` accepts every key.",
        is_flag=False,
        flag_value=ANY_KEY,
        metavar="[KEYS]",
    ),
    option("--no-console", "Leave out the console at /_mockletta/console.", is_flag=True),
    option("--replay", "A recording that answers the requests.", type=click.Path()),
    option(
        "--unrecorded",
        "What the recording does not hold is refused (`strict`), or answered by the mock (`fill`).",
        default="strict",
        type=click.Choice(get_args(Unrecorded)),
    ),
    option(
        "--replay-speed",
        "How fast a recording replays: 1 is as it was, 10 ten times as fast, 0 at once.",
        default=0.0,
        type=click.FloatRange(min=0),
    ),
    option(
        "--max-age",
        "Warn of a recording older than so many days.",
        type=click.FloatRange(min=0),
    ),
    option(
        "--webhooks",
        "Hosts that a `callback_url` may name besides this machine, separated by commas.",
        default="",
        metavar="HOSTS",
    ),
    option(
        "--log-format",
        "Print requests as lines of text, or each as a JSON object on a line.",
        default="text",
        type=click.Choice(("text", "json")),
    ),
    option(
        "--exec",
        "Run this shell command beside the server, then stop and return its exit code.",
        "line",
    ),
    option(
        "--until-stdin-closes",
        "Stop when standard input ends, so that the server never outlives the process that holds "
        "its other end.",
        is_flag=True,
    ),
)


def serve_options(command: F) -> F:
    """Add the options of `serve`, in this order."""
    for one in reversed(SERVE_OPTIONS):
        command = one(command)
    return command


def settings_of(options: Options) -> Settings:
    """Return the settings of the options. Raises BadSettings if they are invalid."""
    if options["state"] is not None and options["tenancy"] == "key":
        raise BadSettings("--state keeps one world: it cannot be combined with --tenancy key")
    if options["state_sync"] is not None and options["state"] is None:
        raise BadSettings("--state-sync requires --state")
    names = options["quirks"].split(",")
    settings = Settings(
        host=options["host"],
        port=options["port"],
        seed=options["seed"],
        brain=options["brain"],
        script=options["script"],
        tool_calls=not options["no_tool_calls"],
        brain_without=tuple(filter(None, map(str.strip, options["brain_without"].split(",")))),
        state=options["state"],
        state_sync=options["state_sync"] or DEFAULT_STATE_SYNC,
        quirks=quirks_of(options["profile"], (name.strip() for name in names if name.strip())),
        max_body=options["max_body"],
        keepalive=options["keepalive"],
        pace=_pace_of(options),
        frozen_at=options["freeze"],
        ids_seed=options["ids_seed"],
        journal_entries=options["journal_entries"],
        journal_bytes=options["journal_bytes"],
        tenancy=options["tenancy"],
        max_worlds=options["max_worlds"],
        admin_token=_token(options["admin_token"]),
        require_key=_keys(options["require_key"]),
        console=not options["no_console"],
        webhooks=_hosts(options["webhooks"]),
        replay=options["replay"],
        unrecorded=options["unrecorded"],
        replay_speed=options["replay_speed"],
        max_age=options["max_age"],
    )
    return settings.deterministic() if options["deterministic"] else settings


def _pace_of(options: Options) -> Pace:
    try:
        return Pace(
            first_token=options["ttft"],
            token=seconds_per_token(options["tokens_per_second"]),
            jitter=options["jitter"],
            chunk=options["chunk"],
        )
    except ValueError as error:
        raise BadSettings(str(error)) from error


def _keys(required: str | None) -> tuple[str, ...] | None:
    try:
        return parse_keys(required or "")
    except ValueError as error:
        raise BadSettings(str(error)) from error


def _hosts(listed: str) -> frozenset[str]:
    try:
        return parse_hosts(listed)
    except ValueError as error:
        raise BadSettings(f"--webhooks: {error}") from error


def _token(token: str | None) -> str | None:
    if token and not (token.isascii() and token.isprintable() and token.strip() == token):
        raise BadSettings(
            "the admin token must be a valid header value: printable ASCII characters"
        )
    return token


def at_a_server(command: "Callable[Concatenate[ControlClient, P], None]") -> Callable[..., None]:
    """Add the options that select a running server, and pass it as the first argument."""

    @option("--url", "The URL of the server.", default=DEFAULT_URL)
    @option("--admin-token", "The admin token, required from another machine.")
    @option("--key", "The API key whose world is used; the main world by default.")
    @wraps(command)
    def at(url: str, admin_token: str | None, key: str | None, *args: Any, **rest: Any) -> None:  # noqa: ANN401
        from mockletta.commands.control_client import ControlClient  # noqa: PLC0415 - help needs no client

        command(ControlClient(url, admin_token, key), *args, **rest)

    return at
