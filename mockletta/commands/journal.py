"""`mockletta journal` and `mockletta verdict`: requests to a running server, and the faults of its
clients."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import at_a_server
from mockletta.journal.entries import HEALTH_CHECKS

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

JOURNAL = "/journal"
MOST_AT_ONCE = 1_000
Entry = dict[str, Any]


@click.command()
@click.option("--follow", is_flag=True, help="Keep printing new requests until Ctrl-C.")
@click.option("--operation", help="Only this operation, or a pattern such as `agents.*`.")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, MOST_AT_ONCE),
    help="How many of the newest requests.",
)
@click.option("--long", is_flag=True, help="Include requests and responses in full.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@at_a_server
def journal(
    remote: "ControlClient",
    follow: bool,
    operation: str | None,
    limit: int,
    long: bool,
    as_json: bool,
) -> None:
    """Show the requests to a running server and their responses.

    Without --key it shows the requests to all worlds. Health checks are only shown if --operation
    names them.
    """
    entries: Iterable[Entry] = newest(remote, operation, limit)
    if follow:
        entries = chain(entries, followed(remote, operation))
    with suppress(KeyboardInterrupt):
        _show(entries, long=long, as_json=as_json)


def newest(remote: "ControlClient", operation: str | None, limit: int) -> list[Entry]:
    """Return the newest entries, oldest first. Those of several worlds name their world."""
    worlds = remote.everywhere()
    if len(worlds) > 1:
        click.echo(f"requests to all {len(worlds)} worlds; --key shows those of one", err=True)
    found = [
        entry if len(worlds) == 1 else {**entry, "world": name}
        for name, one in worlds
        for entry in one.ask("GET", JOURNAL, operation=operation, limit=limit)["entries"]
    ]
    return sorted(found, key=itemgetter("at"))[-limit:]


def followed(remote: "ControlClient", operation: str | None) -> Iterator[Entry]:
    """Yield entries live: a stream when it begins, and every request when it is complete."""
    from mockletta.commands.watch import events_of  # noqa: PLC0415 - not for help

    begun: set[tuple[str, int]] = set()
    for kind, facts in events_of(remote, {"operation": operation}):
        place = (facts.get("world", ""), facts.get("number", 0))
        is_new = kind == "frames" and place not in begun
        if kind == "response":
            begun.discard(place)
        elif is_new:
            begun.add(place)
        is_hidden = operation is None and facts.get("operation") in HEALTH_CHECKS
        if is_new or (kind == "response" and not is_hidden):
            found = remote.try_ask(f"{JOURNAL}/{place[1]}", world=place[0])
            if found is not None:
                yield found


def _show(entries: Iterable[Entry], *, long: bool, as_json: bool) -> None:
    """Print entries, in colours on a terminal that supports them unless NO_COLOR is set."""
    from mockletta.journal.entry_text import many_lines, one_line  # noqa: PLC0415 - not for help

    spell = many_lines if long else one_line
    colours = False if os.environ.get("NO_COLOR") else None
    for entry in entries:
        text = json.dumps(entry, ensure_ascii=False) if as_json else spell(entry, colour=True)
        click.echo(text, color=colours)


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
