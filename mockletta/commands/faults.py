"""`mockletta faults`: plans faults at a running server."""

from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import at_a_server, remote_options

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

FAULTS = "/faults"
LEFT_OUT = {"fired", "matched", "number", "on", "unfired"}
"""The keys of a listed fault that are not part of its line."""


@click.group(invoke_without_command=True)
@remote_options
@click.pass_context
def faults(context: click.Context, /, **_: str | None) -> None:
    """Plan faults at a running server, list them and clear them."""
    if context.invoked_subcommand is None:
        with list_faults.make_context("list", [], parent=context) as listing:
            list_faults.invoke(listing)


@faults.command("list")
@at_a_server
def list_faults(remote: "ControlClient") -> None:
    """List the planned faults and how many requests each has affected."""
    planned = remote.ask("GET", FAULTS)["faults"]
    for fault in planned:
        click.echo(_described(fault))
    if not planned:
        click.echo("no faults are planned")


@faults.command()
@click.argument("operation")
@click.argument("fault", nargs=-1, required=True, metavar="FAULT...")
@at_a_server
def add(remote: "ControlClient", operation: str, fault: tuple[str, ...]) -> None:
    """Plan a fault for an operation, written as in the header X-Mockletta-Fault.

    mockletta faults add conversations.messages.create status=429 retry_after=2 times=2
    """
    from mockletta.faults.one_line import parse_line  # noqa: PLC0415 - help needs no models

    try:
        spelled = parse_line(" ".join(fault))
    except ValueError as error:
        raise click.ClickException(f"fault: {error}") from error
    click.echo(_described(remote.ask("POST", FAULTS, {**spelled, "on": operation})))


@faults.command()
@at_a_server
def clear(remote: "ControlClient") -> None:
    """Remove all planned faults."""
    remote.ask("DELETE", FAULTS)


def _described(fault: dict[str, Any]) -> str:
    from mockletta.faults.one_line import spell_line  # noqa: PLC0415 - help needs no models

    keys = {name: value for name, value in fault.items() if name not in LEFT_OUT}
    operations = fault["on"] if isinstance(fault["on"], str) else ", ".join(fault["on"])
    return f"{operations}: {spell_line(keys)} (applied to {fault['fired']} of {fault['matched']})"
