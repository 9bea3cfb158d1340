"""client.agents.archives: which archive an agent's passages are in. It has one at most [63]."""

from mockletta.errors import ConstraintViolated, NotFound
from mockletta.http.path_ids import AgentId
from mockletta.http.routing import Routes
from mockletta.wire.passages import Archive
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


def attach_archive(world: World, agent_id: str, archive: Archive) -> None:
    """Attach an archive; doing so again changes nothing, a second one is refused [63]."""
    attached = world.store.agent_archives.rights(agent_id)
    if attached and archive.id not in attached:
        raise ConstraintViolated(
            f"A unique constraint was violated: agent {agent_id} already has an archive"
        )
    world.store.agent_archives.add(agent_id, archive.id)


def detach_archive(world: World, agent_id: str, archive: Archive) -> None:
    """Detach an archive; one that is not attached is no error [63 detach again]."""
    if world.store.agent_archives.has(agent_id, archive.id):
        world.store.agent_archives.remove(agent_id, archive.id)
