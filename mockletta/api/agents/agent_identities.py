"""client.agents.identities, and the same of blocks: for whom they are."""

from mockletta.api.agents.agent_creation import touch_agent
from mockletta.http.path_ids import AgentId, BlockId, IdentityId
from mockletta.http.routing import Routes
from mockletta.wire.blocks import Block
from mockletta.world.world import World

routes = Routes("/v1")


@routes.patch("/agents/{agent_id}/identities/attach/{identity_id}", "agents.identities.attach")
def attach(world: World, agent_id: AgentId, identity_id: IdentityId) -> None:
    """Attach an identity; doing so again changes nothing."""
    identity, agent = world.store.identities.get(identity_id), world.store.agents.get(agent_id)
    world.store.agent_identities.add(agent.id, identity.id)
    touch_agent(world, agent.id)


@routes.patch("/agents/{agent_id}/identities/detach/{identity_id}", "agents.identities.detach")
def detach(world: World, agent_id: AgentId, identity_id: IdentityId) -> None:
    """Detach an identity; one that is not attached is no error."""
    identity, agent = world.store.identities.get(identity_id), world.store.agents.get(agent_id)
    if world.store.agent_identities.has(agent.id, identity.id):
        world.store.agent_identities.remove(agent.id, identity.id)
    touch_agent(world, agent.id)


@routes.patch("/blocks/{block_id}/identities/attach/{identity_id}", "blocks.identities.attach")
def attach_to_block(world: World, block_id: BlockId, identity_id: IdentityId) -> Block:
    block, identity = world.store.blocks.get(block_id), world.store.identities.get(identity_id)
    world.store.block_identities.add(block.id, identity.id)
    return block


@routes.patch("/blocks/{block_id}/identities/detach/{identity_id}", "blocks.identities.detach")
def detach_from_block(world: World, block_id: BlockId, identity_id: IdentityId) -> Block:
    block, identity = world.store.blocks.get(block_id), world.store.identities.get(identity_id)
    if world.store.block_identities.has(block.id, identity.id):
        world.store.block_identities.remove(block.id, identity.id)
    return block
