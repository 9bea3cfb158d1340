"""client.folders: collections of files. Older clients know them as sources, in another shape."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from mockletta.api.folders.uploads import file_passages, files_in
from mockletta.api.lists import Contains, ListQuery, page_of
from mockletta.api.path_ids import FolderId, SourceId
from mockletta.api.providers import own_models
from mockletta.api.resource import Resource, given, new_id, stamped
from mockletta.catalogue.model_catalogue import embedding_config
from mockletta.errors import ConstraintViolated, InvalidArgument, NotFound
from mockletta.state.paging import Order
from mockletta.tools.agent_files.open_files import attach_folder, detach_folder, drop_folder
from mockletta.tools.archival_memory import show_passage
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.wire.folders import (
    CreateFolder,
    FileStats,
    Folder,
    FoldersStats,
    FolderStats,
    Source,
    UpdateFolder,
    as_source,
)
from mockletta.wire.memory import Passage
from mockletta.wire.models import EmbeddingConfig
from mockletta.world.quirks import NO_DEFAULT_MODELS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

folders = Resource[Folder]("folders", "/v1/folders", Folder, folder_id=FolderId)
sources = Resource[Folder](
    "sources",
    "/v1/sources",
    Source,
    table="folders",
    show=lambda _, folder: as_source(folder),
    source_id=SourceId,
)

DEFAULT_EMBEDDING = "openai/text-embedding-3-small"


class FoldersQuery(ListQuery):
    """Oldest first."""

    unknown_cursor: ClassVar[str] = "Source"

    order: Order = "asc"
    name: Annotated[str | None, Contains("name")] = None


class AgentsOfFolderQuery(ListQuery):
    unknown_cursor: ClassVar[str] = "Agent"


class FolderPassagesQuery(ListQuery):
    """Nothing is listed after or before an unknown passage."""

    unknown_cursor_lists_nothing: ClassVar[bool] = True

    limit: Limit | None = 100


class SourcePassagesQuery(FolderPassagesQuery):
    """Oldest first."""

    order: Order = "asc"


class StatisticsQuery(Body):
    include_detailed_per_source_metadata: bool = False


@sources.creates
@folders.creates
def create_folder(world: World, body: CreateFolder) -> Folder:
    """Create a folder. It needs an embedding model and a name that no folder has [64]."""
    config = _embedding(world, body)
    _refuse_name_twice(world, body.name)
    values = {**given(body, Folder), "embedding_config": config}
    folder = stamped(world, Folder, id=new_id(world, body, "source"), **values)
    return world.store.folders.add(folder)


folders.lists(FoldersQuery)


@sources.routes.get("/", "sources.list")
def list_sources(world: World) -> list[Source]:
    """List all sources, oldest first."""
    return list(map(as_source, world.store.folders))


for _one in (folders, sources):
    _one.counts()


@sources.routes.get("/metadata", "sources.metadata")
@folders.routes.get("/metadata", "folders.metadata")
def metadata(world: World, query: StatisticsQuery) -> FoldersStats:
    """Return the number and sizes of files in all folders, and in each if requested."""
    each = [_statistics_of(world, folder) for folder in world.store.folders]
    return FoldersStats(
        total_sources=len(each),
        total_files=sum(folder.file_count for folder in each),
        total_size=sum(folder.total_size for folder in each),
        sources=each if query.include_detailed_per_source_metadata else [],
    )


@folders.routes.get("/name/{folder_name}", "folders.retrieve_by_name")
def retrieve_by_name(world: World, folder_name: str) -> str:
    """Return only the id, as a JSON string [64 by name]."""
    return _folder_named(world, folder_name).id


@sources.routes.get("/name/{source_name}", "sources.retrieve_by_name")
def retrieve_source_by_name(world: World, source_name: str) -> str:
    return _folder_named(world, source_name).id


for _one in (folders, sources):
    _one.retrieves()


@sources.updates
@folders.updates
def update_folder(world: World, folder: Folder, body: UpdateFolder) -> Folder:
    """Update a folder. Its files keep their names. An empty update changes nothing [64 update
    empty]."""
    if not given(body, Folder):
        return folder
    if body.name is not None and body.name != folder.name:
        _refuse_name_twice(world, body.name)
    return folders.change(world, folder, body)


def detach_from_agents(world: World, folder: Folder) -> None:
    """Detach a deleted folder, and its files, from its agents."""
    for agent_id in world.store.agent_folders.lefts(folder.id):
        drop_folder(world, agent_id, folder.id)


for _one in (folders, sources):
    _one.deletes(prepare=detach_from_agents)


def refuse_unknown(folder_id: str) -> object:
    """Raise NotFound for an unknown folder in a request for its agents [81 agents of unknown
    folder]."""
    raise NotFound(f"Source with ID {folder_id} not found")


def list_nothing(_: str) -> list[object]:
    """Return no files or passages for an unknown folder [81 files of unknown folder]."""
    return []


@folders.below("GET", "/agents", "agents.list", unknown=refuse_unknown)
def list_agents(context: RequestContext, folder: Folder, query: AgentsOfFolderQuery) -> list[str]:
    """Return the ids of the folder's agents."""
    store = context.world.store
    agents = store.agents.in_order(store.agent_folders.lefts(folder.id))
    return [agent.id for agent in page_of(context, agents, query, cursors=store.agents)]


