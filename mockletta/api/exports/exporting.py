"""Exports an agent: one file with everything that is needed to create it elsewhere [53 export]. The
file has the names of secrets, not their values."""

from hashlib import sha256

from mockletta.api.agents.agent_settings import usual_compaction
from mockletta.api.exports.exported_folders import export_folders
from mockletta.api.messages.stored_messages import (
    first_call_id,
    stored_approvals,
    stored_calls,
    stored_content,
    stored_returns,
    stored_role,
)
from mockletta.catalogue.llm_configuration import default_model_settings
from mockletta.errors import NotFound
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.wire.agents import AgentState
from mockletta.wire.blocks import Block
from mockletta.wire.exports import (
    ExportedAgent,
    ExportedBlock,
    ExportedMessage,
    ExportedSkill,
    ExportedTool,
    ExportFile,
)
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
    """Export an agent with the messages of its own thread or of a conversation. Raises NotFound for
    an unknown conversation."""
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
        exported = exported.changed(_messages(agent, thread))
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


def _thread(world: World, agent: AgentState, conversation_id: str | None) -> Thread:
    if conversation_id is None:
        return world.store.thread(agent.id)
    conversation = world.store.conversations.find(conversation_id)
    if conversation is None or conversation.agent_id != agent.id:
        raise NotFound(f"Conversation {conversation_id} not found for agent {agent.id}")
    return world.store.thread(conversation_id)


def _agent(agent: AgentState, tools: list[str], blocks: list[str]) -> ExportedAgent:
    """Export the agent itself, without the settings that follow from its model, as recorded."""
    usual = usual_compaction(agent.llm_config)
    derived = agent.model_settings == default_model_settings(agent.llm_config)
    secrets = {secret.key: "" for secret in agent.secrets}
    return ExportedAgent(
        **{name: getattr(agent, name) for name in COPIED},
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
    "max_files_open",
    "per_file_view_window_char_limit",
)


def _messages(agent: AgentState, thread: Thread) -> dict[str, object]:
    records = list(thread.scan(None, None, reverse=False))
    # what is in context but not listed here: a fork's summary
    listed = {record.id for record in records}
    records += [record for record in thread.in_context() if record.id not in listed]
    named = {record.id: f"message-{number}" for number, record in enumerate(records)}
    model = agent.llm_config.model
    return {
        "messages": [_message(record, named[record.id], model) for record in records],
        "in_context_message_ids": [named[message_id] for message_id in thread.context],
    }


def _message(record: MessageRecord, own: str, model: str) -> ExportedMessage:
    return ExportedMessage.trusted(
        otid=_otid(record.id),
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


def _otid(message_id: str) -> str:
    """Return the otid of a message in files. It is the same in every export."""
    digits = sha256(message_id.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def _block(block: Block, own: str) -> ExportedBlock:
    values = {name: getattr(block, name) for name in ExportedBlock.model_fields}
    return ExportedBlock(**{**values, "id": own, "tags": block.tags or None, "hidden": None})


def _tool(tool: Tool, own: str) -> ExportedTool:
    return ExportedTool(**{**vars(tool), "id": own})
