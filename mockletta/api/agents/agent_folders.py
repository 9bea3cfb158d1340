"""client.agents.folders: which folders an agent has; also under their old name, sources."""

from mockletta.api.agents.relations import show_agent
from mockletta.api.lists import Limit, ListQuery, page_of
from mockletta.errors import NotFound
from mockletta.http.path_ids import AgentId, FolderId, SourceId
from mockletta.http.routing import Routes
from mockletta.state.short_views import ListView
from mockletta.tools.agent_files.open_files import attach_folder, detach_folder
from mockletta.wire.agents import AgentState
from mockletta.wire.folders import Source, as_source
from mockletta.world.client_headers import Client
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}")


class AgentFoldersQuery(ListQuery):
    """Newest first by default; creation counts, not attachment."""

    limit: Limit | None = 100


@routes.get("/folders", "agents.folders.list")
def list_folders(
    context: RequestContext, world: World, agent_id: AgentId, query: AgentFoldersQuery
) -> list[Source]:
    store = world.store
    if agent_id not in store.agents:
        raise NotFound("Agent not found")
    page = page_of(
        ListView(store.folders.in_order(store.agent_folders.rights(agent_id))),
        query.page(),
        context=context,
    )
    return [as_source(folder) for folder in page]


@routes.patch("/folders/attach/{folder_id}", "agents.folders.attach")
def attach(
    context: RequestContext, world: World, client: Client, agent_id: AgentId, folder_id: FolderId
) -> AgentState | None:
    """Clients of the SDK are answered nothing, others the agent [68]."""
    agent = attach_source(context, world, agent_id, folder_id)
    return None if client.is_sdk_v1 else agent


@routes.patch("/folders/detach/{folder_id}", "agents.folders.detach")
def detach(
    context: RequestContext, world: World, client: Client, agent_id: AgentId, folder_id: FolderId
) -> AgentState | None:
    agent = detach_source(context, world, agent_id, folder_id)
    return None if client.is_sdk_v1 else agent


@routes.get("/sources", "agents.sources.list")
def list_sources(
    context: RequestContext, world: World, agent_id: AgentId, query: AgentFoldersQuery
) -> list[Source]:
    return list_folders(context, world, agent_id, query)


@routes.patch("/sources/attach/{source_id}", "agents.sources.attach")
def attach_source(
    context: RequestContext, world: World, agent_id: AgentId, source_id: SourceId
) -> AgentState:
    agent = world.store.agents.get(agent_id)
    world.store.folders.get(source_id)
    attach_folder(world, agent, source_id)
    return show_agent(context, agent)


@routes.patch("/sources/detach/{source_id}", "agents.sources.detach")
def detach_source(
    context: RequestContext, world: World, agent_id: AgentId, source_id: SourceId
) -> AgentState:
    agent = world.store.agents.get(agent_id)
    world.store.folders.get(source_id)
    detach_folder(world, agent.id, source_id)
    return show_agent(context, agent)
