"""`mockletta script`: changes the script of a running server."""

from typing import TYPE_CHECKING

import click

from mockletta.commands.options import at_a_server
from mockletta.errors import BadSettings

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient


@click.command()
@click.argument("file", type=click.Path())
@at_a_server
def script(remote: "ControlClient", file: str) -> None:
    """Replace the script of a running server until its world is reset."""
    from mockletta.journal.terminal_text import counted  # noqa: PLC0415 - help needs neither of them
    from mockletta.script.script_files import load_script  # noqa: PLC0415

    try:
        spelled = load_script(file).plain()
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    state = remote.ask("PUT", "/script", spelled)
    click.echo(f"{file}: {counted(state['rules'], 'rule')}, otherwise {state['otherwise']}")
