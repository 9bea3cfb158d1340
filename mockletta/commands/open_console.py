"""`mockletta open`: show the console of a running server in the browser."""

import webbrowser
from typing import TYPE_CHECKING

import click

from mockletta.commands.options import at_a_server

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

CONSOLE = "/_mockletta/console"


@click.command("open")
@at_a_server
def open_console(remote: "ControlClient") -> None:
    """Open the console of a running server in the browser."""
    url = remote.url.rstrip("/") + CONSOLE
    click.echo(url)
    if not webbrowser.open(url):
        click.echo("No browser was found: open the address by hand.", err=True)
