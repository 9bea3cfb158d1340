"""Agents from templates: creates them, and migrates them to newer versions."""

import re
from collections.abc import Mapping
from dataclasses import replace

from mockletta.api.agents.agent_updates import update_agent
from mockletta.api.block_creation import attach_block, create_block
from mockletta.api.cloud.template_saving import WORKING, find_version, save_version, template_named
from mockletta.api.exports.importing import ImportOptions, import_agents, import_tool
from mockletta.catalogue.random_names import random_name
from mockletta.state.template_versions import Deployment, TemplateRow, TemplateVersion
from mockletta.wire.agents import AgentState, UpdateAgent
from mockletta.wire.cloud import AgentsFromTemplate, SaveTemplate
from mockletta.wire.exports import ExportedAgent, ExportedBlock, ExportFile
from mockletta.wire.memory import CreateBlock
from mockletta.world.world import World

_VARIABLE = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def create_agents(world: World, template_version: str, body: AgentsFromTemplate) -> Deployment:
    """Create the agents of a template, `name` or `name:version`. Raises CloudNotFound for an
    unknown template, and the errors of creating an agent."""
    row, version = _chosen(world, template_version)
    deployment_id = world.ids.uuid()
    memory, tool_variables = body.memory_variables or {}, body.tool_variables or {}
    made = import_agents(
        world,
        rendered(version.file, memory),
        ImportOptions(
            name=body.agent_name or random_name(world.ids.random),
            override_existing_tools=False,
            secrets=tool_variables,
            project_id=row.project_id,
            also={
                "template_id": version.id,
                "base_template_id": row.id,
                "deployment_id": deployment_id,
                **({"identity_ids": body.identity_ids} if body.identity_ids else {}),
                "initial_message_sequence": body.initial_message_sequence,
            },
            more_tags=tuple(body.tags or ()),
        ),
    )
    deployment = Deployment(
        id=deployment_id,
        template_id=row.id,
        agent_ids=tuple(agent.id for agent in made),
        memory_variables=memory,
        tool_variables=tool_variables,
    )
    return world.store.deployments.add(deployment)


def save_template(world: World, name: str, how: SaveTemplate) -> TemplateRow:
    """Save a template's working version, and migrate its agents if requested.

    If the migration of one agent fails, none is migrated, since a copy of the world is migrated
    first.
    """
    if how.migrate_agents:
        _save(world.copy(), name, how)
    return _save(world, name, how)


def _save(world: World, name: str, how: SaveTemplate) -> TemplateRow:
    row = save_version(world, template_named(world, name), how.message)
    if how.migrate_agents:
        _migrate_all(world, row, how)
    return row


def _migrate_all(world: World, row: TemplateRow, how: SaveTemplate) -> None:
    agents = [one for one in world.store.agents if one.base_template_id == row.id]
    for agent in agents:
        _migrate(world, agent, row.latest, how)


def variables_of(world: World, agent: AgentState) -> Mapping[str, str]:
    """Return the memory variables with which an agent was created."""
    deployment = world.store.deployments.find(agent.deployment_id or "")
    return deployment.memory_variables if deployment else {}


def rendered(file: ExportFile, variables: Mapping[str, str]) -> ExportFile:
    """Replace the variables of a file by their values. Variables without a value stay."""
    blocks = [_with_values(block, variables) for block in file.blocks]
    agents = [
        agent.changed({"system": agent.system and _filled(agent.system, variables)})
        for agent in file.agents
    ]
    return file.changed({"blocks": blocks, "agents": agents})


def _with_values(block: ExportedBlock, variables: Mapping[str, str]) -> ExportedBlock:
    return block.changed({"value": _filled(block.value, variables)})


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)


def _chosen(world: World, template_version: str) -> tuple[TemplateRow, TemplateVersion]:
    name, _, version = template_version.partition(":")
    row = template_named(world, name)
    if version in WORKING:
        return row, replace(row.latest, file=row.current)
    return row, find_version(row, version or "latest")


def _migrate(world: World, agent: AgentState, version: TemplateVersion, how: SaveTemplate) -> None:
    deployment = world.store.deployments.find(agent.deployment_id or "")
    file = rendered(version.file, variables_of(world, agent))
    source = file.agents[_place(agent, deployment, len(file.agents))]
    options = ImportOptions(override_existing_tools=False)
    tools = {tool.id: import_tool(world, tool, options).id for tool in file.tools}
    names = source.tool_exec_environment_variables or {}
    values = names | (deployment.tool_variables if deployment else {})
    update_agent(
        world,
        agent,
        UpdateAgent(
            system=source.system,
            tool_ids=[tools[one] for one in source.tool_ids or ()],
            tool_rules=source.tool_rules,
            llm_config=source.llm_config,
            description=source.description,
            template_id=version.id,
            secrets=None if how.preserve_environment_variables_on_migration else values,
        ),
    )
    _reconcile(world, agent, source, file, how)


def _place(agent: AgentState, deployment: Deployment | None, agents: int) -> int:
    """Return the index of the template's agent from which an agent was created; 0 if unknown."""
    made = deployment.agent_ids if deployment else ()
    return made.index(agent.id) if agent.id in made[:agents] else 0


def _reconcile(
    world: World, agent: AgentState, source: ExportedAgent, file: ExportFile, how: SaveTemplate
) -> None:
    """Make an agent's blocks equal to the template's."""
    wanted = {one.label: one for one in file.blocks if one.id in (source.block_ids or ())}
    store = world.store
    known = {block.label: block for block in store.blocks_of(agent.id)}
    for label, block in wanted.items():
        body = CreateBlock.model_validate(block.model_dump())
        mine = known.get(label)
        if mine is None:
            attach_block(world, agent.id, create_block(world, body).id)
        elif not (how.preserve_core_memories_on_migration or mine.preserve_on_migration):
            kept = {"value": block.value, "description": block.description, "limit": block.limit}
            store.blocks.replace(mine.changed(kept))
    if how.block_reconciliation_strategy == "reconcile-all":
        for label in known.keys() - wanted.keys():
            store.delete("blocks", known[label].id)
