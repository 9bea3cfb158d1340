"""The command line."""

import logging
import sys

import click

from mockletta._version import __version__
from mockletta.app import DEFAULT_MAX_BODY
from mockletta.quirks import UnknownQuirk, parse_names
from mockletta.seed import BadSeed
from mockletta.server import listen, make_server, make_world, url_of
from mockletta.settings import DEFAULT_HOST, DEFAULT_PORT, Settings
from mockletta.world import DEFAULT_KEEPALIVE, Pace

LOG_LEVELS = ("debug", "info", "warning", "error")


@click.group()
@click.version_option(__version__, prog_name="mockletta")
def main() -> None:
    """A local, in-memory mock of the Letta server."""


@main.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, envvar="MOCKLETTA_HOST")
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
def serve(
    host: str,
    port: int,
    seed: str | None,
    quirks: str,
    log_level: str,
    ttft: float,
    tokens_per_second: float | None,
    keepalive: float,
    max_body: int,
) -> None:
    """Answer as if this were Letta, until Ctrl-C."""
    logging.basicConfig(
        level=log_level.upper(), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        settings = Settings(
            host=host,
            port=port,
            seed=seed,
            quirks=parse_names(name.strip() for name in quirks.split(",") if name.strip()),
            max_body=max_body,
            keepalive=keepalive,
            pace=Pace(ttft, 1 / tokens_per_second if tokens_per_second else 0.0),
        )
        run(settings)
    except (UnknownQuirk, BadSeed) as error:
        raise click.ClickException(str(error)) from error


def run(settings: Settings) -> None:
    """Serve until told to stop. The first line printed says where and how to use it."""
    world = make_world(settings)
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Is another server running there? --port 0 takes any free port."
        ) from error
    url = url_of(listener)
    click.echo(f'mockletta at {url} - Letta(base_url="{url}", api_key="any") - Ctrl-C to stop')
    make_server(world, settings.max_body).run([listener])
