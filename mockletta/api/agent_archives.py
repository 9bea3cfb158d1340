"""client.agents.archives: which archive an agent's passages are in. It has one at most [63]."""

from mockletta.errors import NotFound
from mockletta.http.path_ids import AgentId
from mockletta.http.routing import Routes
from mockletta.resources.archives import attach_archive, detach_archive
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/archives")


@routes.patch("/attach/{archive_id}", "agents.archives.attach")
def attach(world: World, agent_id: AgentId, archive_id: str) -> None:
    _refuse_unknown(world, agent_id)
    attach_archive(world, agent_id, world.store.archives.get(archive_id))


@routes.patch("/detach/{archive_id}", "agents.archives.detach")
def detach(world: World, agent_id: AgentId, archive_id: str) -> None:
    _refuse_unknown(world, agent_id)
    detach_archive(world, agent_id, world.store.archives.get(archive_id))


def _refuse_unknown(world: World, agent_id: str) -> None:
    if agent_id not in world.store.agents:
        raise NotFound("Agent not found")
