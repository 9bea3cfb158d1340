"""Secrets of agents."""

import re
from collections.abc import Sequence
from zoneinfo import available_timezones

from mockletta.api.blocks import attach_block, create_block, refuse_label_twice
from mockletta.api.changes import given, with_change
from mockletta.api.folders.folders import known_folders, set_folders
from mockletta.api.identities import known_identities
from mockletta.api.messages.thread_beginnings import begin_thread
from mockletta.catalogue.agent_names import random_name
from mockletta.catalogue.agent_types import (
    MULTI_AGENT_TOOLS,
    AgentTypeTraits,
    file_limits,
    tool_rules_for,
    traits_of,
    with_approvals,
)
from mockletta.catalogue.llm_configuration import Overrides, configure, override
from mockletta.catalogue.model_catalogue import check_handle_format, embedding_config
from mockletta.errors import (
    ORGANIZATION_ID,
    USER_ID,
    BadRequest,
    ConstraintViolated,
    InvalidArgument,
    Unprocessable,
)
from mockletta.state.message_records import MessageRecord
from mockletta.turns.driver import cancel
from mockletta.turns.system_prompt import BASE_INSTRUCTIONS, SUMMARY_PROMPT
from mockletta.wire.agents import (
    AgentEnvironmentVariable,
    AgentFields,
    AgentState,
    CompactionSettings,
    CreateAgent,
    Memory,
    UpdateAgent,
)
from mockletta.wire.blocks import CreateBlock
from mockletta.wire.model_settings import ModelSettings
from mockletta.wire.models import EmbeddingConfig, LLMConfig
from mockletta.wire.tool_rules import ToolRule
from mockletta.wire.tools import Tool
from mockletta.world.world import World

SUMMARY_MODEL = "openai/gpt-5-mini"
PLAIN_FIELDS = {
    "name",
    "system",
    "tool_rules",
    "description",
    "metadata",
    "response_format",
    "message_buffer_autoclear",
    "enable_sleeptime",
    "project_id",
    "template_id",
    "base_template_id",
    "deployment_id",
    "entity_id",
    "timezone",
    "max_files_open",
    "per_file_view_window_char_limit",
    "hidden",
    "tags",
    "last_run_completion",
    "last_run_duration_ms",
    "last_stop_reason",
}
_FIT_NAME = re.compile(r"[\w\s'-]*", re.UNICODE)


def create_agent(world: World, body: CreateAgent, *, agent_id: str | None = None) -> AgentState:
    """A new agent with its blocks, tools and first messages; nothing is made if it is refused."""
    traits = traits_of(body.agent_type)
    llm, settings = _model(body)
    embedding = _embedding(body)
    _check(world, body)
    tools = _tool_ids(world, body, traits)
    blocks = _block_ids(world, body)
    folders = known_folders(world, body.source_ids, body.folder_ids)
    now = world.clock.now()
    agent_id = agent_id or world.ids.new("agent")
    plain = AgentState(
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
        created_at=now,
        updated_at=now,
        id=agent_id,
        name=random_name(world.ids.random) if body.name is None else body.name,
        message_ids=[],
        system=BASE_INSTRUCTIONS,
        agent_type=body.agent_type,
        llm_config=llm,
        embedding_config=embedding,
        model=llm.handle,
        embedding=embedding.handle if embedding else None,
        model_settings=settings,
        compaction_settings=_compaction(body),
        memory=Memory(agent_type=body.agent_type, blocks=[]),
        blocks=[],
        tools=[],
        tags=[],
        message_buffer_autoclear=traits.message_buffer_autoclear,
    )
    agent = plain.changed(
        {
            **file_limits(llm.context_window),
            **given(body, PLAIN_FIELDS),
            "project_id": body.project_id or body.project,
            "tool_rules": _tool_rules(body, [world.store.tools.get(item) for item in tools]),
            **secrets_of(world, agent_id, body),
        }
    )
    world.store.agents.add(agent)
    world.store.agent_identities.set_rights(agent_id, body.identity_ids or ())
    _attach(world, agent_id, tools, blocks, body.memory_blocks or [])
    set_folders(world, agent, folders or ())
    begin_thread(world, agent, body.initial_message_sequence, traits.initial_messages)
    return agent


