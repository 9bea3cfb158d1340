"""Folders under their old name, for older clients: the same rows, in the older shape."""

from mockletta.api.lists import Limit, ListQuery, page_of
from mockletta.http.declaring import NoContent
from mockletta.http.parameters import FileId, SourceId
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.routing import Routes
from mockletta.resources.files import delete_file, file_passages, find_file, show_file, upload
from mockletta.resources.folders import (
    as_source,
    create_folder,
    delete_folder,
    folder_named,
    statistics,
    update_folder,
)
from mockletta.state.paging import Order
from mockletta.state.views import ListView
from mockletta.turns.archival_memory import show_passage
from mockletta.wire.base import Body
from mockletta.wire.files import DuplicateHandling, FileMetadata, UploadForm
from mockletta.wire.folders import CreateFolder, FoldersStats, Source, UpdateFolder
from mockletta.wire.passages import Passage
from mockletta.world import World

routes = Routes("/v1/sources")


class UploadQuery(Body):
    duplicate_handling: DuplicateHandling = DuplicateHandling.SUFFIX
    name: str | None = None


class FilesQuery(ListQuery):
    """Oldest first."""

    order: Order = "asc"
    limit: Limit | None = 1000
    include_content: bool = False


class PassagesQuery(ListQuery):
    """Oldest first."""

    order: Order = "asc"
    limit: Limit | None = 100


class FileQuery(Body):
    include_content: bool = False


class StatisticsQuery(Body):
    include_detailed_per_source_metadata: bool = False


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
def list_passages(world: World, source_id: SourceId, query: PassagesQuery) -> list[Passage]:
    page = page_of(
        ListView(file_passages(world, world.store.folders.get(source_id))),
        query.page(),
        quirks=world.quirks,
        operation="sources.passages.list",
    )
    return [show_passage(passage) for passage in page]


@routes.post("/{source_id}/upload", "sources.files.upload")
def upload_file(
    world: World, source_id: SourceId, query: UploadQuery, form: UploadForm
) -> FileMetadata:
    folder = world.store.folders.get(source_id)
    file = upload(world, folder, form.file, query.duplicate_handling, query.name)
    return show_file(world, file, with_folder=True)


@routes.get("/{source_id}/files", "sources.files.list")
def list_files(world: World, source_id: SourceId, query: FilesQuery) -> list[FileMetadata]:
    world.store.folders.get(source_id)
    page = page_of(
        world.store.files.view(("folder_id", source_id)),
        query.page(),
        quirks=world.quirks,
        operation="sources.files.list",
    )
    return [show_file(world, file, include_content=query.include_content) for file in page]


@routes.get("/{source_id}/files/{file_id}", "sources.files.retrieve")
def retrieve_file(
    world: World, source_id: SourceId, file_id: FileId, query: FileQuery
) -> FileMetadata:
    file = find_file(world, world.store.folders.get(source_id), file_id)
    return show_file(world, file, include_content=query.include_content)


@routes.delete("/{source_id}/{file_id}", "sources.files.delete")
def delete_source_file(world: World, source_id: SourceId, file_id: FileId) -> NoContent:
    delete_file(world, find_file(world, world.store.folders.get(source_id), file_id))
    return NO_CONTENT
