"""`mockletta verdict`: judges the client of a running server."""

import json
from typing import TYPE_CHECKING

import click

from mockletta.commands.options import at_a_server

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient


@click.command()
@click.option("--allow", help="Findings to ignore, names separated by commas.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@at_a_server
@click.pass_context
def verdict(
    context: click.Context, remote: "ControlClient", allow: str | None, as_json: bool
) -> None:
    """Report what the client did wrong. Exit code 1 if there is anything."""
    answer = remote.ask("GET", "/verdict", allow=allow)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else answer["text"])
    context.exit(0 if answer["clean"] else 1)
