"""`mockletta state`: shows the content of a state file or a snapshot, and repairs a damaged one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from mockletta.errors import BadSettings

if TYPE_CHECKING:
    from mockletta.files.state_repair import Salvage

MOST_SHOWN = 20
FILE = click.argument("file", type=click.Path(dir_okay=False))


@click.group()
def state() -> None:
    """Show or repair a state file or a snapshot."""


@state.command()
@FILE
@click.pass_context
def show(context: click.Context, file: str) -> None:
    """Show the content of a file, and its damage. Exit code 1 if it is damaged."""
    from mockletta.files.state_repair import salvage  # noqa: PLC0415 - help needs no models

    try:
        found = salvage(file)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    for line in _described(found):
        click.echo(line)
    context.exit(1 if found.is_damaged else 0)


@state.command()
@FILE
def repair(file: str) -> None:
    """Replace a damaged file by what can be saved of it. A copy of the damaged file is kept."""
    from mockletta.files.state_repair import repair as repaired  # noqa: PLC0415

    try:
        found, copy = repaired(file)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    for line in _described(found):
        click.echo(line)
    click.echo("nothing to repair" if copy is None else f"repaired; the damaged file: {copy}")


def _described(found: "Salvage") -> Iterator[str]:
    from mockletta.journal.terminal_text import counted  # noqa: PLC0415

    rows = ", ".join(f"{count} {table}" for table, count in found.rows.items())
    draft = found.draft
    yield f"{found.path}: version {draft.version}, {counted(draft.last, 'line')}: {rows}"
    yield from _some("damaged", found.problems)
    yield from _some("lost with it", found.removed)
    if not found.is_damaged:
        yield "no damage"


def _some(title: str, reasons: list[str]) -> Iterator[str]:
    if reasons:
        yield f"{title}:"
        yield from (f"  {reason}" for reason in reasons[:MOST_SHOWN])
    if len(reasons) > MOST_SHOWN:
        yield f"  and {len(reasons) - MOST_SHOWN} more"
