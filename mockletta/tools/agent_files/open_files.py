"""The open files of an agent. If there are too many, the least recently used one is closed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockletta.catalogue.agent_types import file_limits
from mockletta.errors import ORGANIZATION_ID, NotFound
from mockletta.tools.agent_files.file_text import lines_of, view
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.state.stored_files import AgentFileRecord, FileRecord
    from mockletta.wire.folders import AgentFile

TRUNCATED = (
    "...[TRUNCATED]\n# NOTE: This block is truncated, use functions to view the full content."
)
READING_TOOLS = ("open_files", "grep_files", "semantic_search_files")
"""Tools that an agent has while it has a folder, in the order of attachment [68]."""


def most_open(agent: AgentState) -> int:
    return max(file_limits(agent).max_files_open, 0)


def window(agent: AgentState) -> int:
    """Return the limit of characters that an agent sees of a file."""
    return max(file_limits(agent).per_file_view_window_char_limit, 0)


def attach_folder(world: World, agent: AgentState, folder_id: str) -> None:
    """Attach a folder, its files and the tools to read them [64 agent files].

    Its files are opened while there is room, also those that the agent had before. Attaching a
    folder again changes nothing.
    """
    store = world.store
    if store.agent_folders.has(agent.id, folder_id):
        return
    store.agent_folders.add(agent.id, folder_id)
    for name in READING_TOOLS:
        tool = store.tool_named(name)
        if tool is not None:
            store.agent_tools.add(agent.id, tool.id)
    _open_all(world, agent, store.files.all(("folder_id", folder_id)))


def detach_folder(world: World, agent_id: str, folder_id: str) -> None:
    """Detach a folder and its files; with the last folder the tools too [68]."""
    store = world.store
    if not store.agent_folders.has(agent_id, folder_id):
        return
    drop_folder(world, agent_id, folder_id)
    if not store.agent_folders.rights(agent_id):
        for tool in store.tools_of(agent_id):
            if tool.name in READING_TOOLS:
                store.agent_tools.remove(agent_id, tool.id)


def drop_folder(world: World, agent_id: str, folder_id: str) -> None:
    """Remove a folder and its files from an agent. The tools stay, as after the deletion of a
    folder [81 agent after folder deletion]."""
    world.store.agent_folders.remove(agent_id, folder_id)
    for record in world.store.agent_files.all(("agent_id", agent_id)):
        if record.folder_id == folder_id:
            world.store.agent_files.remove(record.id)


def _open_all(world: World, agent: AgentState, files: "Iterable[FileRecord]") -> None:
    """Open files while there is room; the others are added closed."""
    records = {record.file_id: record for record in _records(world, agent)}
    room = most_open(agent) - sum(record.is_open for record in records.values())
    for file in files:
        record = records.get(file.id) or add_file(world, agent, file)
        if room > 0 and not record.is_open:
            show_whole(world, agent, record)
            room -= 1


def add_file(world: World, agent: AgentState, file: "FileRecord") -> "AgentFileRecord":
    """Add a closed file to an agent."""
    from mockletta.state.stored_files import AgentFileRecord  # noqa: PLC0415 - few agents have files

    record = AgentFileRecord(
        id=world.ids.new("file_agent"),
        agent_id=agent.id,
        file_id=file.id,
        folder_id=file.folder_id,
        is_open=False,
        last_accessed_at=world.clock.now(),
        accesses=_next_access(_records(world, agent)),
    )
    world.store.agent_files.add(record)
    return record


def _records(world: World, agent: AgentState) -> "list[AgentFileRecord]":
    return world.store.agent_files.all(("agent_id", agent.id))


def files_of(world: World, agent_id: str) -> "list[tuple[AgentFileRecord, FileRecord]]":
    """Return an agent's files in order of arrival, as soon as they are processed, including those
    whose processing failed before the folder was attached [81 limited files]."""
    now = world.clock.peek()
    records = world.store.agent_files.all(("agent_id", agent_id))
    pairs = [(record, world.store.files.get(record.file_id)) for record in records]
    return [pair for pair in pairs if pair[1].status_at(now) in ("completed", "error")]


def by_name(world: World, agent_id: str) -> "list[tuple[AgentFileRecord, FileRecord]]":
    """Return an agent's files in the order in which it sees them."""
    return sorted(files_of(world, agent_id), key=lambda pair: pair[1].name)


