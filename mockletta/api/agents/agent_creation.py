"""Creating agents.

1. Where the recorded server fails with a 500 (a name unfit for a file, an unknown timezone), the
   request is refused with a 422 [42].
2. The deprecated `from_template`, `template` and `memory_variables` have no effect.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mockletta.api.agents.agent_settings import (
    WORKED_OUT,
    embedding_of,
    new_compaction,
    new_model,
    refuse_unfit_name,
    refuse_unknown_timezone,
    secrets_of,
)
from mockletta.api.block_creation import attach_block, create_block, refuse_label_twice
from mockletta.api.folders.folders_of_agents import known_folders, set_folders
from mockletta.api.identity_links import refuse_unknown_identities
from mockletta.api.messages.thread_beginnings import begin_thread
from mockletta.api.resource import given, new_id, stamped
from mockletta.catalogue.agent_types import (
    MULTI_AGENT_TOOLS,
    AgentTypeTraits,
    tool_rules_for,
    traits_of,
    with_approvals,
    with_sleeptime,
)
from mockletta.catalogue.random_names import random_name
from mockletta.errors import (
    BadRequest,
    ConstraintViolated,
)
from mockletta.turns.context.system_prompt import BASE_INSTRUCTIONS
from mockletta.wire.agents import AgentState, CreateAgent, Memory
from mockletta.wire.memory import CreateBlock
from mockletta.wire.tools import Tool
from mockletta.world.quirks import NO_CLOUD
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.input_messages import MessageCreate
    from mockletta.wire.tool_rules import ToolRule

DEFAULT_EMBEDDING = "openai/text-embedding-3-small"
SUBAGENT = "role:subagent"
"""The tag that makes an agent hidden when it is created [73 create subagent]."""


def create_agent(world: World, body: CreateAgent) -> AgentState:
    """Create an agent with its blocks, tools and first messages.

    Nothing is created if anything is refused.
    """
    traits = traits_of(body.agent_type)
    if body.enable_sleeptime:
        traits = with_sleeptime(traits)
    llm, settings = new_model(world, body)
    embedding = embedding_of(world, body)
    refuse_unfit_name(body.name)
    refuse_unknown_timezone(body.timezone)
    refuse_unknown_identities(world, body.identity_ids)
    tools = _tool_ids(world, body, traits)
    blocks = _block_ids(world, body)
    folders = known_folders(world, body.source_ids, body.folder_ids)
    agent_id = new_id(world, body, "agent")
    defaults = {
        "name": random_name(world.ids.random) if body.name is None else body.name,
        "system": BASE_INSTRUCTIONS,
        "message_buffer_autoclear": traits.message_buffer_autoclear,
    }
    worked_out = {
        "llm_config": llm,
        "model": llm.handle,
        "model_settings": settings,
        "embedding_config": embedding,
        "embedding": embedding.handle if embedding else None,
        "compaction_settings": new_compaction(body, llm),
        "memory": Memory(agent_type=body.agent_type, blocks=[]),
        "project_id": body.project_id or body.project,
        "timezone": body.timezone or "UTC",
        "tool_rules": _tool_rules(body, [world.store.tools.get(item) for item in tools], traits),
        "hidden": True if SUBAGENT in (body.tags or ()) else body.hidden,
        "message_ids": [],
        "blocks": [],
        "tools": [],
        **secrets_of(world, agent_id, body),
    }
    values = {"tags": [], **defaults, **given(body, AgentState, *WORKED_OUT), **worked_out}
    agent = stamped(world, AgentState, id=agent_id, **values)
    world.store.agents.add(agent)
    world.store.agent_identities.set_rights(agent_id, body.identity_ids or ())
    _attach(world, agent_id, tools, blocks, body.memory_blocks or [])
    set_folders(world, agent, folders or ())
    begin_thread(world, agent, _first_messages(body, traits))
    if body.include_default_source:
        from mockletta.api.folders.folder_creation import create_default_folder  # noqa: PLC0415 - rare

        create_default_folder(world, agent)
    if body.enable_sleeptime:
        from mockletta.api.agents.helper_agents import add_helper  # noqa: PLC0415 - few have one

        add_helper(world, agent)
    return agent


def _first_messages(body: CreateAgent, traits: AgentTypeTraits) -> "Sequence[MessageCreate] | None":
    """Return the messages that a new agent begins with; None for those of its type."""
    if body.initial_message_sequence is None and traits.begins_silent and body.include_base_tools:
        return ()
    return body.initial_message_sequence


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


def _tool_rules(
    body: CreateAgent, tools: Sequence[Tool], traits: AgentTypeTraits
) -> "list[ToolRule]":
    rules = tool_rules_for(
        traits,
        [tool.name for tool in tools],
        body.tool_rules or (),
        include_base_tools=body.include_base_tools,
        include_base_tool_rules=body.include_base_tool_rules,
    )
    return with_approvals(rules, tools)


def _block_ids(world: World, body: CreateAgent) -> list[str]:
    """Return the blocks to attach. Unknown ones are ignored [42 block_ids unknown]."""
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
    has_projects = NO_CLOUD not in world.quirks
    project_id = world.store.agents.get(agent_id).project_id if has_projects else None
    for tool_id in tool_ids:
        world.store.agent_tools.add(agent_id, tool_id)
    for block_id in block_ids:
        attach_block(world, agent_id, block_id)
    for body in _unlike_labelled(new):
        refuse_label_twice(world, agent_id, body.label)
        block = create_block(world, body, for_agent=True, project_id=project_id)
        attach_block(world, agent_id, block.id)


def _unlike_labelled(blocks: Sequence[CreateBlock]) -> list[CreateBlock]:
    """Return the new blocks; of blocks with the same label only the first one [42 memory_blocks
    duplicate label]."""
    return list({block.label: block for block in reversed(blocks)}.values())[::-1]
