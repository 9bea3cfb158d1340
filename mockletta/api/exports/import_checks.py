"""Checks that an agent file is consistent before anything is created.

Otherwise the whole file is refused, in the words of the server's importer.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from mockletta.errors import BadRequest
from mockletta.wire.exports import ExportedAgent, ExportFile

SHOWN = 20


class HasId(Protocol):
    @property
    def id(self) -> str: ...


def check_file(file: ExportFile) -> None:
    """Raise BadRequest if ids are malformed, repeated, or refer to something that is not in the
    file."""
    faults = [
        fault
        for prefix, items in _kinds(file)
        for fault in (*_malformed(prefix, items), *_repeated(prefix, items))
    ]
    faults += [fault for agent in file.agents for fault in _dangling_of(agent, file)]
    faults += _dangling_elsewhere(file)
    if faults:
        more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise BadRequest(f"Schema validation failed: {'; '.join(faults[:SHOWN])}{more}")


def _kinds(file: ExportFile) -> list[tuple[str, Sequence[HasId]]]:
    return [
        ("agent", file.agents),
        ("group", file.groups),
        ("block", file.blocks),
        ("file", file.files),
        ("source", file.sources),
        ("tool", file.tools),
        ("mcp_server", file.mcp_servers),
        ("message", [message for agent in file.agents for message in agent.messages]),
        ("file_agent", [use for agent in file.agents for use in agent.files_agents]),
    ]


def _malformed(prefix: str, items: Iterable[HasId]) -> Iterable[str]:
    for item in items:
        head, _, number = item.id.rpartition("-")
        if head != prefix or not (number.isascii() and number.isdigit()):
            yield f"Invalid ID format: '{item.id}' should be '{prefix}-' and a number"


def _repeated(prefix: str, items: Iterable[HasId]) -> Iterable[str]:
    """Check repeated ids. Each agent of a file numbers its messages and open files itself."""
    if prefix in ("message", "file_agent"):
        return
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            yield f"Duplicate ID: '{item.id}'"
        seen.add(item.id)


def _dangling_of(agent: ExportedAgent, file: ExportFile) -> Iterable[str]:
    messages = [message.id for message in agent.messages]
    if len(set(messages)) < len(messages):
        yield f"Duplicate message IDs in agent '{agent.id}'"
    if len(set(agent.in_context_message_ids)) < len(agent.in_context_message_ids):
        yield f"Messages of agent '{agent.id}' are in context more than once"
    named: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "tool": (agent.tool_ids or (), _ids(file.tools)),
        "block": (agent.block_ids or (), _ids(file.blocks)),
        "source": ((*(agent.source_ids or ()), *(agent.folder_ids or ())), _ids(file.sources)),
        "group": (agent.group_ids, _ids(file.groups)),
        "file": ([use.file_id for use in agent.files_agents], _ids(file.files)),
        "message": (agent.in_context_message_ids, messages),
    }
    for noun, (wanted, known) in named.items():
        yield from _missing(f"Agent '{agent.id}'", noun, wanted, known)


def _dangling_elsewhere(file: ExportFile) -> Iterable[str]:
    sources, agents, blocks = _ids(file.sources), _ids(file.agents), _ids(file.blocks)
    for one in file.files:
        yield from _missing(f"File '{one.id}'", "source", [one.source_id], sources)
    for group in file.groups:
        yield from _missing(f"Group '{group.id}'", "agent", group.agent_ids, agents)
        yield from _missing(f"Group '{group.id}'", "block", group.shared_block_ids, blocks)


def _missing(who: str, noun: str, wanted: Iterable[str], known: Iterable[str]) -> Iterable[str]:
    there = set(known)
    for one in dict.fromkeys(wanted):
        if one not in there:
            yield f"{who} refers to {noun} '{one}', which is not in the file"


def _ids(items: Iterable[HasId]) -> set[str]:
    return {item.id for item in items}
