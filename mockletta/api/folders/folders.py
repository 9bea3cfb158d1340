"""client.folders: collections of files. Older clients know them as sources, in another shape."""

from typing import Annotated, ClassVar

from mockletta.api.folders.folder_creation import create_folder, refuse_name_twice
from mockletta.api.folders.uploads import file_passages, files_in
from mockletta.api.lists import Contains, ListQuery, page_of
from mockletta.api.path_ids import FolderId, SourceId
from mockletta.api.resource import Resource, given
from mockletta.errors import NotFound
from mockletta.state.paging import Order
from mockletta.tools.agent_files.open_files import drop_folder
from mockletta.tools.archival_memory import show_passage
from mockletta.wire.archives import Passage
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.wire.folders import (
    FileStats,
    Folder,
    FoldersStats,
    FolderStats,
    Source,
    UpdateFolder,
    as_source,
)
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


sources.creates(create_folder)
folders.creates(create_folder)
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
        refuse_name_twice(world, body.name)
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
