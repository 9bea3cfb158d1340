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
    """Report what the client did wrong. Exit code 1 if there is anything.

    Without --key it judges the clients of all worlds.
    """
    answers = {name: one.ask("GET", "/verdict", allow=allow) for name, one in remote.everywhere()}
    is_clean = all(answer["clean"] for answer in answers.values())
    if as_json:
        only = next(iter(answers.values()))
        found = only if len(answers) == 1 else {"clean": is_clean, "worlds": answers}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, answer in answers.items():
            click.echo(answer["text"] if len(answers) == 1 else f"{name}: {answer['text']}")
    context.exit(0 if is_clean else 1)
