"""Attachments of agents: client.agents.archives, .blocks, .folders, .identities and .groups.

Lists are ordered by creation, not by attachment [55]. Tools have a separate file.
"""

from typing import ClassVar

from mockletta.api.agents.agent_updates import touch_agent
from mockletta.api.agents.included_relations import read_agent
from mockletta.api.block_creation import attach_block, detach_block
from mockletta.api.blocks import update_block
from mockletta.api.lists import ListQuery, page_of
from mockletta.api.path_ids import AgentId, BlockId, FolderId, SourceId, refuse_malformed
from mockletta.api.resource import attachments
from mockletta.errors import ConstraintViolated, NotFound
from mockletta.http.routing import Routes
from mockletta.tools.agent_files.open_files import attach_folder, detach_folder
from mockletta.wire.agents import AgentState
from mockletta.wire.archives import Archive
from mockletta.wire.fields import Limit
from mockletta.wire.folders import Source, as_source
from mockletta.wire.groups import Group
from mockletta.wire.memory import Block, UpdateBlock
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}")


class AttachedQuery(ListQuery):
    """Newest first, a hundred rows. A limit of zero means all."""

    zero_is_all: ClassVar[bool] = True

    limit: Limit | None = 100


class AgentGroupsQuery(AttachedQuery):
    manager_type: str | None = None


@routes.get("/core-memory/blocks", "agents.blocks.list")
def list_blocks(context: RequestContext, agent_id: AgentId, query: AttachedQuery) -> list[Block]:
    store = context.world.store
    store.agents.get(agent_id)
    blocks = store.blocks.in_order(store.agent_blocks.rights(agent_id))
    return page_of(context, blocks, query)


@routes.get("/core-memory/blocks/{block_label}", "agents.blocks.retrieve")
def retrieve_block(world: World, agent_id: AgentId, block_label: str) -> Block:
    return world.store.block_labelled(agent_id, block_label)


@routes.patch("/core-memory/blocks/{block_label}", "agents.blocks.update")
def change_block(world: World, agent_id: AgentId, block_label: str, body: UpdateBlock) -> Block:
    return update_block(world, world.store.block_labelled(agent_id, block_label), body)


@routes.get("/folders", "agents.folders.list")
def list_folders(context: RequestContext, agent_id: AgentId, query: AttachedQuery) -> list[Source]:
    store = context.world.store
    _refuse_unknown_agent(context.world, agent_id)
    folders = store.folders.in_order(store.agent_folders.rights(agent_id))
    return list(map(as_source, page_of(context, folders, query)))


@routes.get("/sources", "agents.sources.list")
def list_sources(context: RequestContext, agent_id: AgentId, query: AttachedQuery) -> list[Source]:
    return list_folders(context, agent_id, query)


@routes.get("/groups", "agents.groups.list")
def list_groups(context: RequestContext, agent_id: AgentId, query: AgentGroupsQuery) -> list[Group]:
    """List the groups of an agent; none for an unknown agent [40 agent unknown GET groups]."""
    groups = [group for group in context.world.store.groups if agent_id in group.agent_ids]
    return page_of(context, groups, query)


def attach_archive(world: World, agent_id: str, archive_id: str) -> None:
    """Attach an archive; doing so again changes nothing, a second one is refused [63]."""
    _refuse_unknown_agent(world, agent_id)
    archive = _archive(world, archive_id)
    attached = world.store.agent_archives.rights(agent_id)
    if attached and archive.id not in attached:
        raise ConstraintViolated(
            f"A unique constraint was violated: agent {agent_id} already has an archive"
        )
    world.store.agent_archives.add(agent_id, archive.id)


def detach_archive(world: World, agent_id: str, archive_id: str) -> None:
    """Detach an archive; one that is not attached is no error [63 detach again]."""
    _refuse_unknown_agent(world, agent_id)
    world.store.agent_archives.discard(agent_id, _archive(world, archive_id).id)


def attach_identity(world: World, agent_id: str, identity_id: str) -> None:
    """Attach an identity; doing so again changes nothing."""
    refuse_malformed("identity", identity_id)
    identity, agent = world.store.identities.get(identity_id), world.store.agents.get(agent_id)
    world.store.agent_identities.add(agent.id, identity.id)
    touch_agent(world, agent.id)


def detach_identity(world: World, agent_id: str, identity_id: str) -> None:
    """Detach an identity; one that is not attached is no error."""
    refuse_malformed("identity", identity_id)
    identity, agent = world.store.identities.get(identity_id), world.store.agents.get(agent_id)
    world.store.agent_identities.discard(agent.id, identity.id)
    touch_agent(world, agent.id)


def _attach_block(world: World, agent_id: str, block_id: str) -> None:
    world.store.agents.get(agent_id)
    attach_block(world, agent_id, block_id)
    touch_agent(world, agent_id)


def _detach_block(world: World, agent_id: str, block_id: str) -> None:
    world.store.agents.get(agent_id)
    detach_block(world, agent_id, block_id)
    touch_agent(world, agent_id)


def _attach_folder(world: World, agent_id: str, folder_id: str) -> None:
    agent = world.store.agents.get(agent_id)
    attach_folder(world, agent, world.store.folders.get(folder_id).id)


def _detach_folder(world: World, agent_id: str, folder_id: str) -> None:
    """Detach a folder; an unknown one is no error."""
    _refuse_unknown_agent(world, agent_id)
    detach_folder(world, agent_id, folder_id)


def _null(_: RequestContext, __: str) -> None:
    """Answer with null."""


def _agent(context: RequestContext, agent_id: str) -> AgentState:
    return read_agent(context, context.world.store.agents.get(agent_id))


def agent_for_older_clients(context: RequestContext, agent_id: str) -> AgentState | None:
    """Answer clients of the SDK with null, others with the agent [68]."""
    return None if context.client.is_sdk_v1 else _agent(context, agent_id)


attachments(
    "agents.archives",
    routes,
    "/archives",
    attach=attach_archive,
    detach=detach_archive,
    answer=_null,
    agent_id=AgentId,
    archive_id=str,
)
attachments(
    "agents.blocks",
    routes,
    "/core-memory/blocks",
    attach=_attach_block,
    detach=_detach_block,
    answer=_agent,
    agent_id=AgentId,
    block_id=BlockId,
)
attachments(
    "agents.folders",
    routes,
    "/folders",
    attach=_attach_folder,
    detach=_detach_folder,
    answer=agent_for_older_clients,
    agent_id=AgentId,
    folder_id=FolderId,
)
attachments(
    "agents.sources",
    routes,
    "/sources",
    attach=_attach_folder,
    detach=_detach_folder,
    answer=_agent,
    agent_id=AgentId,
    source_id=SourceId,
)
attachments(
    "agents.identities",
    routes,
    "/identities",
    attach=attach_identity,
    detach=detach_identity,
    answer=_null,
    agent_id=AgentId,
    identity_id=str,
)


def _archive(world: World, archive_id: str) -> Archive:
    refuse_malformed("archive", archive_id)
    return world.store.archives.get(archive_id)


def _refuse_unknown_agent(world: World, agent_id: str) -> None:
    if agent_id not in world.store.agents:
        raise NotFound("Agent not found")
