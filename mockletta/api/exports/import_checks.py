"""Parses an agent file, and checks that it is consistent before anything is created.

An inconsistent file is refused as a whole, with the texts of the recorded server: it collects the
errors of the ids, and fails at the first broken reference [82 import: *].
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pydantic import ValidationError

from mockletta.errors import BadRequest
from mockletta.state.paging import HasId
from mockletta.wire.exports import ExportedAgent, ExportFile

CORRUPTED = "Corrupted agent file format."
LEGACY = (
    "Legacy AgentSchema format is deprecated. Please use the new AgentFileSchema format with "
    "'agents' field."
)
WRONG_SECRETS = "secrets must be a valid JSON string"


def parse_file(value: object) -> ExportFile:
    """Read a file's JSON value. Raises BadRequest for the old format and for an incomplete file [53
    import wrong json, 82 import: without tools, import: agents wrong type]."""
    if not isinstance(value, dict) or not isinstance(value.get("agents"), list):
        raise BadRequest(LEGACY)
    try:
        return ExportFile.model_validate(value)
    except ValidationError as error:
        raise BadRequest(str(error)) from error


def parse_secrets(text: str) -> dict[str, str]:
    """Parse secrets. The error speaks of secrets, whichever field they were in [82 import: form
    env_vars_json]."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(WRONG_SECRETS) from error
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise BadRequest(WRONG_SECRETS)
    return value


FAILED = "Import failed: "
SHOWN = 20


def check_file(file: ExportFile) -> None:
    """Raise BadRequest if ids are malformed or repeated, or name something that is not in the
    file."""
    faults = [*_malformed(file), *_repeated(file)]
    if faults:
        more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise BadRequest(f"{FAILED}Schema validation failed: {'; '.join(faults[:SHOWN])}{more}")
    for missing in (*_missing_in_agents(file), *_missing_elsewhere(file)):
        raise BadRequest(f"{FAILED}{missing!r}")


def _collections(file: ExportFile) -> list[tuple[str, str, Sequence[HasId]]]:
    """The things of a file: how they are called, what their ids begin with, and they."""
    return [
        ("agents", "agent", file.agents),
        ("groups", "group", file.groups),
        ("blocks", "block", file.blocks),
        ("files", "file", file.files),
        ("sources", "source", file.sources),
        ("tools", "tool", file.tools),
        ("mcp_servers", "mcp_server", file.mcp_servers),
    ]


def _malformed(file: ExportFile) -> Iterator[str]:
    messages = [message for agent in file.agents for message in agent.messages]
    uses = [use for agent in file.agents for use in agent.files_agents]
    collections = _collections(file)
    collections += [("messages", "message", messages), ("files_agents", "file_agent", uses)]
    for _, prefix, items in collections:
        for item in items:
            head, _, number = item.id.rpartition("-")
            if head != prefix or not (number.isascii() and number.isdigit()):
                yield f"Invalid ID format: '{item.id}' should be '{prefix}-' and a number"


def _repeated(file: ExportFile) -> Iterator[str]:
    seen: set[str] = set()
    for name, _, items in _collections(file):
        ids = [item.id for item in items]
        if twice := _duplicates(ids):
            yield f"Duplicate {name} IDs found: {twice}"
        yield from _seen_before(ids, seen)
    for agent in file.agents:
        ids = [message.id for message in agent.messages]
        if twice := _duplicates(ids):
            yield f"Duplicate message IDs in agent {agent.id}: {twice}"
        yield from _seen_before(ids, seen)


def _duplicates(ids: Sequence[str]) -> str:
    """Write the repeated ids as a set; "" if there are none."""
    twice = [one for one, times in Counter(ids).items() if times > 1]
    return f"{{{', '.join(map(repr, twice))}}}" if twice else ""


def _seen_before(ids: Iterable[str], seen: set[str]) -> Iterator[str]:
    for one in ids:
        if one in seen:
            yield f"Duplicate ID across entity types: {one}"
        seen.add(one)


def _missing_in_agents(file: ExportFile) -> Iterator[str]:
    for agent in file.agents:
        yield from _missing_of(agent, file)


def _missing_of(agent: ExportedAgent, file: ExportFile) -> Iterator[str]:
    yield from _missing(agent.tool_ids or (), file.tools)
    yield from _missing(agent.block_ids or (), file.blocks)
    yield from _missing((*(agent.source_ids or ()), *(agent.folder_ids or ())), file.sources)
    yield from _missing(agent.group_ids, file.groups)
    yield from _missing((use.file_id for use in agent.files_agents), file.files)
    yield from _missing(agent.in_context_message_ids, agent.messages)


def _missing_elsewhere(file: ExportFile) -> Iterator[str]:
    yield from _missing((one.source_id for one in file.files), file.sources)
    for group in file.groups:
        yield from _missing(group.agent_ids, file.agents)
        yield from _missing(group.shared_block_ids, file.blocks)


def _missing(wanted: Iterable[str], items: Iterable[HasId]) -> list[str]:
    known = {item.id for item in items}
    return [one for one in wanted if one not in known]
