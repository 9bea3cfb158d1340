"""Making, changing, attaching and deleting archives."""

from mockletta.errors import ConstraintViolated
from mockletta.resources.changes import given
from mockletta.state.model_catalogue import embedding_config
from mockletta.tools.archival_memory import add_archive
from mockletta.wire.passages import Archive, CreateArchive, UpdateArchive
from mockletta.world.world import World

CHANGEABLE = {"name", "description"}


def create_archive(world: World, body: CreateArchive) -> Archive:
    config = body.embedding_config
    if body.embedding is not None:
        config = embedding_config(body.embedding)
    return add_archive(world, body.name, body.description, config)


def update_archive(world: World, archive: Archive, body: UpdateArchive) -> Archive:
    changes = given(body, CHANGEABLE) | {"updated_at": world.clock.now()}
    return world.store.archives.replace(archive.changed(changes))


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
