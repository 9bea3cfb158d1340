"""Writes a world as the lines of a snapshot file."""

from collections.abc import Iterator
from dataclasses import fields
from functools import partial

from pydantic import BaseModel
from pydantic_core import to_json

from mockletta.files.numbered_lines import header_line, numbered_line
from mockletta.files.regular_files import write_whole
from mockletta.files.snapshot_file_entries import (
    ActiveEntry,
    EndEntry,
    GoneEntry,
    IdsEntry,
    LinksEntry,
    LogEntry,
    State,
    ThreadEntry,
)
from mockletta.files.snapshots import snapshot
from mockletta.state.event_log import EventLog, each
from mockletta.state.links import Links
from mockletta.state.message_records import MessageRecord
from mockletta.state.store import Store
from mockletta.state.threads import Thread
from mockletta.state.world_tables import LINKS, TABLES
from mockletta.world.world import World

FIRST = 1
"""The number of the header."""
_MESSAGE = tuple(
    (field.name, field.default) for field in fields(MessageRecord) if field.name != "rendered"
)
"""The fields of a message that are written, with their defaults."""


def save(world: World, path: str) -> None:
    """Write a snapshot of a world to a file. Raises BadSnapshot, and leaves the file unchanged, if
    that fails.

    Only the owner can read the file, since it has the secrets of agents.
    """
    write_whole(path, lines_of(world.run(partial(snapshot, world)).parked))


def lines_of(world: World) -> Iterator[bytes]:
    """Return the lines of a whole world."""
    yield header_line()
    number = FIRST
    for number, entry in enumerate(entries_of(world), FIRST + 1):
        yield numbered_line(number, entry)
    yield numbered_line(number + 1, json_of(EndEntry(entries=number - FIRST)))


def entries_of(world: World) -> Iterator[bytes]:
    """Return the entries of a whole world as JSON."""
    store = world.store
    for table in TABLES:
        for row in getattr(store, table):
            yield row_json(store, table, row.id)
    for links, (table, _) in LINKS.items():
        yield from (links_json(store, links, row.id) for row in getattr(store, table))
    for owner in (*store.agents, *store.conversations):
        yield from thread_json(store, owner.id)
    for run_id, log in world.logs.by_run.items():
        yield json_of(log_entry(run_id, log, world.logs.otids_of[run_id]))
    yield from ids_json(world)
    if world.active:
        yield active_json(world)


def json_of(entry: State | EndEntry) -> bytes:
    return entry.model_dump_json().encode()


def row_json(store: Store, table: str, row_id: str) -> bytes:
    """Return all fields of a row, including those that clients do not see.

    Fields of a message that have their default are left out, since there can be very many messages.
    """
    row = getattr(store, table).get(row_id)
    if isinstance(row, MessageRecord):
        values = {
            name: value
            for name, default in _MESSAGE
            if (value := getattr(row, name)) is not default
        }
    else:
        values = vars(row)
    build_models(values)
    return b'{"kind":"row","table":"%s","row":%s}' % (table.encode(), to_json(values))


def build_models(value: object) -> None:
    """Build the serializers of the models in a value. pydantic before 2.14 does not build them
    here."""
    if isinstance(value, BaseModel):
        type(value).model_rebuild()
    elif isinstance(value, dict):
        build_models(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            build_models(item)


def gone_json(table: str, row_id: str) -> bytes:
    return json_of(GoneEntry(table=table, id=row_id))


def links_json(store: Store, table: str, left: str) -> bytes:
    links: Links = getattr(store, table)
    return json_of(LinksEntry(table=table, left=left, rights=links.numbered(left)))


def thread_json(store: Store, thread_id: str) -> Iterator[bytes]:
    thread = store.find_thread(thread_id)
    if thread is not None:
        yield json_of(thread_entry(thread_id, thread, 0, 0))


def thread_entry(thread_id: str, thread: Thread, listed: int, kept: int) -> ThreadEntry:
    return ThreadEntry(
        id=thread_id,
        listed=listed,
        messages=thread.listed_from(listed),
        kept=kept,
        context=thread.context_ids[kept:],
        tokens=thread.tokens,
        turns=thread.turns,
    )


def log_entry(run_id: str, log: EventLog, otids: tuple[str | None, ...], told: int = 0) -> LogEntry:
    return LogEntry(
        run_id=run_id,
        otids=otids,
        told=told,
        events=[(event.kind, event.json.decode()) for event in each(log.after(told))],
        finished=log.finished,
    )


def ids_json(world: World) -> Iterator[bytes]:
    if world.ids.state is not None:
        yield json_of(IdsEntry(state=world.ids.state))


def active_json(world: World) -> bytes:
    return json_of(ActiveEntry(runs=list(world.active)))
