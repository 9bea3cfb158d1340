"""Running the tools an agent calls: the test author's, the server's own, never code of a client."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from mockletta.state.message_records import MessageRecord
from mockletta.tools.archival_tools import ARCHIVAL_TOOLS, run_archival_tool
from mockletta.tools.block_edits import (
    BlockEdit,
    CreateBlock,
    DeleteBlock,
    RenameBlock,
    SetDescription,
    SetValue,
)
from mockletta.tools.conversation_search import NAME as SEARCH
from mockletta.tools.conversation_search import SearchableMessage, search_conversation
from mockletta.tools.file_tools import run_file_tool
from mockletta.tools.mcp_tools import MCP_TYPE, run_mcp_tool
from mockletta.tools.memory_tools import MEMORY_TOOLS, run_memory_tool
from mockletta.tools.open_files import FILE_TOOLS
from mockletta.tools.registered_functions import run_function
from mockletta.tools.returns import ToolOutcome
from mockletta.tools.stand_ins import refused, stand_in
from mockletta.turns.incoming_messages import plain_text
from mockletta.wire.agents import AgentState
from mockletta.wire.blocks import Block
from mockletta.wire.conversations import Conversation
from mockletta.world.world import World


def run_by_name(
    world: World,
    agent: AgentState,
    conversation: Conversation | None,
    name: str,
    arguments: Mapping[str, object],
) -> ToolOutcome:
    """Run one of an agent's tools: the test author's function for it, ours, or else what stands in
    for it. It all happens on the loop and under the world's lock."""
    tool = next(tool for tool in world.store.tools_of(agent.id) if tool.name == name)
    if tool.tool_type == MCP_TYPE:
        return run_mcp_tool(world, tool, arguments)
    function = world.functions.find(name)
    if function is not None:
        return refused(tool, arguments) or run_function(name, function, arguments)
    outcome = _run_own(world, agent, conversation, name, arguments)
    return stand_in(tool, arguments) if outcome is None else outcome


def _run_own(
    world: World,
    agent: AgentState,
    conversation: Conversation | None,
    name: str,
    arguments: Mapping[str, object],
) -> ToolOutcome | None:
    """Run one of the server's own tools; None if it is none of those that are imitated."""
    if name in MEMORY_TOOLS:
        blocks = world.store.blocks_in(conversation, agent.id)
        outcome = run_memory_tool(name, arguments, blocks)
        for edit in outcome.edits:
            apply_edit(world, agent.id, conversation, edit)
        return outcome
    if name in ARCHIVAL_TOOLS:
        return run_archival_tool(name, arguments, world, agent)
    if name in FILE_TOOLS:
        return run_file_tool(name, arguments, world, agent)
    if name == SEARCH:
        now = world.clock.now().astimezone(ZoneInfo(agent.timezone or "UTC"))
        return search_conversation(arguments, _searchable(world, agent.id), now)
    return None


def apply_edit(
    world: World, agent_id: str, conversation: Conversation | None, edit: BlockEdit
) -> None:
    """Change the agent's blocks, or the conversation's own copies of them [56 isolated]."""
    store = world.store
    if isinstance(edit, CreateBlock):
        block = Block(
            id=world.ids.new("block"),
            label=edit.label,
            value=edit.value,
            description=edit.description,
        )
        store.blocks.add(block)
        store.agent_blocks.add(agent_id, block.id)
        return
    target = next(
        block for block in store.blocks_in(conversation, agent_id) if block.label == edit.label
    )
    if isinstance(edit, DeleteBlock):
        store.delete_block(target.id)
    else:
        store.blocks.replace(target.changed(_changes(edit)))


def _changes(edit: SetValue | RenameBlock | SetDescription) -> dict[str, str]:
    if isinstance(edit, SetValue):
        return {"value": edit.value}
    if isinstance(edit, RenameBlock):
        return {"label": edit.new_label}
    return {"description": edit.description}


def _searchable(world: World, agent_id: str) -> Iterator[SearchableMessage]:
    view = world.store.messages.view(("agent_id", agent_id))
    return (
        SearchableMessage(record.role, plain_text(record.content), record.created_at, _tool(record))
        for record in view.scan(None, None, reverse=True)
        if record.role != "approval"
    )


def _tool(record: MessageRecord) -> str | None:
    return record.name if record.role == "tool" else None
