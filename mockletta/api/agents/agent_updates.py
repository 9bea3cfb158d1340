"""Updating agents."""

from collections.abc import Sequence

from mockletta.api.agents.agent_settings import (
    WORKED_OUT,
    compaction_changes,
    embedding_changes,
    helper_name,
    model_changes,
    refuse_unfit_name,
    refuse_unknown_timezone,
    refuse_wide_files,
    secrets_of,
)
from mockletta.api.agents.included_relations import group_managed_by
from mockletta.api.folders.folders_of_agents import known_folders, set_folders
from mockletta.api.identity_links import refuse_unknown_identities
from mockletta.api.resource import given
from mockletta.catalogue.agent_types import with_approvals
from mockletta.errors import (
    ConstraintViolated,
)
from mockletta.state.message_records import MessageRecord
from mockletta.wire.agents import AgentState, UpdateAgent
from mockletta.wire.tools import Tool
from mockletta.world.quirks import IGNORED_HIDING
from mockletta.world.world import World


def update_agent(world: World, agent: AgentState, body: UpdateAgent) -> AgentState:
    """Update an agent. Nothing changes if anything is refused. A new `system` changes only the
    field; the stored system message stays [52]."""
    refuse_unknown_timezone(body.timezone)
    refuse_wide_files(body)
    needs_helper = _needs_helper(world, agent, body)
    refuse_unknown_identities(world, body.identity_ids)
    tools = _known_tools(world, body.tool_ids)
    blocks = _known_blocks(world, body.block_ids)
    folders = known_folders(world, body.source_ids, body.folder_ids)
    context = _known_messages(world, body.message_ids)
    changes: dict[str, object] = given(body, AgentState, *WORKED_OUT)
    changes |= {"tags": list(dict.fromkeys(body.tags))} if body.tags is not None else {}
    changes |= model_changes(world, agent, body)
    if _ignores_hiding(world, agent, body):
        del changes["hidden"]
    changes |= embedding_changes(world, body)
    changes |= compaction_changes(agent, body, changes)
    if tools is not None:
        rules = agent.tool_rules if body.tool_rules is None else body.tool_rules
        changes["tool_rules"] = with_approvals(rules or (), _new_tools(world, agent.id, tools))
        world.store.agent_tools.set_rights(agent.id, tools)
    linked = (world.store.agent_blocks, blocks), (world.store.agent_identities, body.identity_ids)
    for links, ids in linked:
        if ids is not None:
            links.set_rights(agent.id, ids)
    if context is not None:
        world.store.thread(agent.id).set_context(context)
    changes |= secrets_of(world, agent.id, body)
    changes["updated_at"] = world.clock.now()
    changed = world.store.agents.replace(agent.changed(changes))
    if folders is not None:
        set_folders(world, changed, folders)
    if needs_helper:
        from mockletta.api.agents.helper_agents import add_helper  # noqa: PLC0415 - few have one

        add_helper(world, agent)
    return changed


def _needs_helper(world: World, agent: AgentState, body: UpdateAgent) -> bool:
    """Return whether an update makes the agent that keeps another's memory. There is none for an
    agent without an embedding [72 PATCH enable_sleeptime on]."""
    if not body.enable_sleeptime or agent.embedding_config is None:
        return False
    if group_managed_by(world, agent.id) is not None:
        return False
    refuse_unfit_name(helper_name(agent))
    return True


def _ignores_hiding(world: World, agent: AgentState, body: UpdateAgent) -> bool:
    if body.hidden in (None, agent.hidden):
        return False
    on = IGNORED_HIDING in world.quirks
    other = body.hidden if on else agent.hidden
    world.quirks.record(IGNORED_HIDING, "agents.update", f"`hidden` as {other}")
    return on


def touch_agent(world: World, agent_id: str) -> AgentState:
    """Set the time of an agent's last change."""
    agent = world.store.agents.get(agent_id)
    return world.store.agents.replace(agent.changed({"updated_at": world.clock.now()}))


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
    if block_ids is None:
        return None
    missing = [block_id for block_id in block_ids if block_id not in world.store.blocks]
    if missing:
        raise ConstraintViolated(f"A foreign key constraint was violated: no blocks {missing}")
    known = list(dict.fromkeys(block_ids))
    labels = [world.store.blocks.get(block_id).label for block_id in known]
    if len(set(labels)) < len(labels):
        raise ConstraintViolated("A unique constraint was violated: two blocks share a label")
    return known


def _known_messages(world: World, ids: Sequence[str] | None) -> list[MessageRecord] | None:
    return None if ids is None else [world.store.messages.get(item) for item in ids]
