"""Tools with which an agent reads its files. The texts have the content of the real ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mockletta.search.bm25 import best_first, scores
from mockletta.state.stored_files import AgentFileRecord, FileRecord
from mockletta.tools.agent_files.chunking import cut_into_passages
from mockletta.tools.agent_files.file_grep import NO_FILES, grep_files
from mockletta.tools.agent_files.file_text import lines_of
from mockletta.tools.agent_files.open_files import (
    by_name,
    close_files,
    files_of,
    most_open,
    open_file,
    record_access,
)
from mockletta.tools.context import ToolContext

Lines = tuple[int | None, int | None]
DEFAULT_RESULTS = 5
MOST_RESULTS = 100
MOST_LINES = 20


class FileToOpen(NamedTuple):
    """A file to open, its state before, and the lines to show."""

    record: AgentFileRecord
    file: FileRecord
    lines: Lines


def open_files(
    context: ToolContext, /, file_requests: list[object], close_all_others: bool = False
) -> str:
    """Open files. `offset` is the number of lines to skip, and `length` the number to show.

    Nothing is opened or closed if one of the files cannot be opened.
    """
    world, agent = context.world, context.agent
    files = {file.name: (record, file) for record, file in by_name(world, agent.id)}
    if not file_requests:
        raise ValueError("No file requests provided")
    if len(file_requests) > most_open(agent):
        raise ValueError(
            f"Cannot open {len(file_requests)} files: exceeds configured maximum limit of "
            f"{most_open(agent)} files"
        )
    wanted = [_wanted(request, files) for request in file_requests]
    kept = {record.id for record, _, _ in wanted}
    others = [record for record, _ in files.values() if record.id not in kept]
    closed_others = close_files(world, others) if close_all_others else []
    closed = [
        name for record, _, lines in wanted for name in open_file(world, agent, record, *lines)
    ]
    return _report(wanted, closed_others, closed)


def semantic_search_files(context: ToolContext, /, query: str, limit: int | None = None) -> str:
    """Rank passages by the words that they share with a query, best first."""
    if not query.strip():
        raise ValueError("Empty search query provided")
    folders = context.world.store.folders
    passages = [
        (record, file.name, number, text)
        for record, file in files_of(context.world, context.agent.id)
        for number, text in enumerate(
            cut_into_passages(file.text, folders.get(file.folder_id).chunk_size), 1
        )
    ]
    if not passages:
        return NO_FILES
    most = min(max(DEFAULT_RESULTS if limit is None else limit, 1), MOST_RESULTS)
    scored = scores(query, [text for *_, text in passages])
    found = [passages[place] for place in best_first(scored)[:most] if scored[place] > 0]
    if not found:
        return f"No semantic matches found in attached files for query: '{query}'"
    record_access(
        context.world, context.agent, {record.id: record for record, *_ in found}.values()
    )
    names = {name for _, name, *_ in found}
    head = f"Found {len(found)} semantic matches in {len(names)} files for query: '{query}'"
    shown = [
        f"=== {name} (passage #{number}) ===\n{_excerpt(text)}"
        for number, (_, name, _, text) in enumerate(found, 1)
    ]
    return "\n\n".join([f"{head}\n{'=' * len(head)}", *shown])


def _excerpt(text: str) -> str:
    """Indent a passage, and cut it to the length of a screen [81 tool semantic_search_files]."""
    lines = text.splitlines()
    more = len(lines) - MOST_LINES
    shown = [*lines[:MOST_LINES], *([f"... [truncated {more} more lines]"] if more > 0 else [])]
    return "\n".join(f"  {line}" for line in shown)


def _wanted(request: object, files: Mapping[str, tuple[AgentFileRecord, FileRecord]]) -> FileToOpen:
    if not isinstance(request, Mapping) or "file_name" not in request:
        raise ValueError(f"Invalid file request, it must have a file_name: {request}")
    name = str(request["file_name"])
    if name not in files:
        raise ValueError(
            f"{name} not attached - did you get the filename correct? "
            f"Currently you have the following files attached: {list(files)}"
        )
    record, file = files[name]
    return FileToOpen(record, file, _lines(request, file))


def _lines(request: Mapping[str, object], file: FileRecord) -> Lines:
    """Return the requested lines. Raises ValueError if the file has fewer."""
    offset, length = _number(request, "offset", 0), _number(request, "length", 1)
    if offset is None and length is None:
        return None, None
    start = offset or 0
    total = len(lines_of(file.text, file.name))
    if start >= total:
        raise ValueError(
            f"File {file.name} has only {total} lines, "
            f"but requested offset {start + 1} is out of range"
        )
    return start, None if length is None else min(start + length, total)


def _number(request: Mapping[str, object], name: str, least: int) -> int | None:
    value = request.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a number from {least} on, not {value!r}")
    return value


def _report(
    opened: Sequence[FileToOpen], closed_others: Sequence[str], closed: Sequence[str]
) -> str:
    names = [f"{file.name}{_shown(*lines)}{_before(record)}" for record, file, lines in opened]
    counted = "" if len(names) == 1 else f"{len(names)} files: "
    text = f"* Opened {counted}{', '.join(names)}"
    if closed_others:
        text += (
            f"\nNote: Closed {len(closed_others)} file(s) due to close_all_others=True: "
            f"{', '.join(closed_others)}"
        )
    if closed:
        text += (
            f"\nNote: Closed {len(closed)} least recently used file(s) due to open file limit: "
            f"{', '.join(closed)}"
        )
    return text


def _shown(start: int | None, end: int | None) -> str:
    return "" if start is None else f" ({_range(start, end)})"


def _range(start: int, end: int | None) -> str:
    return f"lines {start + 1}-{'end' if end is None else end}"


def _before(record: AgentFileRecord) -> str:
    if not record.is_open:
        return ""
    seen = "full file" if record.start is None else _range(record.start, record.end)
    return f" (previously {seen})"


FILE_TOOLS: Mapping[str, Callable[..., str]] = {
    tool.__name__: tool for tool in (open_files, grep_files, semantic_search_files)
}
