"""The tools with which an agent reads its files: texts in substance those of the real ones.

Expressions come from models: they are bounded in length, and a search in time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mockletta.state.stored_files import AgentFileRecord, FileRecord
from mockletta.tools.arguments import call_tool
from mockletta.tools.file_grep import grep_files
from mockletta.tools.file_search import semantic_search_files
from mockletta.tools.file_text import lines_of
from mockletta.tools.open_files import close_files, files_of, most_open, open_file
from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, failure, success
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

Lines = tuple[int | None, int | None]


class Wanted(NamedTuple):
    """A file to open, as it was before, and the lines of it."""

    record: AgentFileRecord
    file: FileRecord
    lines: Lines


def run_file_tool(
    name: str, arguments: Mapping[str, object], world: World, agent: AgentState
) -> ToolOutcome:
    """Run a tool of FILE_TOOLS. What it raises at the arguments is an outcome too."""
    try:
        return success(call_tool(_TOOLS[name], arguments, world, agent))
    except TOOL_ERRORS as error:
        return failure(name, error)


def open_files(
    world: World, agent: AgentState, /, file_requests: list[object], close_all_others: bool = False
) -> str:
    """Open files, whole or so many lines (`length`) from one on (`offset`, from 1). Nothing is
    opened or closed if any of them cannot be."""
    files = {file.name: (record, file) for record, file in files_of(world, agent.id)}
    if not file_requests:
        raise ValueError("No file requests provided")
    if len(file_requests) > most_open(agent):
        raise ValueError(
            f"Requested {len(file_requests)} files exceeds configured maximum of "
            f"{most_open(agent)} files."
        )
    wanted = [_wanted(request, files) for request in file_requests]
    kept = {record.id for record, _, _ in wanted}
    others = [record for record, _ in files.values() if record.id not in kept]
    made_way = close_files(world, others) if close_all_others else []
    closed = [
        name for record, _, lines in wanted for name in open_file(world, agent, record, *lines)
    ]
    return _told(wanted, made_way, closed)


def _wanted(request: object, files: Mapping[str, tuple[AgentFileRecord, FileRecord]]) -> Wanted:
    if not isinstance(request, Mapping) or "file_name" not in request:
        raise ValueError(f"Invalid file request, it must have a file_name: {request}")
    name = str(request["file_name"])
    if name not in files:
        raise ValueError(
            f"{name} not attached - did you get the filename correct? "
            f"Currently you have the following files attached: {list(files)}"
        )
    record, file = files[name]
    return Wanted(record, file, _lines(request, file))


def _lines(request: Mapping[str, object], file: FileRecord) -> Lines:
    """The lines that are asked for; ValueError for lines that there are not."""
    offset, length = (_number(request, name) for name in ("offset", "length"))
    if offset is None and length is None:
        return None, None
    start = 0 if offset is None else offset - 1
    total = len(lines_of(file.text, file.name))
    if start >= total:
        raise ValueError(
            f"File {file.name} has only {total} lines, but requested offset {start + 1} is out of "
            "range"
        )
    return start, None if length is None else min(start + length, total)


def _number(request: Mapping[str, object], name: str) -> int | None:
    value = request.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a number from 1 on, not {value!r}")
    return value


def _told(opened: Sequence[Wanted], made_way: Sequence[str], closed: Sequence[str]) -> str:
    shown = [
        f"{file.name}, now viewing {_range(*lines)}{_before(record)}"
        for record, file, lines in opened
    ]
    text = f"Successfully opened file {shown[0]}"
    if len(shown) > 1:
        text = "\n".join(
            [f"Successfully opened {len(shown)} files:", *(f"- {one}" for one in shown)]
        )
    if made_way:
        text += (
            f"\nNote: Closed {len(made_way)} file(s) as requested by close_all_others: "
            f"{', '.join(made_way)}"
        )
    if closed:
        text += (
            f"\nNote: Closed {len(closed)} least recently used file(s) due to open file limit: "
            f"{', '.join(closed)}"
        )
    return text


def _range(start: int | None, end: int | None) -> str:
    if start is None:
        return "entire file"
    return f"lines {start + 1} to {'end' if end is None else end}"


def _before(record: AgentFileRecord) -> str:
    return f" (previously {_range(record.start, record.end)})" if record.is_open else ""


_TOOLS: Mapping[str, Callable[..., str]] = {
    tool.__name__: tool for tool in (open_files, grep_files, semantic_search_files)
}
