"""client.agents.blocks: an agent's memory, block by block."""

from mockletta.api.agents.agent_creation import touch_agent
from mockletta.api.agents.relations import show_agent
from mockletta.api.blocks import attach_block, detach_block, update_block
from mockletta.api.lists import Limit, ListQuery, page_of
from mockletta.http.path_ids import AgentId, BlockId
from mockletta.http.routing import Routes
from mockletta.state.short_views import ListView
from mockletta.wire.agents import AgentState
from mockletta.wire.blocks import Block, UpdateBlock
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/core-memory/blocks")


class AgentBlocksQuery(ListQuery):
    """Newest first by default; creation counts, not attachment [55]."""

    limit: Limit | None = 100


@routes.get("", "agents.blocks.list")
def list_blocks(
    context: RequestContext, world: World, agent_id: AgentId, query: AgentBlocksQuery
) -> list[Block]:
    store = world.store
    store.agents.get(agent_id)
    return page_of(
        ListView(store.blocks.in_order(store.agent_blocks.rights(agent_id))),
        query.page(),
        context=context,
    )


@routes.get("/{block_label}", "agents.blocks.retrieve")
def retrieve(world: World, agent_id: AgentId, block_label: str) -> Block:
    return world.store.block_labelled(agent_id, block_label)


@routes.patch("/{block_label}", "agents.blocks.update")
def update(world: World, agent_id: AgentId, block_label: str, body: UpdateBlock) -> Block:
    return update_block(world, world.store.block_labelled(agent_id, block_label), body)


@routes.patch("/attach/{block_id}", "agents.blocks.attach")
def attach(
    context: RequestContext, world: World, agent_id: AgentId, block_id: BlockId
) -> AgentState:
    world.store.agents.get(agent_id)
    attach_block(world, agent_id, block_id)
    return show_agent(context, touch_agent(world, agent_id))


@routes.patch("/detach/{block_id}", "agents.blocks.detach")
def detach(
    context: RequestContext, world: World, agent_id: AgentId, block_id: BlockId
) -> AgentState:
    world.store.agents.get(agent_id)
    detach_block(world, agent_id, block_id)
    return show_agent(context, touch_agent(world, agent_id))
