"""`mockletta check`: reports the problems of script files."""

from collections.abc import Iterable

import click


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.pass_context
def check(context: click.Context, files: tuple[str, ...]) -> None:
    """Report the problems of scripts, line by line. Exit code 1 if one cannot be loaded."""
    from mockletta.script.script_files import check_report  # noqa: PLC0415 - help needs no models

    told = [check_report(file, _operations) for file in files]
    for text, _ in told:
        click.echo(text)
    context.exit(max(code for _, code in told))


def _operations(pattern: str) -> Iterable[str]:
    from mockletta.hosting.application import create_router  # noqa: PLC0415 - few scripts have planned faults

    return create_router().operations(pattern)
