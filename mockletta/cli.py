"""The command line. It loads the server only when it is to serve: its help is there at once."""

import errno
import gc
import logging
import sys
from contextlib import suppress
from typing import TypedDict, Unpack

import click

from mockletta._version import __version__
from mockletta.errors import BadSettings
from mockletta.quirks import parse_names
from mockletta.settings import (
    DEFAULT_HOST,
    DEFAULT_KEEPALIVE,
    DEFAULT_MAX_BODY,
    DEFAULT_PORT,
    LARGEST_CHUNK,
    Pace,
    Settings,
    seconds_per_token,
)

LOG_LEVELS = ("debug", "info", "warning", "error")


class Options(TypedDict):
    """The options of `serve` that make its settings."""

    host: str
    port: int
    seed: str | None
    quirks: str
    ttft: float
    tokens_per_second: float | None
    jitter: float
    chunk: int
    keepalive: float
    max_body: int
    deterministic: bool
    freeze: str | None
    ids_seed: int | None


@click.group()
@click.version_option(__version__, prog_name="mockletta")
def main() -> None:
    """A local, in-memory mock of the Letta server."""


@main.command()
@click.option(
    "--host",
    default=DEFAULT_HOST,
    show_default=True,
    envvar="MOCKLETTA_HOST",
    help="The address to listen on; 0.0.0.0 is all there are.",
)
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    envvar="MOCKLETTA_PORT",
    help="0 takes any free port.",
)
@click.option(
    "--seed", type=click.Path(), envvar="MOCKLETTA_SEED", help="A YAML or JSON world to start from."
)
@click.option(
    "--quirks",
    default="",
    envvar="MOCKLETTA_QUIRKS",
    help="Quirks of the recorded server, by name with commas between; `recorded` is all.",
)
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(LOG_LEVELS),
    envvar="MOCKLETTA_LOG_LEVEL",
    help="How much the log on standard error tells.",
)
@click.option(
    "--ttft",
    default=0.0,
    show_default=True,
    type=click.FloatRange(min=0),
    envvar="MOCKLETTA_TTFT",
    help="Seconds to a reply's first token.",
)
@click.option(
    "--tokens-per-second",
    type=click.FloatRange(min=0, min_open=True),
    envvar="MOCKLETTA_TOKENS_PER_SECOND",
    help="How fast replies stream; as fast as can be by default.",
)
@click.option(
    "--jitter",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    envvar="MOCKLETTA_JITTER",
    help="The share by which each of a reply's delays may be longer or shorter.",
)
@click.option(
    "--chunk",
    default=1,
    show_default=True,
    type=click.IntRange(1, LARGEST_CHUNK),
    envvar="MOCKLETTA_CHUNK",
    help="How many tokens come in one event.",
)
@click.option(
    "--keepalive",
    default=DEFAULT_KEEPALIVE,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    envvar="MOCKLETTA_KEEPALIVE",
    help="Seconds of silence in a stream before a ping.",
)
@click.option(
    "--max-body",
    default=DEFAULT_MAX_BODY,
    show_default=True,
    type=click.IntRange(min=1),
    envvar="MOCKLETTA_MAX_BODY",
    help="The largest request body in bytes.",
)
@click.option(
    "--deterministic",
    is_flag=True,
    envvar="MOCKLETTA_DETERMINISTIC",
    help="Answer the same requests with the same bytes: ids are counted, the clock is frozen.",
)
@click.option(
    "--freeze",
    is_flag=False,
    flag_value="now",
    metavar="[TIME]",
    envvar="MOCKLETTA_FREEZE",
    help="Let the clock stand still, now or at a time such as 2026-01-01T00:00:00Z.",
)
@click.option(
    "--ids-seed",
    type=int,
    envvar="MOCKLETTA_IDS_SEED",
    help="A number that fixes all ids; they are random by default.",
)
def serve(log_level: str, **options: Unpack[Options]) -> None:
    """Answer as if this were Letta, until Ctrl-C."""
    logging.basicConfig(
        level=log_level.upper(), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        run(settings_of(options))
    except BadSettings as error:
        raise click.ClickException(str(error)) from error


def settings_of(options: Options) -> Settings:
    """What the options say; BadSettings if that cannot be."""
    names = options["quirks"].split(",")
    settings = Settings(
        host=options["host"],
        port=options["port"],
        seed=options["seed"],
        quirks=parse_names(name.strip() for name in names if name.strip()),
        max_body=options["max_body"],
        keepalive=options["keepalive"],
        pace=_pace_of(options),
        frozen_at=options["freeze"],
        ids_seed=options["ids_seed"],
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


def run(settings: Settings) -> None:
    """Serve until told to stop. The first line printed says where and how to use it."""
    gc.disable()  # what is loaded stays: collecting meanwhile is a fifth of the time it takes
    from mockletta.server import listen, make_server, make_world, url_of  # noqa: PLC0415
    from mockletta.worlds import Worlds  # noqa: PLC0415

    world = make_world(settings)
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        hint = " Is another server running there? --port 0 takes any free port." if taken else ""
        raise click.ClickException(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}.{hint}"
        ) from error
    url = url_of(listener)
    server = make_server(Worlds(world), settings.max_body)
    collect_seldom()
    click.echo(f'mockletta at {url} - Letta(base_url="{url}", api_key="any") - Ctrl-C to stop')
    with suppress(KeyboardInterrupt):
        server.run([listener])


def collect_seldom() -> None:
    """Let the garbage collector leave alone what is loaded, and look less often: rows live long,
    and what a request leaves behind is mostly gone without it."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
