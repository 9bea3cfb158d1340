"""Reads snapshot files and state files into a world. Errors have a line number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from mockletta.documents.json_types import JsonObject
from mockletta.files.id_references import dangling, malformed
from mockletta.files.numbered_lines import entry_of
from mockletta.files.snapshot_file_entries import (
    ENTRY,
    VERSION,
    ActiveEntry,
    BadSnapshot,
    ChangesEntry,
    DamagedEntry,
    EndEntry,
    Entry,
    GoneEntry,
    Header,
    IdsEntry,
    LinksEntry,
    LogEntry,
    ReadRow,
    RowEntry,
    ThreadEntry,
    read_row,
    row_adapter,
    upgraded,
)
from mockletta.files.snapshots import cancel_copied_run, restore
from mockletta.state.event_log import Event, EventLog
from mockletta.state.garbage_collection import paused_garbage_collection
from mockletta.state.ids import Ids, IdsState
from mockletta.state.message_records import MessageRecord
from mockletta.state.store import THREADS, Store
from mockletta.state.table import Table
from mockletta.world.world import KeptLogs, Snapshot, World

NUMBERED = 2
"""The first version whose lines have numbers and checksums."""


@dataclass(slots=True)
class PartialWorld:
    """A world that is being read.

    `lines` has the last line of each id. `is_whole` says whether the `end` was read, and `entries`
    how many entries came before it. `last` is the number of the last line, `base` the offset of the
    end of the snapshot, `good` that of the last complete line. `torn` is the size of an incomplete
    line after it, and `missing` the number of changes that were written and are not in the file.
    """

    store: Store = field(default_factory=Store)
    logs: KeptLogs = field(default_factory=KeptLogs)
    ids: IdsState | None = None
    active: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    version: int = VERSION
    changes: int = 0
    entries: int = 0
    is_whole: bool = False
    last: int = 0
    base: int = 0
    good: int = 0
    torn: int = 0
    missing: int = 0


def load(world: World, path: str) -> None:
    """Replace the state of a world by that of a file. Raises BadSnapshot, and changes nothing, if
    the file is invalid.
    """
    restore(world, read_snapshot(world, path))


def read_snapshot(world: World, path: str) -> Snapshot:
    """Read a file as a snapshot of a world with the settings of this one. Runs in progress are
    cancelled."""
    return parked(world, checked(path, read_draft(path, _lines(path))))


def read_state(path: str) -> PartialWorld:
    """Read a state file. An incomplete last line is not read."""
    return checked(path, read_draft(path, _lines(path), is_state=True))


def read_sent(world: World, content: bytes) -> Snapshot:
    """Read the content of a snapshot file like `read_snapshot`."""
    draft = read_draft("snapshot", BytesIO(content))
    return parked(world, checked("snapshot", draft))


def parked(world: World, draft: PartialWorld) -> Snapshot:
    """Return a world that was read as a snapshot of a world with the settings of this one."""
    copy = world.run(world.copy)
    copy.store, copy.logs = draft.store, draft.logs
    copy.ids.state = draft.ids
    for run_id in draft.active:
        cancel_copied_run(copy, run_id)
    for log in copy.logs.by_run.values():
        log.finish()
    return Snapshot(copy)


def read_draft(
    path: str, lines: Iterable[bytes], *, is_state: bool = False, draft: PartialWorld | None = None
) -> PartialWorld:
    """Read lines. Raises BadSnapshot for the first invalid one; `draft` has those before it. With
    `is_state` an incomplete last line is not read."""
    draft = draft or PartialWorld()
    with paused_garbage_collection(lambda: draft.entries):
        for line in lines:
            if is_state and draft.is_whole and not line.endswith(b"\n"):
                draft.torn = len(line)
                break
            take_line(path, draft, line)
    if not draft.is_whole:
        raise BadSnapshot(path, draft.last + 1, "the file ends before its `end`")
    draft.missing = max(draft.changes - (draft.last - draft.entries - 2), 0)
    return draft


def checked(path: str, draft: PartialWorld) -> PartialWorld:
    """Return the world that was read if everything that its rows refer to exists. Raises
    BadSnapshot if not."""
    for row_id, reason in dangling(draft.store, draft.active):
        raise BadSnapshot(path, draft.lines.get(row_id), reason)
    return draft


def take_line(path: str, draft: PartialWorld, line: bytes) -> None:
    """Apply the next line. Raises BadSnapshot if it is invalid."""
    number = draft.last + 1
    try:
        _take_line(draft, number, line)
    except ValueError as error:
        raise BadSnapshot(path, number, reason_of(error)) from error
    draft.last = number
    draft.good += len(line)
    if not draft.base and draft.is_whole:
        draft.base = draft.good


def _take_line(draft: PartialWorld, number: int, line: bytes) -> None:
    if not line.endswith(b"\n"):
        raise DamagedEntry("it is incomplete")
    if number == 1:
        header = _header(line)
        draft.version, draft.changes = header.version, header.changes
    else:
        _take(draft, entry_in(draft, number, line), number)


def entry_in(draft: PartialWorld, number: int, line: bytes) -> Entry | ReadRow:
    """Return the entry in a line. Raises ValueError if it is invalid."""
    plain = line if draft.version < NUMBERED else entry_of(number, line.rstrip(b"\n"))
    row = read_row(plain) if draft.version == VERSION else None
    return row or _entry(_json(plain), draft.version)


def _lines(path: str) -> Iterator[bytes]:
    try:
        with Path(path).open("rb") as file:
            yield from file
    except OSError as error:
        raise BadSnapshot(path, None, error.strerror or str(error)) from error


def _json(line: bytes) -> JsonObject:
    try:
        value: Any = from_json(line)
    except ValueError as error:
        reason = str(error).replace("at line 1 column", "at column")
        raise DamagedEntry(f"no JSON: {reason}") from error
    if not isinstance(value, dict):
        raise DamagedEntry("it is not a JSON object")
    return value


def _header(line: bytes) -> Header:
    try:
        header = Header.model_validate(_json(line))
    except ValueError as error:
        said = '{"mockletta":"world","version":2}'
        raise DamagedEntry(f"no header such as {said}: this is not a snapshot file") from error
    if not 1 <= header.version <= VERSION:
        raise DamagedEntry(
            f"version {header.version} is unknown: this mockletta reads up to {VERSION}"
        )
    return header


def reason_of(error: ValueError) -> str:
    """Return why a line is invalid."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}{': ' if place else ''}{first['msg']}"


