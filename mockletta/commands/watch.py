"""`mockletta watch` and `mockletta open`: live events of a running server."""

import json
import os
import time
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import at_a_server
from mockletta.journal.entries import HEALTH_CHECKS
from mockletta.journal.entry_text import agent_of, lines_of
from mockletta.journal.terminal_text import printable

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

Facts = dict[str, Any]
CONSOLE = "/_mockletta/console"
SECONDS_BETWEEN_TRIES = 0.5
TYPED = {"assistant_message": "content", "reasoning_message": "reasoning"}


@click.command()
@click.option("--agent", help="Only requests about this agent, by its id or name.")
@click.option("--conversation", help="Only requests about this conversation, by its id.")
@click.option("--operation", help="Only this operation, or a pattern such as `agents.*`.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on a line for each event.")
@at_a_server
def watch(
    remote: "ControlClient",
    agent: str | None,
    conversation: str | None,
    operation: str | None,
    as_json: bool,
) -> None:
    """Watch a running server: requests as they are answered, replies as they stream."""
    chosen = {
        "agent_id": None if agent is None else _agent_id(remote, agent),
        "conversation_id": conversation,
        "operation": operation,
    }
    worlds = remote.everywhere()
    if len(worlds) > 1:
        click.echo(f"watching all {len(worlds)} worlds; --key watches one", err=True)
    printer = ReplyPrinter(remote, colour=not os.environ.get("NO_COLOR"))
    with suppress(KeyboardInterrupt):
        for kind, facts in events_of(remote, chosen):
            if as_json:
                click.echo(json.dumps({"event": kind, **facts}, ensure_ascii=False))
            else:
                printer.take(kind, facts)


class ReplyPrinter:
    """Prints requests when they are answered, and types out one streamed reply at a time.

    A reply that streams while another one is typed is printed when it is complete.
    """

    def __init__(self, remote: "ControlClient", *, colour: bool) -> None:
        self._remote = remote
        self._colour = None if colour else False
        self._agents: dict[tuple[object, object], str | None] = {}
        self._typing: tuple[object, object] | None = None
        self._who = ""

    def take(self, kind: str, facts: Facts) -> None:
        """Print the text for an event."""
        place = (facts.get("world"), facts.get("number"))
        if kind == "request":
            self._agents[place] = facts.get("agent")
        elif kind == "frames":
            self._type(place, facts["frames"])
        elif kind == "response":
            self._end(place, facts)
        elif kind == "lost":
            click.echo(f"({facts['events']} events were lost)", err=True)

    def _type(self, place: tuple[object, object], frames: list[Any]) -> None:
        if self._typing not in {None, place}:
            return
        for frame in frames:
            field = TYPED.get(str(frame.get("message_type"))) if isinstance(frame, dict) else None
            text = frame.get(field) if field is not None else None
            if not isinstance(text, str):
                continue
            if self._typing is None or self._who != frame["message_type"]:
                who = self._agents.get(place) or "agent"
                note = " (reasoning)" if field == "reasoning" else ""
                click.echo(f"{'' if self._typing is None else chr(10)}  {who}{note}: ", nl=False)
            self._typing, self._who = place, frame["message_type"]
            click.echo(printable(text), nl=False)

    def _end(self, place: tuple[object, object], facts: Facts) -> None:
        if self._typing == place:
            self._typing = None
            click.echo()
        agent = self._agents.pop(place, None)
        if facts["operation"] in HEALTH_CHECKS:
            return
        found = self._remote.try_ask(f"/journal/{facts['number']}", world=facts["world"])
        if found is not None:
            lines = lines_of(found, agent_of(found, agent), colour=True)
            click.echo("\n".join(lines), color=self._colour)


def events_of(
    remote: "ControlClient", chosen: dict[str, str | None]
) -> Iterator[tuple[str, Facts]]:
    """Yield the events of a server, also after a restart of the server."""
    from http.client import HTTPException  # noqa: PLC0415 - not for help

    last: str | None = None
    while True:
        with suppress(OSError, HTTPException):
            for event_id, kind, data in remote.follow("/events", last, chosen):
                last = event_id or last
                yield kind, json.loads(data)
        time.sleep(SECONDS_BETWEEN_TRIES)


def _agent_id(remote: "ControlClient", wanted: str) -> str:
    agents = remote.ask("GET", "/agents")["agents"]
    found = [one["id"] for one in agents if wanted in {one["id"], one["name"]}]
    if not found:
        raise click.ClickException(f"no agent is called {wanted!r}")
    return str(found[0])


@click.command("open")
@at_a_server
def open_console(remote: "ControlClient") -> None:
    """Open the console of a running server in the browser."""
    url = remote.url.rstrip("/") + CONSOLE
    click.echo(url)
    if not webbrowser.open(url):
        click.echo("No browser was found: open the address by hand.", err=True)