def find_file(world: World, agent_id: str, file_id: str) -> "AgentFileRecord":
    """Return an agent's file. Raises NotFound if it has no such file [64 close unknown]."""
    for record, file in files_of(world, agent_id):
        if file.id == file_id:
            return record
    raise NotFound(
        f"FileAgent(agent_id={agent_id}, file_id={file_id}) not found in org {ORGANIZATION_ID}"
    )


def show_whole(world: World, agent: AgentState, record: "AgentFileRecord") -> list[str]:
    """Open a file with its folder: it is listed whole, whatever the agent's window
    [81 limited files]."""
    closed = open_file(world, agent, record)
    opened = world.store.agent_files.get(record.id)
    world.store.agent_files.replace(opened.changed({"shown": "whole"}))
    return closed


def open_file(
    world: World,
    agent: AgentState,
    record: "AgentFileRecord",
    start: int | None = None,
    end: int | None = None,
) -> list[str]:
    """Open a file, or other lines of it. Return the names of files closed to make room."""
    store = world.store
    records = _records(world, agent)
    others = [item for item in records if item.is_open and item.id != record.id]
    too_many = max(len(others) + 1 - max(most_open(agent), 1), 0)
    by_use = sorted(others, key=lambda item: item.accesses)
    closed = close_files(world, by_use[:too_many])
    changes = {
        "is_open": True,
        "shown": "cut",
        "last_accessed_at": world.clock.now(),
        "accesses": _next_access(records),
        "start": start,
        "end": end,
    }
    store.agent_files.replace(record.changed(changes))
    return closed


def close_file(world: World, record: "AgentFileRecord") -> None:
    """Close one file on the client's request. Lists still show its visible part [81 agent files
    after close]."""
    world.store.agent_files.replace(record.changed({"is_open": False}))


def close_files(world: World, records: "Iterable[AgentFileRecord]") -> list[str]:
    """Close files. Return the names of those that were open."""
    closed = []
    for record in records:
        if record.is_open:
            world.store.agent_files.replace(record.changed({"is_open": False, "shown": "nothing"}))
            closed.append(world.store.files.get(record.file_id).name)
    return closed


def record_access(world: World, agent: AgentState, records: "Iterable[AgentFileRecord]") -> None:
    """Record that an agent read files: they are closed last."""
    now = world.clock.now()
    first = _next_access(_records(world, agent))
    for accesses, record in enumerate(records, first):
        changes = {"last_accessed_at": now, "accesses": accesses}
        world.store.agent_files.replace(record.changed(changes))


def visible(agent: AgentState, record: "AgentFileRecord", file: "FileRecord") -> str | None:
    """Return the visible part of a file; None if it is not shown."""
    if record.shown == "nothing":
        return None
    if not file.text:
        return ""
    text = view(lines_of(file.text, file.name), record.start, record.end)
    return text if record.shown == "whole" else truncated(text, window(agent))


def truncated(text: str, limit: int) -> str:
    """Cut a text with a note. Below the length of the note, the cut counts from the end of the text
    [81 limited files now]."""
    return text if len(text) <= limit else text[: limit - len(TRUNCATED)] + TRUNCATED


def show_agent_file(
    world: World, agent: AgentState, record: "AgentFileRecord", file: "FileRecord"
) -> "AgentFile":
    """Return a file of an agent in the shape of the API [64 agent files]; lines count from 1."""
    from mockletta.wire.folders import AgentFile  # noqa: PLC0415 - few agents have files

    return AgentFile(
        id=record.id,
        file_id=file.id,
        file_name=file.name,
        folder_id=file.folder_id,
        folder_name=world.store.folders.get(file.folder_id).name,
        is_open=record.is_open,
        last_accessed_at=record.last_accessed_at,
        visible_content=visible(agent, record, file),
        start_line=None if record.start is None else record.start + 1,
        end_line=record.end,
    )


def _next_access(records: "Iterable[AgentFileRecord]") -> int:
    return max((record.accesses for record in records), default=0) + 1