def _entry(data: JsonObject, version: int) -> Entry:
    return ENTRY.validate_python(upgraded(data, version))


def _take(draft: PartialWorld, entry: Entry | ReadRow, number: int) -> None:
    """Apply an entry."""
    if isinstance(entry, ChangesEntry) == (not draft.is_whole):
        raise DamagedEntry(f"`{entry.kind}` is in the wrong place")
    if isinstance(entry, ChangesEntry):
        for change in entry.changes:
            take_change(draft, change, number)
    elif isinstance(entry, EndEntry):
        if entry.entries != draft.entries:
            raise DamagedEntry(
                f"expected {entry.entries} entries before it, received {draft.entries}"
            )
        draft.is_whole = True
    else:
        draft.entries += 1
        take_state(draft, entry, number)


def take_change(draft: PartialWorld, change: JsonObject, number: int) -> None:
    """Apply one of the changes of a line. Raises ValueError if it is invalid."""
    take_state(draft, _entry(change, draft.version), number)


def take_state(draft: PartialWorld, entry: Entry | ReadRow, number: int) -> None:
    """Apply an entry. Raises ValueError if it does not fit."""
    match entry:
        case ReadRow() | RowEntry():
            _put(draft, entry, number)
        case GoneEntry():
            _drop(draft, entry)
        case LinksEntry():
            getattr(draft.store, entry.table).set_numbered(entry.left, entry.rights)
        case ThreadEntry():
            _continue_thread(draft.store, entry)
        case LogEntry():
            _continue_log(draft.logs, entry)
        case IdsEntry():
            draft.ids = _generator_state(entry)
        case ActiveEntry():
            draft.active = entry.runs
        case _:
            raise DamagedEntry(f"`{entry.kind}` is not a change")


def _put(draft: PartialWorld, entry: ReadRow | RowEntry, number: int) -> None:
    row: Any = entry.row
    if isinstance(entry, RowEntry):
        row = row_adapter(entry.table).validate_python(entry.row)
    table: Table[Any] = getattr(draft.store, entry.table)
    refused = malformed(entry.table, row.id)
    if refused is not None:
        raise DamagedEntry(refused)
    if row.id not in table:
        table.add(row)
    elif draft.is_whole:
        table.replace(row)
    else:
        raise DamagedEntry(f"{row.id} exists twice")
    draft.lines[row.id] = number


def _drop(draft: PartialWorld, entry: GoneEntry) -> None:
    if entry.table == THREADS:
        draft.store.drop_thread(entry.id)
        return
    table: Table[Any] = getattr(draft.store, entry.table)
    if entry.id in table:
        table.remove(entry.id)
    if entry.table == "runs":
        draft.logs.forget(entry.id)


def _continue_thread(store: Store, entry: ThreadEntry) -> None:
    thread = store.thread(entry.id)
    if len(thread) != entry.listed or len(thread.context) < entry.kept:
        raise DamagedEntry(
            f"{entry.id} should continue after message {entry.listed}, not {len(thread)}"
        )
    for message_id in entry.messages:
        thread.list_only(_message(store, entry.id, message_id))
    context = [_message(store, entry.id, message_id) for message_id in entry.context]
    thread.take_context(entry.kept, context)
    thread.tokens, thread.turns = entry.tokens, entry.turns


def _generator_state(entry: IdsEntry) -> IdsState:
    try:
        Ids().state = entry.state
    except ValueError as error:
        raise DamagedEntry(f"invalid state of a generator: {error}") from error
    return entry.state


def _message(store: Store, thread_id: str, message_id: str) -> MessageRecord:
    record = store.messages.find(message_id)
    if record is None:
        raise DamagedEntry(f"{thread_id} has the message {message_id}, which does not exist")
    return record


def _continue_log(logs: KeptLogs, entry: LogEntry) -> None:
    log = logs.by_run.get(entry.run_id)
    if log is None:
        log = EventLog(numbered=True)
        logs.keep(entry.run_id, log, entry.otids)
    if len(log) != entry.told:
        raise DamagedEntry(
            f"{entry.run_id} should continue after frame {entry.told}, not {len(log)}"
        )
    for kind, json in entry.events:
        log.append(Event(kind, json.encode()))
    log.finished = entry.finished