def update_agent(world: World, agent: AgentState, body: UpdateAgent) -> AgentState:
    """Change an agent. `system` changes only the field: its stored message stays [52]. Nothing is
    changed if anything is refused."""
    _check_timezone(body.timezone)
    known_identities(world, body.identity_ids)
    tools = _known_tools(world, body.tool_ids)
    blocks = _known_blocks(world, body.block_ids)
    folders = known_folders(world, body.source_ids, body.folder_ids)
    context = _known_messages(world, body.message_ids)
    changes = given(body, PLAIN_FIELDS) | _model_changes(agent, body)
    embedding = _embedding(body)
    if embedding is not None:
        changes |= {"embedding_config": embedding, "embedding": embedding.handle}
    if body.compaction_settings is not None:
        settings = agent.compaction_settings or CompactionSettings()
        changes["compaction_settings"] = with_change(settings, body.compaction_settings)
    if tools is not None:
        rules = agent.tool_rules if body.tool_rules is None else body.tool_rules
        changes["tool_rules"] = with_approvals(rules or (), _new_tools(world, agent.id, tools))
        world.store.agent_tools.set_rights(agent.id, tools)
    if blocks is not None:
        world.store.agent_blocks.set_rights(agent.id, blocks)
    if body.identity_ids is not None:
        world.store.agent_identities.set_rights(agent.id, body.identity_ids)
    if context is not None:
        world.store.thread(agent.id).set_context(context)
    changes |= secrets_of(world, agent.id, body)
    changes["updated_at"] = world.clock.now()
    changed = world.store.agents.replace(agent.changed(changes))
    if folders is not None:
        set_folders(world, changed, folders)
    return changed


def touch_agent(world: World, agent_id: str) -> AgentState:
    """Note that something of an agent's has changed."""
    agent = world.store.agents.get(agent_id)
    return world.store.agents.replace(agent.changed({"updated_at": world.clock.now()}))


def delete_agent(world: World, agent: AgentState) -> None:
    """Delete an agent and all that is its own; runs that are under way are cancelled first."""
    for run in world.store.runs.all(("agent_id", agent.id)):
        cancel(world, run.id)
    world.store.delete_agent(agent.id)


def _model(body: CreateAgent) -> tuple[LLMConfig, ModelSettings]:
    if body.llm_config is not None:
        return configure(body.llm_config, body.agent_type, _overrides(body))
    if body.model is None:
        raise InvalidArgument("Must specify either model or llm_config in request")
    if body.model:
        check_handle_format(body.model)
    return configure(body.model, body.agent_type, _overrides(body))


def _model_changes(agent: AgentState, body: UpdateAgent) -> dict[str, object]:
    overrides = _overrides(body)
    if body.model is not None:
        check_handle_format(body.model)
        llm, settings = configure(body.model, agent.agent_type, overrides)
    elif body.llm_config is not None:
        llm, settings = configure(body.llm_config, agent.agent_type, overrides)
    elif overrides != Overrides():
        llm, settings = override(agent.llm_config, overrides)
    else:
        return {}
    return {"llm_config": llm, "model": llm.handle, "model_settings": settings}


def _overrides(body: AgentFields) -> Overrides:
    return Overrides(
        model_settings=body.model_settings,
        context_window_limit=body.context_window_limit,
        max_tokens=body.max_tokens,
        parallel_tool_calls=body.parallel_tool_calls,
        reasoning=body.reasoning,
        enable_reasoner=getattr(body, "enable_reasoner", None),
        max_reasoning_tokens=getattr(body, "max_reasoning_tokens", None),
        response_format=body.response_format,
    )


def _embedding(body: AgentFields) -> EmbeddingConfig | None:
    config = body.embedding_config
    if body.embedding is not None:
        config = embedding_config(body.embedding)
    size = getattr(body, "embedding_chunk_size", None)
    if config is not None and size is not None:
        config = config.changed({"embedding_chunk_size": size})
    return config


def _check(world: World, body: CreateAgent) -> None:
    _check_name(body.name)
    _check_timezone(body.timezone)
    known_identities(world, body.identity_ids)


def _check_name(name: str | None) -> None:
    if name is not None and _FIT_NAME.fullmatch(name) is None:
        raise Unprocessable(
            f"Agent name '{name}' contains invalid characters. Only letters, digits, spaces, "
            "hyphens, underscores and apostrophes are allowed."
        )


def _check_timezone(timezone: str | None) -> None:
    if timezone is not None and timezone not in available_timezones():
        raise Unprocessable(f"Unknown timezone '{timezone}'")


