"""`mockletta reset`, `snapshot` and `restore`: the state of a running server's world."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import at_a_server
from mockletta.errors import BadSettings

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

LINES = "application/x-ndjson"
PIPE = "-"
FILE = click.Path(dir_okay=False, allow_dash=True)


@click.command()
@at_a_server
def reset(remote: "ControlClient") -> None:
    """Reset a running server's world to its start."""
    click.echo(f"reset: {_described(remote.ask('POST', '/reset'))}")


@click.command()
@click.argument("file", type=FILE)
@click.option("--seed", "as_seed", is_flag=True, help="Write a seed file, to read and edit.")
@at_a_server
def snapshot(remote: "ControlClient", file: str, *, as_seed: bool) -> None:
    """Write a running server's world to a file; - means standard output."""
    content = remote.fetch("GET", "/seed" if as_seed else "/snapshot")
    if file == PIPE:
        sys.stdout.buffer.write(content)
        return
    from mockletta.files.regular_files import write_whole  # noqa: PLC0415 - help needs no models

    try:
        write_whole(file, [content])
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {len(content)} bytes")


@click.command()
@click.argument("file", type=FILE)
@at_a_server
def restore(remote: "ControlClient", file: str) -> None:
    """Replace a running server's world by a snapshot file; - means standard input."""
    try:
        content = sys.stdin.buffer.read() if file == PIPE else Path(file).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    summary = json.loads(remote.fetch("PUT", "/snapshot", content, LINES))
    click.echo(f"restored: {_described(summary)}")


def _described(summary: dict[str, Any]) -> str:
    return f"{summary['agents']} agents, {summary['conversations']} conversations"
