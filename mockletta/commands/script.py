"""`mockletta script` and `mockletta check`: scripts of a running server, and problems in files."""

from collections.abc import Iterable
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


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.pass_context
def check(context: click.Context, files: tuple[str, ...]) -> None:
    """Report the problems of scripts and seeds. Exit code 1 if one cannot be loaded."""
    reports = [_report(file) for file in files]
    for text, _ in reports:
        click.echo(text)
    context.exit(max(code for _, code in reports))


def _report(file: str) -> tuple[str, int]:
    from mockletta.files.seed import is_seed, load_seed  # noqa: PLC0415 - help needs no models
    from mockletta.script.script_files import check_report  # noqa: PLC0415
    from mockletta.world.world import World  # noqa: PLC0415

    if not is_seed(file):
        return check_report(file, _operations)
    try:
        load_seed(World(), file)
    except BadSettings as error:
        return str(error), 1
    return f"{file}: no problems", 0


def _operations(pattern: str) -> Iterable[str]:
    from mockletta.hosting.application import create_router  # noqa: PLC0415 - few scripts have planned faults

    return create_router().operations(pattern)
