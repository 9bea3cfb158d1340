"""Collects the changes of a world since the last write, as entries."""

from collections.abc import Iterator
from typing import NamedTuple

from mockletta.files.snapshot_file_writing import (
    active_json,
    gone_json,
    ids_json,
    json_of,
    links_json,
    log_entry,
    row_json,
    thread_entry,
)
from mockletta.state.store import THREADS
from mockletta.state.threads import Thread
from mockletta.state.world_tables import LINKS, TABLES
from mockletta.world.world import World


class _Mark(NamedTuple):
    """The part of a thread that has been written."""

    listed: int
    rewrites: int
    kept: int
    tokens: int
    turns: int


_NOTHING = _Mark(0, 0, 0, 0, 0)


def _mark(thread: Thread) -> _Mark:
    return _Mark(len(thread), thread.rewrites, len(thread.context), thread.tokens, thread.turns)


class Changes:
    """Collects the changes of a world from now on. `of_store` is the store it observes; a restored
    world has another one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.of_store = world.store
        self._changed_ids = world.store.record_changes()
        self._threads: dict[str, _Mark] = {}
        for owner in (*world.store.agents, *world.store.conversations):
            thread = world.store.find_thread(owner.id)
            if thread is not None:
                self._threads[owner.id] = _mark(thread)
        self._changed_ids[THREADS].take()
        logs = world.logs
        logs.unwritten.clear()
        self._growing = {
            run_id: len(log) for run_id, log in logs.by_run.items() if not log.finished
        }
        self._ids = world.ids.state
        self._active = list(world.active)

    def take(self) -> list[bytes]:
        """Return the entries of all changes since the last call, in an order in which they can be
        read."""
        return [
            *self._rows(),
            *self._links(),
            *self._changed_threads(),
            *self._logs(),
            *self._others(),
        ]

    def _rows(self) -> Iterator[bytes]:
        """Return deleted rows, then changed ones. An id can be in both."""
        put = []
        for table in TABLES:
            dropped, there = self._changed_ids[table].take()
            yield from (gone_json(table, row_id) for row_id in dropped)
            put += [(table, row_id) for row_id in there]
        for table, row_id in put:
            yield row_json(self.of_store, table, row_id)

    def _links(self) -> Iterator[bytes]:
        for table in LINKS:
            _, lefts = self._changed_ids[table].take()
            yield from (links_json(self.of_store, table, left) for left in lefts)

    def _changed_threads(self) -> Iterator[bytes]:
        dropped, changed_threads = self._changed_ids[THREADS].take()
        for thread_id in dropped:
            self._threads.pop(thread_id, None)
            yield gone_json(THREADS, thread_id)
        for thread_id in changed_threads:
            thread = self.of_store.thread(thread_id)
            old, new = self._threads.get(thread_id, _NOTHING), _mark(thread)
            if old != new:
                self._threads[thread_id] = new
                kept = old.kept if old.rewrites == new.rewrites else 0
                yield json_of(thread_entry(thread_id, thread, old.listed, kept))
        self._changed_ids[THREADS].take()

    def _logs(self) -> Iterator[bytes]:
        """Return new logs, and those that were unfinished when they were last written."""
        logs = self._world.logs
        told = self._growing | dict.fromkeys(logs.unwritten, 0)
        logs.unwritten.clear()
        self._growing = {}
        for run_id, frames in told.items():
            log = logs.by_run.get(run_id)
            if log is None:
                continue
            if not log.finished:
                self._growing[run_id] = len(log)
            yield json_of(log_entry(run_id, log, logs.otids_of[run_id], frames))

    def _others(self) -> Iterator[bytes]:
        if self._ids != self._world.ids.state:
            self._ids = self._world.ids.state
            yield from ids_json(self._world)
        if self._active != list(self._world.active):
            self._active = list(self._world.active)
            yield active_json(self._world)
