"""An agent's folders and files in its memory: read-only blocks, a section of the system prompt."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mockletta.tools.agent_files.file_text import lines_of
from mockletta.tools.agent_files.open_files import (
    by_name,
    files_of,
    most_open,
    truncated,
    visible,
    window,
)
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.folders import FileBlock, Folder


def folders_of(world: World, agent_id: str) -> "list[Folder]":
    """Return an agent's folders in the order in which they were attached."""
    return [world.store.folders.get(item) for item in world.store.agent_folders.rights(agent_id)]


def file_blocks(world: World, agent: AgentState) -> "list[FileBlock]":
    """Return an agent's files as memory blocks, by name; that of a closed file is empty. A block is
    cut to its limit once more [81 limited to 1]."""
    files = by_name(world, agent.id)
    if not files:
        return []
    from mockletta.wire.folders import FileBlock  # noqa: PLC0415 - few agents have any

    limit = window(agent)
    return [
        FileBlock(
            value=truncated(visible(agent, record, file) or "", limit) if record.is_open else "",
            limit=limit,
            label=file.name,
            metadata={},
            id=record.id.replace("file_agent-", "block-"),
            file_id=file.id,
            source_id=file.folder_id,
            is_open=record.is_open,
            last_accessed_at=record.last_accessed_at,
        )
        for record, file in files
    ]


def open_texts(world: World, agent: AgentState) -> list[tuple[str, str]]:
    """Return the names and visible texts of an agent's open files, without line numbers."""
    if not world.store.agent_folders.rights(agent.id):
        return []
    limit = window(agent)
    return [
        (file.name, "\n".join(lines_of(file.text, file.name)[record.start : record.end])[:limit])
        for record, file in files_of(world, agent.id)
        if record.is_open
    ]


def directories(world: World, agent: AgentState) -> str | None:
    """Render the section about an agent's folders; None if it has none."""
    folders = folders_of(world, agent.id)
    if not folders:
        return None
    blocks = file_blocks(world, agent)
    shown = [
        "<directories>",
        "<file_limits>",
        f"- current_files_open={sum(block.is_open for block in blocks)}",
        f"- max_files_open={most_open(agent)}",
        "</file_limits>",
        *(line for folder in folders for line in _directory(folder, blocks)),
        "</directories>",
    ]
    return "\n".join(shown)


def _directory(folder: "Folder", blocks: "Sequence[FileBlock]") -> list[str]:
    described = folder.description and f"<description>{folder.description}</description>"
    instructed = folder.instructions and f"<instructions>{folder.instructions}</instructions>"
    files = [_file(block) for block in blocks if block.source_id == folder.id]
    return [
        f'<directory name="{folder.name}">',
        *([described] if described else []),
        *([instructed] if instructed else []),
        *files,
        "</directory>",
    ]


def _file(block: "FileBlock") -> str:
    return "\n".join(
        [
            f'<file status="{"open" if block.is_open else "closed"}" name="{block.label}">',
            "<metadata>",
            "- read_only=true",
            f"- chars_current={len(block.value)}",
            f"- chars_limit={block.limit}",
            "</metadata>",
            *([f"<value>\n{block.value}\n</value>"] if block.value else []),
            "</file>",
        ]
    )
