"""client.folders: collections of files."""

from collections.abc import Sequence

from mockletta.api.changes import given
from mockletta.api.folders.folder_contents import PassagesQuery, StatisticsQuery, page_of_passages
from mockletta.api.folders.uploads import delete_file, files_in
from mockletta.api.lists import ListQuery, page_of
from mockletta.catalogue.model_catalogue import embedding_config
from mockletta.errors import (
    ORGANIZATION_ID,
    USER_ID,
    ConstraintViolated,
    InvalidArgument,
    NotFound,
)
from mockletta.http.path_ids import FolderId
from mockletta.http.routing import Routes
from mockletta.state.paging import Order
from mockletta.state.short_views import ListView
from mockletta.tools.agent_files.open_files import attach_folder, detach_folder
from mockletta.wire.agents import AgentState
from mockletta.wire.folders import (
    CreateFolder,
    FileStats,
    Folder,
    FolderFields,
    FoldersStats,
    FolderStats,
    UpdateFolder,
)
from mockletta.wire.models import EmbeddingConfig
from mockletta.wire.passages import Passage
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/folders")
CHANGEABLE = set(FolderFields.model_fields) | {"name"}


def create_folder(world: World, body: CreateFolder, *, folder_id: str | None = None) -> Folder:
    """A new folder. An embedding model has to be named, and the name has to be free [64]."""
    config = _embedding(body)
    _refuse_name_twice(world, body.name)
    now = world.clock.now()
    return world.store.folders.add(
        Folder(
            name=body.name,
            description=body.description,
            instructions=body.instructions,
            metadata=body.metadata,
            id=folder_id or world.ids.new("source"),
            embedding_config=config,
            organization_id=ORGANIZATION_ID,
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=now,
            updated_at=now,
        )
    )


def update_folder(world: World, folder: Folder, body: UpdateFolder) -> Folder:
    """Change a folder; its files keep the name they have. No change is none [64 update empty]."""
    changes = given(body, CHANGEABLE)
    if not changes:
        return folder
    if body.name is not None and body.name != folder.name:
        _refuse_name_twice(world, body.name)
    changes["updated_at"] = world.clock.now()
    return world.store.folders.replace(folder.changed(changes))


def delete_folder(world: World, folder: Folder) -> None:
    """Delete a folder with its files; it leaves its agents."""
    for agent_id in world.store.agent_folders.lefts(folder.id):
        detach_folder(world, agent_id, folder.id)
    for file in files_in(world, folder):
        delete_file(world, file)
    world.store.folders.remove(folder.id)


def folder_named(world: World, name: str) -> Folder:
    folder = next((folder for folder in world.store.folders if folder.name == name), None)
    if folder is None:
        raise NotFound(f"Source with name={name} not found.")
    return folder


def known_folders(world: World, *named: Sequence[str] | None) -> list[str] | None:
    """The folders an agent is to have, by either of their names; None if nothing is said of it.
    ConstraintViolated for one that there is not [42 source_ids unknown]."""
    if all(ids is None for ids in named):
        return None
    wanted = list(dict.fromkeys(item for ids in named for item in ids or ()))
    missing = [folder_id for folder_id in wanted if folder_id not in world.store.folders]
    if missing:
        raise ConstraintViolated(f"A foreign key constraint was violated: no folders {missing}")
    return wanted


def set_folders(world: World, agent: AgentState, folder_ids: Sequence[str]) -> None:
    """Let an agent have these folders and no others."""
    for folder_id in world.store.agent_folders.rights(agent.id):
        if folder_id not in folder_ids:
            detach_folder(world, agent.id, folder_id)
    for folder_id in folder_ids:
        attach_folder(world, agent, folder_id)


def statistics(world: World, *, detailed: bool) -> FoldersStats:
    """How much there is in all folders, and in each of them if that is asked for."""
    each = [_statistics_of(world, folder) for folder in world.store.folders]
    return FoldersStats(
        total_sources=len(each),
        total_files=sum(folder.file_count for folder in each),
        total_size=sum(folder.total_size for folder in each),
        sources=each if detailed else [],
    )


def _statistics_of(world: World, folder: Folder) -> FolderStats:
    files = files_in(world, folder)
    return FolderStats(
        source_id=folder.id,
        source_name=folder.name,
        file_count=len(files),
        total_size=sum(file.size for file in files),
        files=[
            FileStats(file_id=file.id, file_name=file.name, file_size=file.size) for file in files
        ],
    )


def _embedding(body: CreateFolder) -> EmbeddingConfig:
    config = body.embedding_config
    if body.embedding is not None:
        config = embedding_config(body.embedding)
    if config is None:
        raise InvalidArgument("Must specify either embedding or embedding_config in request")
    if body.embedding_chunk_size is not None:
        config = config.changed({"embedding_chunk_size": body.embedding_chunk_size})
    return config


def _refuse_name_twice(world: World, name: str) -> None:
    if any(folder.name == name for folder in world.store.folders):
        raise ConstraintViolated(
            f"A unique constraint was violated: there is a folder '{name}' already"
        )


class FoldersQuery(ListQuery):
    """Oldest first by default; a name is matched whole."""

    order: Order = "asc"
    name: str | None = None


class FolderAgentsQuery(ListQuery):
    """Newest first by default."""


@routes.post("/", "folders.create")
def create(world: World, body: CreateFolder) -> Folder:
    return create_folder(world, body)


@routes.get("/", "folders.list")
def list_folders(context: RequestContext, world: World, query: FoldersQuery) -> list[Folder]:
    return page_of(
        world.store.folders.view(),
        query.page(),
        context=context,
        keep=lambda folder: query.name is None or folder.name == query.name,
    )


@routes.get("/count", "folders.count")
def count(world: World) -> int:
    return len(world.store.folders)


@routes.get("/metadata", "folders.metadata")
def metadata(world: World, query: StatisticsQuery) -> FoldersStats:
    return statistics(world, detailed=query.include_detailed_per_source_metadata)


@routes.get("/name/{folder_name}", "folders.retrieve_by_name")
def retrieve_by_name(world: World, folder_name: str) -> str:
    """Only the id, as a JSON string [64 by name]."""
    return folder_named(world, folder_name).id


@routes.get("/{folder_id}", "folders.retrieve")
def retrieve(world: World, folder_id: FolderId) -> Folder:
    return world.store.folders.get(folder_id)


@routes.patch("/{folder_id}", "folders.update")
def update(world: World, folder_id: FolderId, body: UpdateFolder) -> Folder:
    return update_folder(world, world.store.folders.get(folder_id), body)


@routes.delete("/{folder_id}", "folders.delete")
def delete(world: World, folder_id: FolderId) -> None:
    delete_folder(world, world.store.folders.get(folder_id))


@routes.get("/{folder_id}/agents", "folders.agents.list")
def list_agents(
    context: RequestContext, world: World, folder_id: FolderId, query: FolderAgentsQuery
) -> list[str]:
    """Their ids."""
    store = world.store
    store.folders.get(folder_id)
    page = page_of(
        ListView(store.agents.in_order(store.agent_folders.lefts(folder_id))),
        query.page(),
        context=context,
    )
    return [agent.id for agent in page]


@routes.get("/{folder_id}/passages", "folders.passages.list")
def list_passages(
    context: RequestContext, world: World, folder_id: FolderId, query: PassagesQuery
) -> list[Passage]:
    return page_of_passages(context, world, folder_id, query)
