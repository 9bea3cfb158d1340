"""The lines that `mockletta serve` prints while it answers: one thread prints events of the feed.

The server only publishes to the feed, which is bounded, so an unread terminal or pipe never blocks
it. Dropped events are counted and reported. If only problems are printed, only problems are
published.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TextIO

from mockletta.journal.entries import HEALTH_CHECKS, Entry
from mockletta.journal.entry_text import agent_of, lines_of
from mockletta.journal.feed import Feed, FeedEvent, WatchLevel
from mockletta.world.request_context import subject_of
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

SECONDS_TO_FINISH = 0.5
Spell = Callable[[Entry, str | None], list[str]]


class RequestLines:
    """Prints requests as they are answered: all of them, or only problems."""

    def __init__(
        self, worlds: Worlds, out: TextIO, *, everything: bool, colour: bool, as_json: bool
    ) -> None:
        self._worlds = worlds
        self._out = out
        self._everything = everything
        self._spell: Spell = _json_line if as_json else _spell_in(colour=colour)
        self._agents: dict[tuple[object, object], str | None] = {}
        self._news = threading.Event()
        self._ended = False

    def wake(self) -> None:
        """Make the thread look again. The feed calls this."""
        self._news.set()

    def run(self) -> None:
        """Print until `end` is called and everything is printed, or until the reader has gone."""
        feed = self._worlds.feed
        seen = 0
        with suppress(OSError, ValueError):
            while not self._ended or feed.newest > seen:
                self._news.wait()
                self._news.clear()
                seen = self._print_after(feed, seen)

    def end(self) -> None:
        """End the thread once everything is printed."""
        self._ended = True
        self._news.set()

    def _print_after(self, feed: Feed, seen: int) -> int:
        for event in feed.after(seen):
            if event.number > seen + 1:
                self._write([f"({event.number - seen - 1} events were not printed in time)"])
            seen = event.number
            self._write(self._described(event))
        return seen

    def _write(self, lines: list[str]) -> None:
        if lines:
            self._out.write("\n".join(lines) + "\n")
            self._out.flush()

    def _described(self, event: FeedEvent) -> list[str]:
        facts = event.facts
        place = (facts.get("world"), facts.get("number"))
        if event.kind == "request":
            self._agents[place] = facts.get("agent")
        if event.kind != "response" or facts["operation"] in HEALTH_CHECKS:
            return []
        agent = self._agents.pop(place, None)
        world = next((one for one in self._worlds if one.name == place[0]), None)
        entry = None if world is None else world.journal.find(facts["number"])
        if world is None or entry is None or not (self._everything or entry.is_problem):
            return []
        return self._spell(entry, agent or world.run(partial(_agent_name, entry, world)))


def _agent_name(entry: Entry, world: World) -> str | None:
    """Return the present name of a request's agent."""
    agent_id, _ = subject_of(entry, world)
    agent = world.store.agents.find(agent_id or "")
    return None if agent is None else agent.name


@contextmanager
def request_lines(
    worlds: Worlds, *, everything: bool, colour: bool, as_json: bool
) -> Iterator[None]:
    """Print requests to standard error while the block lasts."""
    lines = RequestLines(worlds, sys.stderr, everything=everything, colour=colour, as_json=as_json)
    thread = threading.Thread(target=lines.run, name="mockletta lines", daemon=True)
    thread.start()
    worlds.feed.join(lines, WatchLevel.REQUESTS if everything else WatchLevel.PROBLEMS)
    try:
        yield
    finally:
        worlds.feed.leave(lines)
        lines.end()
        thread.join(SECONDS_TO_FINISH)


def _spell_in(*, colour: bool) -> Spell:
    def spell(entry: Entry, agent: str | None) -> list[str]:
        document = entry.to_dict(whole=True)
        return lines_of(document, agent_of(document, agent), colour=colour)

    return spell


def _json_line(entry: Entry, agent: str | None) -> list[str]:
    name = agent_of(entry.to_dict(whole=True), agent)
    return [json.dumps({**entry.to_dict(), "agent": name}, ensure_ascii=False)]
