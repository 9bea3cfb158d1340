"""Tools with which an agent reads its files. The texts have the content of the real ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

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


class FileOpenRequest(BaseModel):
    """The request of a model: lines count from 0. A length without an offset has no effect. Errors
    show the name of this class to the model, so it is the server's name [81 open]."""

    file_name: str
    offset: int | None = None
    length: int | None = None


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
    requests = [_parsed(request) for request in file_requests]
    if not requests:
        raise ValueError("No file requests provided")
    if len(requests) > most_open(agent):
        raise ValueError(
            f"Cannot open {len(requests)} files: exceeds configured maximum limit of "
            f"{most_open(agent)} files"
        )
    wanted = [_wanted(request, files) for request in requests]
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


def _parsed(request: object) -> FileOpenRequest:
    if not isinstance(request, Mapping):
        raise ValueError(  # noqa: TRY004 - the server's own choice
            f"Invalid file request type: {type(request)}. Expected dict or FileOpenRequest."
        )
    return FileOpenRequest.model_validate(request)


def _wanted(
    request: FileOpenRequest, files: Mapping[str, tuple[AgentFileRecord, FileRecord]]
) -> FileToOpen:
    name = request.file_name
    _refuse_below(name, "Offset", request.offset, 0, " (0-indexed)")
    _refuse_below(name, "Length", request.length, 1)
    if name not in files:
        raise ValueError(
            f"{name} not attached - did you get the filename correct? "
            f"Currently you have the following files attached: {list(files)}"
        )
    record, file = files[name]
    return FileToOpen(record, file, _lines(request, file))


def _lines(request: FileOpenRequest, file: FileRecord) -> Lines:
    """Return the requested lines, which may go past the end of the file. Raises ValueError if they
    begin there."""
    start = request.offset
    if start is None:
        return None, None
    total = len(lines_of(file.text, file.name))
    if start >= total:
        raise ValueError(
            f"File {file.name} has only {total} lines, "
            f"but requested offset {start + 1} is out of range"
        )
    return start, None if request.length is None else start + request.length


def _refuse_below(name: str, what: str, value: int | None, least: int, note: str = "") -> None:
    if value is not None and value < least:
        raise ValueError(f"{what} for file {name} must be >= {least}{note}, got {value}")


def _report(
    opened: Sequence[FileToOpen], closed_others: Sequence[str], closed: Sequence[str]
) -> str:
    names = [f"{one.file.name}{_shown(*one.lines)}{_before(one)}" for one in opened]
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


def _before(opened: FileToOpen) -> str:
    record = opened.record
    if not record.is_open or (record.start, record.end) == opened.lines:
        return ""
    seen = "full file" if record.start is None else _range(record.start, record.end)
    return f" (previously {seen})"


FILE_TOOLS: Mapping[str, Callable[..., str]] = {
    tool.__name__: tool for tool in (open_files, grep_files, semantic_search_files)
}