@sources.below("GET", "/agents", "agents.list", unknown=refuse_unknown)
def list_source_agents(context: RequestContext, folder: Folder) -> list[str]:
    return context.world.store.agent_folders.lefts(folder.id)


@folders.below("GET", "/passages", "passages.list", unknown=list_nothing)
def list_passages(
    context: RequestContext, folder: Folder, query: FolderPassagesQuery
) -> list[Passage]:
    page = page_of(context, file_passages(context.world, folder), query)
    return list(map(show_passage, page))


@sources.below("GET", "/passages", "passages.list", unknown=list_nothing)
def list_source_passages(
    context: RequestContext, folder: Folder, query: SourcePassagesQuery
) -> list[Passage]:
    return list_passages(context, folder, query)


def _folder_named(world: World, name: str) -> Folder:
    folder = next((folder for folder in world.store.folders if folder.name == name), None)
    if folder is None:
        raise NotFound(f"Source with name={name} not found.")
    return folder


def known_folders(world: World, *named: Sequence[str] | None) -> list[str] | None:
    """Return the requested folders of an agent, from either field; None if there is no request.
    Raises ConstraintViolated for an unknown folder [42 source_ids unknown]."""
    if all(ids is None for ids in named):
        return None
    wanted = list(dict.fromkeys(item for ids in named for item in ids or ()))
    missing = [folder_id for folder_id in wanted if folder_id not in world.store.folders]
    if missing:
        raise ConstraintViolated(f"A foreign key constraint was violated: no folders {missing}")
    return wanted


def set_folders(world: World, agent: AgentState, folder_ids: Sequence[str]) -> None:
    """Set the folders of an agent."""
    for folder_id in world.store.agent_folders.rights(agent.id):
        if folder_id not in folder_ids:
            detach_folder(world, agent.id, folder_id)
    for folder_id in folder_ids:
        attach_folder(world, agent, folder_id)


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


def _embedding(world: World, body: CreateFolder) -> EmbeddingConfig:
    config = body.embedding_config
    if config is None and body.embedding is not None:
        config = embedding_config(body.embedding, own_models(world))
    if config is None:
        is_on = NO_DEFAULT_MODELS in world.quirks
        other = f"a folder with {DEFAULT_EMBEDDING}" if is_on else "a 400"
        world.quirks.record(NO_DEFAULT_MODELS, "folders.create", other)
        if is_on:
            raise InvalidArgument("Must specify either embedding or embedding_config in request")
        config = embedding_config(DEFAULT_EMBEDDING)
    if body.embedding_chunk_size is not None:
        config = config.changed({"embedding_chunk_size": body.embedding_chunk_size})
    return config


def _refuse_name_twice(world: World, name: str) -> None:
    if any(folder.name == name for folder in world.store.folders):
        raise ConstraintViolated(
            f"A unique constraint was violated: there is a folder '{name}' already"
        )
