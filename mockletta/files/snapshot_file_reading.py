"""Reads snapshot files and state files into a world. Errors have a line number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from mockletta.files.id_references import dangling
from mockletta.files.snapshot_file_entries import (
    ENTRY,
    ROWS,
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
    Json,
    LinksEntry,
    LogEntry,
    RowEntry,
    ThreadEntry,
    upgraded,
)
from mockletta.files.snapshots import cancel_copied_run, restore
from mockletta.state.event_log import Event, EventLog
from mockletta.state.ids import Ids, IdsState
from mockletta.state.message_records import MessageRecord
from mockletta.state.store import THREADS, Store
from mockletta.state.table import Table
from mockletta.world.world import KeptLogs, Snapshot, World


@dataclass(slots=True)
class Draft:
    """A world that is being read. `lines` has the last line of each id; `is_whole` tells whether
    the `end` was read, and `entries` how many entries came before it.
    """

    store: Store = field(default_factory=Store)
    logs: KeptLogs = field(default_factory=KeptLogs)
    ids: IdsState | None = None
    active: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    version: int = VERSION
    entries: int = 0
    is_whole: bool = False


def load(world: World, path: str) -> None:
    """Replace the state of a world by that of a file. Raises BadSnapshot, and changes nothing, if
    the file is invalid.
    """
    restore(world, read_snapshot(world, path))


def read_snapshot(world: World, path: str, *, torn: bool = False) -> Snapshot:
    """Read a file as a snapshot of a world with the settings of this one. Runs in progress are
    cancelled. With `torn` an incomplete last line is ignored.
    """
    return _parked(world, _read(path, _lines(path), torn=torn))


def read_sent(world: World, content: bytes) -> Snapshot:
    """Read the content of a snapshot file, as `read_snapshot` does."""
    return _parked(world, _read("snapshot", enumerate(BytesIO(content), 1), torn=False))


def _parked(world: World, draft: Draft) -> Snapshot:
    parked = world.copy()
    parked.store, parked.logs = draft.store, draft.logs
    parked.ids.state = draft.ids
    for run_id in draft.active:
        cancel_copied_run(parked, run_id)
    for log in parked.logs.by_run.values():
        log.finish()
    return Snapshot(parked)


def _read(path: str, lines: Iterable[tuple[int, bytes]], *, torn: bool) -> Draft:
    draft = Draft()
    number = 0
    for number, line in lines:
        if torn and draft.is_whole and not line.endswith(b"\n"):
            break
        try:
            _take_line(draft, number, line)
        except ValidationError as error:
            raise BadSnapshot(path, number, _told(error)) from error
        except ValueError as error:
            raise BadSnapshot(path, number, str(error)) from error
    if not draft.is_whole:
        raise BadSnapshot(path, number + 1, "the file ends before its `end`")
    for row_id, reason in dangling(draft.store, draft.active):
        raise BadSnapshot(path, draft.lines.get(row_id), reason)
    return draft


def _take_line(draft: Draft, number: int, line: bytes) -> None:
    if not line.endswith(b"\n"):
        raise DamagedEntry("it is incomplete")
    if number == 1:
        draft.version = _version(line)
    else:
        _take(draft, _entry(_json(line), draft.version), number)


def _lines(path: str) -> Iterator[tuple[int, bytes]]:
    try:
        with Path(path).open("rb") as file:
            yield from enumerate(file, 1)
    except OSError as error:
        raise BadSnapshot(path, None, error.strerror or str(error)) from error


def _json(line: bytes) -> Json:
    try:
        value: Any = from_json(line)
    except ValueError as error:
        reason = str(error).replace("at line 1 column", "at column")
        raise DamagedEntry(f"no JSON: {reason}") from error
    if not isinstance(value, dict):
        raise DamagedEntry("it is not a JSON object")
    return value


def _version(line: bytes) -> int:
    try:
        header = Header.model_validate(_json(line))
    except ValueError as error:
        said = '{"mockletta":"world","version":1}'
        raise DamagedEntry(f"no header such as {said}: this is not a snapshot file") from error
    if not 1 <= header.version <= VERSION:
        raise DamagedEntry(
            f"version {header.version} is unknown: this mockletta reads up to {VERSION}"
        )
    return header.version


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}{': ' if place else ''}{first['msg']}"


def _entry(data: Json, version: int) -> Entry:
    return ENTRY.validate_python(upgraded(data, version))


def _take(draft: Draft, entry: Entry, number: int) -> None:
    """Apply an entry to the draft."""
    if isinstance(entry, ChangesEntry) == (not draft.is_whole):
        raise DamagedEntry(f"`{entry.kind}` is in the wrong place")
    if isinstance(entry, ChangesEntry):
        for change in entry.changes:
            _take_state(draft, _entry(change, draft.version), number)
    elif isinstance(entry, EndEntry):
        if entry.entries != draft.entries:
            raise DamagedEntry(
                f"expected {entry.entries} entries before it, received {draft.entries}"
            )
        draft.is_whole = True
    else:
        draft.entries += 1
        _take_state(draft, entry, number)


def _take_state(draft: Draft, entry: Entry, number: int) -> None:
    match entry:
        case RowEntry():
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


def _put(draft: Draft, entry: RowEntry, number: int) -> None:
    row = ROWS[entry.table].validate_python(entry.row)
    table: Table[Any] = getattr(draft.store, entry.table)
    if row.id not in table:
        table.add(row)
    elif draft.is_whole:
        table.replace(row)
    else:
        raise DamagedEntry(f"{row.id} exists twice")
    draft.lines[row.id] = number


def _drop(draft: Draft, entry: GoneEntry) -> None:
    if entry.table == THREADS:
        draft.store.drop_thread(entry.id)
        return
    table: Table[Any] = getattr(draft.store, entry.table)
    if entry.id in table:
        table.remove(entry.id)


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
