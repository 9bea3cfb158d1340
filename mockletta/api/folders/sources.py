"""Folders under their old name, for older clients: the same rows, in the older shape."""

from mockletta.api.folders.folder_contents import (
    FileQuery,
    FilesQuery,
    PassagesQuery,
    StatisticsQuery,
    UploadQuery,
    one_file,
    page_of_files,
    page_of_passages,
    take_file,
)
from mockletta.api.folders.folders import (
    create_folder,
    delete_folder,
    folder_named,
    statistics,
    update_folder,
)
from mockletta.api.folders.uploads import delete_file, find_file
from mockletta.http.path_ids import FileId, SourceId
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import NoContent
from mockletta.http.routing import Routes
from mockletta.state.paging import Order
from mockletta.wire.files import FileMetadata, UploadForm
from mockletta.wire.folders import CreateFolder, FoldersStats, Source, UpdateFolder, as_source
from mockletta.wire.passages import Passage
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/sources")


class SourceFilesQuery(FilesQuery):
    """Oldest first by default."""

    order: Order = "asc"


class SourcePassagesQuery(PassagesQuery):
    """Oldest first by default."""

    order: Order = "asc"


@routes.post("/", "sources.create")
def create(world: World, body: CreateFolder) -> Source:
    return as_source(create_folder(world, body))


@routes.get("/", "sources.list")
def list_sources(world: World) -> list[Source]:
    """All of them, oldest first."""
    return [as_source(folder) for folder in world.store.folders]


@routes.get("/count", "sources.count")
def count(world: World) -> int:
    return len(world.store.folders)


@routes.get("/metadata", "sources.metadata")
def metadata(world: World, query: StatisticsQuery) -> FoldersStats:
    return statistics(world, detailed=query.include_detailed_per_source_metadata)


@routes.get("/name/{source_name}", "sources.retrieve_by_name")
def retrieve_by_name(world: World, source_name: str) -> str:
    return folder_named(world, source_name).id


@routes.get("/{source_id}", "sources.retrieve")
def retrieve(world: World, source_id: SourceId) -> Source:
    return as_source(world.store.folders.get(source_id))


@routes.patch("/{source_id}", "sources.update")
def update(world: World, source_id: SourceId, body: UpdateFolder) -> Source:
    return as_source(update_folder(world, world.store.folders.get(source_id), body))


@routes.delete("/{source_id}", "sources.delete")
def delete(world: World, source_id: SourceId) -> None:
    delete_folder(world, world.store.folders.get(source_id))


@routes.get("/{source_id}/agents", "sources.agents.list")
def list_agents(world: World, source_id: SourceId) -> list[str]:
    world.store.folders.get(source_id)
    return world.store.agent_folders.lefts(source_id)


@routes.get("/{source_id}/passages", "sources.passages.list")
def list_passages(
    context: RequestContext, world: World, source_id: SourceId, query: SourcePassagesQuery
) -> list[Passage]:
    return page_of_passages(context, world, source_id, query)


@routes.post("/{source_id}/upload", "sources.files.upload")
def upload_file(
    world: World, source_id: SourceId, query: UploadQuery, form: UploadForm
) -> FileMetadata:
    return take_file(world, source_id, query, form)


@routes.get("/{source_id}/files", "sources.files.list")
def list_files(
    context: RequestContext, world: World, source_id: SourceId, query: SourceFilesQuery
) -> list[FileMetadata]:
    return page_of_files(context, world, source_id, query)


@routes.get("/{source_id}/files/{file_id}", "sources.files.retrieve")
def retrieve_file(
    world: World, source_id: SourceId, file_id: FileId, query: FileQuery
) -> FileMetadata:
    return one_file(world, source_id, file_id, query)


@routes.delete("/{source_id}/{file_id}", "sources.files.delete")
def delete_source_file(world: World, source_id: SourceId, file_id: FileId) -> NoContent:
    delete_file(world, find_file(world, world.store.folders.get(source_id), file_id))
    return NO_CONTENT
