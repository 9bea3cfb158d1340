"""client.archives: collections of passages that agents can share."""

from mockletta.api.agents.relations import RelationsQuery, show_agent
from mockletta.api.changes import given
from mockletta.api.lists import ListQuery, page_of
from mockletta.catalogue.model_catalogue import embedding_config
from mockletta.errors import NotFound
from mockletta.http.path_ids import ArchiveId, PassageId
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import NoContent
from mockletta.http.routing import Routes
from mockletta.state.short_views import ListView
from mockletta.tools.archival_memory import add_archive, insert_passage, show_passage
from mockletta.wire.agents import AgentState
from mockletta.wire.passages import (
    Archive,
    CreateArchive,
    CreateArchivePassage,
    CreateArchivePassages,
    Passage,
    UpdateArchive,
)
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/archives")
CHANGEABLE = {"name", "description"}


def create_archive(world: World, body: CreateArchive) -> Archive:
    config = body.embedding_config
    if body.embedding is not None:
        config = embedding_config(body.embedding)
    return add_archive(world, body.name, body.description, config)


def update_archive(world: World, archive: Archive, body: UpdateArchive) -> Archive:
    changes = given(body, CHANGEABLE) | {"updated_at": world.clock.now()}
    return world.store.archives.replace(archive.changed(changes))


class ArchivesQuery(ListQuery):
    """Newest first by default; a name is matched whole."""

    name: str | None = None
    agent_id: str | None = None


class ArchiveAgentsQuery(ListQuery, RelationsQuery):
    """Newest first by default."""


@routes.post("/", "archives.create")
def create(world: World, body: CreateArchive) -> Archive:
    return create_archive(world, body)


@routes.get("/", "archives.list")
def list_archives(context: RequestContext, world: World, query: ArchivesQuery) -> list[Archive]:
    """An unknown agent or cursor is a 404 [63 list agent unknown, list after unknown]."""
    store = world.store
    for cursor in (query.after, query.before):
        if cursor and cursor not in store.archives:
            raise NotFound(f"No Archive found with id {cursor}")
    if query.agent_id is not None and query.agent_id not in store.agents:
        raise NotFound("Agent not found")
    theirs = None if query.agent_id is None else store.agent_archives.rights(query.agent_id)
    return page_of(
        store.archives.view(),
        query.page(),
        context=context,
        keep=lambda archive: (
            (query.name is None or archive.name == query.name)
            and (theirs is None or archive.id in theirs)
        ),
    )


@routes.get("/{archive_id}", "archives.retrieve")
def retrieve(world: World, archive_id: ArchiveId) -> Archive:
    return world.store.archives.get(archive_id)


@routes.patch("/{archive_id}", "archives.update")
def update(world: World, archive_id: ArchiveId, body: UpdateArchive) -> Archive:
    return update_archive(world, world.store.archives.get(archive_id), body)


@routes.delete("/{archive_id}", "archives.delete")
def delete(world: World, archive_id: ArchiveId) -> NoContent:
    world.store.delete_archive(archive_id)
    return NO_CONTENT


@routes.get("/{archive_id}/agents", "archives.agents.list")
def list_agents(
    context: RequestContext, world: World, archive_id: ArchiveId, query: ArchiveAgentsQuery
) -> list[AgentState]:
    store = world.store
    store.archives.get(archive_id)
    page = page_of(
        ListView(store.agents.in_order(store.agent_archives.lefts(archive_id))),
        query.page(),
        context=context,
    )
    return [show_agent(context, agent, query.asked()) for agent in page]


@routes.post("/{archive_id}/passages", "archives.passages.create")
def create_passage(world: World, archive_id: ArchiveId, body: CreateArchivePassage) -> Passage:
    return _insert(world, world.store.archives.get(archive_id), body)


@routes.post("/{archive_id}/passages/batch", "archives.passages.create_many")
def create_passages(
    world: World, archive_id: ArchiveId, body: CreateArchivePassages
) -> list[Passage]:
    archive = world.store.archives.get(archive_id)
    return [_insert(world, archive, passage) for passage in body.passages]


@routes.delete("/{archive_id}/passages/{passage_id}", "archives.passages.delete")
def delete_passage(world: World, archive_id: ArchiveId, passage_id: PassageId) -> NoContent:
    store = world.store
    store.archives.get(archive_id)
    passage = store.passages.find(passage_id)
    if passage is None or passage.archive_id != archive_id:
        raise NotFound(f"Agent passage with id {passage_id} not found in database.")
    store.passages.remove(passage_id)
    return NO_CONTENT


def _insert(world: World, archive: Archive, body: CreateArchivePassage) -> Passage:
    return show_passage(
        insert_passage(world, archive, body.text, body.tags, body.created_at, body.metadata)
    )
