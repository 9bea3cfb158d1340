"""`mockletta wait`: returns when a server answers."""

from typing import TYPE_CHECKING

import click

from mockletta.commands.options import at_a_server

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

DEFAULT_TIMEOUT = 30.0


@click.command()
@click.option(
    "--timeout",
    default=DEFAULT_TIMEOUT,
    show_default=True,
    type=click.FloatRange(min=0),
    help="The most seconds to wait.",
)
@at_a_server
def wait(remote: "ControlClient", timeout: float) -> None:
    """Wait until a server answers. Exit code 1 if none does in time."""
    remote.wait(timeout)