def _tool_ids(world: World, body: CreateAgent, traits: AgentTypeTraits) -> list[str]:
    names = list(body.tools or [])
    if body.include_base_tools:
        names += traits.tools
    if body.include_multi_agent_tools:
        names += MULTI_AGENT_TOOLS
    found = {name: world.store.tool_named(name) for name in names}
    unknown = {name for name, tool in found.items() if tool is None}
    if unknown:
        raise BadRequest(f"Tools not found by name: {unknown}")
    missing = {tool_id for tool_id in body.tool_ids or [] if tool_id not in world.store.tools}
    if missing:
        raise BadRequest(f"Tools not found by id:   {missing}")
    by_name = [tool.id for tool in found.values() if tool is not None]
    return list(dict.fromkeys([*by_name, *(body.tool_ids or [])]))


def _tool_rules(body: CreateAgent, tools: Sequence[Tool]) -> list[ToolRule]:
    rules = tool_rules_for(
        body.agent_type,
        [tool.name for tool in tools],
        body.tool_rules or (),
        include_base_tools=body.include_base_tools,
        include_base_tool_rules=body.include_base_tool_rules,
    )
    return with_approvals(rules, tools)


def _block_ids(world: World, body: CreateAgent) -> list[str]:
    """The blocks to attach: unknown ones are passed over [42 block_ids unknown]."""
    known = [block_id for block_id in body.block_ids or [] if block_id in world.store.blocks]
    labels = [world.store.blocks.get(block_id).label for block_id in known]
    new = [block.label for block in _unlike_labelled(body.memory_blocks or [])]
    for label in labels + new:
        if (labels + new).count(label) > 1:
            raise ConstraintViolated(
                f"A unique constraint was violated: two blocks of one agent have the label "
                f"'{label}'"
            )
    return known


def _attach(
    world: World,
    agent_id: str,
    tool_ids: Sequence[str],
    block_ids: Sequence[str],
    new: Sequence[CreateBlock],
) -> None:
    project_id = world.store.agents.get(agent_id).project_id
    for tool_id in tool_ids:
        world.store.agent_tools.add(agent_id, tool_id)
    for block_id in block_ids:
        attach_block(world, agent_id, block_id)
    for body in _unlike_labelled(new):
        refuse_label_twice(world, agent_id, body.label)
        block = create_block(world, body, for_agent=True, project_id=project_id)
        attach_block(world, agent_id, block.id)


def _compaction(body: CreateAgent) -> CompactionSettings:
    usual = CompactionSettings(model=SUMMARY_MODEL, prompt=SUMMARY_PROMPT)
    return with_change(usual, body.compaction_settings)


def _unlike_labelled(blocks: Sequence[CreateBlock]) -> list[CreateBlock]:
    """Of new blocks with the same label the first one counts [42 memory_blocks duplicate label]."""
    return list({block.label: block for block in reversed(blocks)}.values())[::-1]


def _known_tools(world: World, tool_ids: Sequence[str] | None) -> Sequence[str] | None:
    missing = [tool_id for tool_id in tool_ids or [] if tool_id not in world.store.tools]
    if missing:
        raise ConstraintViolated(f"A foreign key constraint was violated: no tools {missing}")
    return tool_ids


def _new_tools(world: World, agent_id: str, tool_ids: Sequence[str]) -> list[Tool]:
    store = world.store
    new = [item for item in tool_ids if not store.agent_tools.has(agent_id, item)]
    return [store.tools.get(item) for item in new]


def _known_blocks(world: World, block_ids: Sequence[str] | None) -> Sequence[str] | None:
    """The blocks there are of those named: unknown ones are passed over."""
    if block_ids is None:
        return None
    known = [block_id for block_id in block_ids if block_id in world.store.blocks]
    labels = [world.store.blocks.get(block_id).label for block_id in known]
    if len(set(labels)) < len(labels):
        raise ConstraintViolated("A unique constraint was violated: two blocks share a label")
    return known


def _known_messages(world: World, ids: Sequence[str] | None) -> list[MessageRecord] | None:
    return None if ids is None else [world.store.messages.get(item) for item in ids]


def secrets_of(world: World, agent_id: str, body: AgentFields) -> dict[str, object]:
    """Secrets, also under their old name; a new set replaces the old [52]."""
    values = body.secrets if body.secrets is not None else body.tool_exec_environment_variables
    if values is None:
        return {}
    variables = [
        AgentEnvironmentVariable(
            id=world.ids.new("agent-env"),
            key=key,
            value=value,
            value_enc=value,
            organization_id=ORGANIZATION_ID,
            agent_id=agent_id,
        )
        for key, value in values.items()
    ]
    return {"secrets": variables, "tool_exec_environment_variables": variables}
