"""Exports an agent: one file with everything that is needed to create it elsewhere [53 export]. The
file has the names of secrets, not their values."""

from collections.abc import Iterator

from mockletta.api.agents.agent_settings import usual_compaction
from mockletta.api.exports.exported_folders import export_folders
from mockletta.api.messages.stored_message_shapes import (
    first_call_id,
    stored_approvals,
    stored_calls,
    stored_content,
    stored_returns,
    stored_role,
)
from mockletta.catalogue.agent_types import file_limits
from mockletta.catalogue.llm_configuration import default_model_settings
from mockletta.errors import NotFound
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.wire.agents import AgentState
from mockletta.wire.exports import (
    ExportedAgent,
    ExportedBlock,
    ExportedMessage,
    ExportedSkill,
    ExportedTool,
    ExportFile,
)
from mockletta.wire.memory import Block
from mockletta.wire.tools import Tool
from mockletta.world.world import World

REVISION = "1c28e167b74f"
AGENT = "agent-0"


def export_agent(
    world: World,
    agent: AgentState,
    *,
    conversation_id: str | None = None,
    scrub_messages: bool = False,
    skills: list[ExportedSkill] | None = None,
) -> ExportFile:
    """Return an agent as a file, with the messages in context of its own thread or of a
    conversation. An unknown conversation exports all messages of the agent and none in context
    [82 export unknown conversation]. Raises NotFound for a conversation of another agent."""
    thread = _thread(world, agent, conversation_id)
    tools = {
        tool.id: f"tool-{number}" for number, tool in enumerate(world.store.tools_of(agent.id))
    }
    blocks = world.store.blocks_of(agent.id)
    named = {block.id: f"block-{number}" for number, block in enumerate(blocks)}
    folders = export_folders(world, agent, AGENT)
    exported = _agent(agent, list(tools.values()), list(named.values())).changed(
        {"source_ids": [one.id for one in folders.sources], "files_agents": folders.uses}
    )
    if not scrub_messages:
        exported = exported.changed(_messages(world, agent, thread))
    return ExportFile(
        agents=[exported],
        groups=[],
        blocks=[_block(block, named[block.id]) for block in blocks],
        files=folders.files,
        sources=folders.sources,
        tools=sorted(
            (_tool(world.store.tools.get(tool_id), own) for tool_id, own in tools.items()),
            key=lambda tool: tool.name,
        ),
        mcp_servers=[],
        skills=skills or [],
        metadata={"revision_id": REVISION},
        created_at=world.clock.now(),
    )


def _thread(world: World, agent: AgentState, conversation_id: str | None) -> Thread | None:
    if not conversation_id:
        return world.store.thread(agent.id)
    conversation = world.store.conversations.find(conversation_id)
    if conversation is None:
        return None
    if conversation.agent_id != agent.id:
        raise NotFound(f"Conversation {conversation_id} not found for agent {agent.id}")
    return world.store.thread(conversation_id)


def _agent(agent: AgentState, tools: list[str], blocks: list[str]) -> ExportedAgent:
    """Export the agent itself, without the settings that its model determines, as recorded."""
    usual = usual_compaction(agent.llm_config)
    derived = agent.model_settings == default_model_settings(agent.llm_config)
    secrets = {secret.key: "" for secret in agent.secrets}
    return ExportedAgent(
        **{name: getattr(agent, name) for name in COPIED},
        **file_limits(agent)._asdict(),
        id=AGENT,
        tool_ids=tools,
        block_ids=blocks,
        enable_sleeptime=bool(agent.enable_sleeptime),
        model_settings=None if derived else agent.model_settings,
        compaction_settings=None
        if agent.compaction_settings == usual
        else agent.compaction_settings,
        tool_exec_environment_variables=secrets,
        secrets=secrets or None,
    )


COPIED = (
    "name",
    "tool_rules",
    "tags",
    "system",
    "agent_type",
    "description",
    "metadata",
    "llm_config",
    "embedding_config",
    "message_buffer_autoclear",
    "response_format",
    "timezone",
)


def _messages(world: World, agent: AgentState, thread: Thread | None) -> dict[str, object]:
    records = _all_of(world, agent) if thread is None else list(_exported(thread))
    context = thread.context_ids if thread else []
    named = {record.id: f"message-{number}" for number, record in enumerate(records)}
    model = agent.llm_config.model
    return {
        "messages": [
            _message(record, named[record.id], model, world.ids.uuid()) for record in records
        ],
        "in_context_message_ids": [named[message_id] for message_id in context],
    }


def _all_of(world: World, agent: AgentState) -> list[MessageRecord]:
    return world.store.messages.all(("agent_id", agent.id))


def _exported(thread: Thread) -> Iterator[MessageRecord]:
    """Yield the messages in context, and the calls that wait beside a request for approval; a
    fork's summary, which its thread does not list, comes last."""
    context = dict.fromkeys(thread.context_ids)
    for record in thread.scan(None, None, reverse=False):
        if record.id in context or record.waits_along:
            context.pop(record.id, None)
            yield record
    yield from (record for record in thread.context if record.id in context)


def _message(record: MessageRecord, own: str, model: str, otid: str) -> ExportedMessage:
    """Return a message for a file. It has another otid in every export [82 export*]."""
    return ExportedMessage.trusted(
        otid=otid,
        group_id=record.group_id,
        role=stored_role(record),
        content=stored_content(record),
        name=record.name,
        sender_id=record.sender_id,
        id=own,
        model=None if record.role in ("user", "approval") else model,
        agent_id=AGENT,
        tool_calls=stored_calls(record),
        tool_call_id=first_call_id(record),
        tool_returns=stored_returns(record),
        created_at=record.created_at,
        approvals=stored_approvals(record),
    )


def _block(block: Block, own: str) -> ExportedBlock:
    values = {name: getattr(block, name) for name in ExportedBlock.model_fields}
    return ExportedBlock(**{**values, "id": own, "tags": block.tags or None, "hidden": None})


def _tool(tool: Tool, own: str) -> ExportedTool:
    return ExportedTool(**{**vars(tool), "id": own})
