"""`mockletta journal`: shows the requests to a running server."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import at_a_server

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

JOURNAL = "/journal"
MOST_AT_ONCE = 1_000
SECONDS_BETWEEN_LOOKS = 0.2
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
@click.option("--long", is_flag=True, help="Include what was sent and answered.")
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
    """Show the requests to a running server and their responses."""
    newest = remote.ask("GET", JOURNAL, operation=operation, limit=limit)["entries"]
    entries = followed(remote, operation, newest) if follow else newest
    with suppress(KeyboardInterrupt):
        _show(entries, long=long, as_json=as_json)


def followed(
    remote: "ControlClient", operation: str | None, newest: list[Entry]
) -> Iterator[Entry]:
    """Return each entry once, when its response is complete: first the newest ones, then new
    ones."""
    shown: set[int] = set()
    since = newest[0]["number"] - 1 if newest else 0
    while True:
        seen = since
        waiting: list[int] = []
        for entry in _since(remote, operation, since):
            seen = entry["number"]
            if entry["duration"] is None:
                waiting.append(seen)
            elif seen not in shown:
                shown.add(seen)
                yield entry
        since = waiting[0] - 1 if waiting else seen
        shown = {number for number in shown if number > since}
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _since(remote: "ControlClient", operation: str | None, since: int) -> Iterator[Entry]:
    while True:
        asked = {"operation": operation, "since": since, "limit": MOST_AT_ONCE}
        entries = remote.ask("GET", JOURNAL, **asked)["entries"]
        yield from entries
        if len(entries) < MOST_AT_ONCE:
            return
        since = entries[-1]["number"]


def _show(entries: Iterable[Entry], *, long: bool, as_json: bool) -> None:
    """Print entries, in colours on a terminal that supports them unless NO_COLOR is set."""
    from mockletta.journal.entry_text import many_lines, one_line  # noqa: PLC0415 - not for help

    spell = many_lines if long else one_line
    colours = False if os.environ.get("NO_COLOR") else None
    for entry in entries:
        text = json.dumps(entry, ensure_ascii=False) if as_json else spell(entry, colour=True)
        click.echo(text, color=colours)
