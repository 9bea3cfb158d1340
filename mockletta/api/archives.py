"""client.archives: collections of passages that agents can share."""

from typing import Annotated, ClassVar

from mockletta.api.agents.related_agents import RelatedAgentsQuery, page_of_agents
from mockletta.api.lists import IsExactly, Keep, ListQuery, Option
from mockletta.api.own_models import own_models
from mockletta.api.path_ids import ArchiveId, PassageId, refuse_malformed
from mockletta.api.resource import Resource, given, new_id, no_content
from mockletta.catalogue.model_catalogue import embedding_config
from mockletta.errors import BadRequest, NotFound
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import NoContent
from mockletta.tools.archival_memory import add_archive, insert_passage, show_passage
from mockletta.wire.agents import AgentState
from mockletta.wire.archives import (
    Archive,
    CreateArchive,
    CreateArchivePassage,
    CreateArchivePassages,
    Passage,
    UpdateArchive,
)
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

archives = Resource[Archive]("archives", "/v1/archives", Archive, archive_id=ArchiveId)
routes = archives.routes


class ArchivesQuery(ListQuery):
    """An unknown agent or cursor is a 404 [63 list agent unknown, list after unknown]."""

    unknown_cursor: ClassVar[str] = "Archive"

    name: Annotated[str | None, IsExactly("name")] = None
    agent_id: Annotated[str | None, Option()] = None

    def keeps(self, world: World) -> Keep | None:
        keep, store = super().keeps(world), world.store
        if self.agent_id is None:
            return keep
        refuse_malformed("agent", self.agent_id)
        if self.agent_id not in store.agents:
            raise NotFound("Agent not found")
        attached = store.agent_archives.rights(self.agent_id)
        return lambda archive: archive.id in attached and (keep is None or keep(archive))


@archives.creates
def create_archive(world: World, body: CreateArchive) -> Archive:
    config = body.embedding_config
    if config is None and body.embedding is not None:
        config = embedding_config(body.embedding, own_models(world))
    values = given(body, Archive, "embedding_config")
    return add_archive(world, **values, embedding_config=config, id=new_id(world, body, "archive"))


archives.lists(ArchivesQuery)
archives.retrieves()


@archives.updates
def update_archive(world: World, archive: Archive, body: UpdateArchive) -> Archive:
    return archives.change(world, archive, body)


archives.deletes(no_content)


@routes.get("/{archive_id}/agents", "archives.agents.list")
def list_agents(
    context: RequestContext, archive_id: ArchiveId, query: RelatedAgentsQuery
) -> list[AgentState]:
    """List the agents of an archive; none for an unknown archive."""
    agent_ids = context.world.store.agent_archives.lefts(archive_id)
    return page_of_agents(context, agent_ids, query, query.asked())


@routes.post("/{archive_id}/passages", "archives.passages.create")
def create_passage(world: World, archive_id: ArchiveId, body: CreateArchivePassage) -> Passage:
    archive = world.store.archives.get(archive_id)
    return show_passage(insert_passage(world, archive, **given(body, Passage)))


@routes.post("/{archive_id}/passages/batch", "archives.passages.create_many")
def create_passages(
    world: World, archive_id: ArchiveId, body: CreateArchivePassages
) -> list[Passage]:
    archive = world.store.archives.get(archive_id)
    return [create_passage(world, archive.id, passage) for passage in body.passages]


@routes.delete("/{archive_id}/passages/{passage_id}", "archives.passages.delete")
def delete_passage(world: World, archive_id: ArchiveId, passage_id: PassageId) -> NoContent:
    store = world.store
    store.archives.get(archive_id)
    passage = store.passages.find(passage_id)
    if passage is None:
        raise NotFound(f"Agent passage with id {passage_id} not found in database.")
    if passage.archive_id != archive_id:
        raise BadRequest(f"Passage {passage_id} does not belong to archive {archive_id}")
    store.passages.remove(passage_id)
    return NO_CONTENT
