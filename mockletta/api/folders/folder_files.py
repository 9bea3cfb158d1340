"""client.folders.files: the files in a folder."""

from mockletta.api.folders.folder_contents import (
    FileQuery,
    FilesQuery,
    UploadQuery,
    one_file,
    page_of_files,
    take_file,
)
from mockletta.api.folders.uploads import delete_file, find_file
from mockletta.http.path_ids import FileId, FolderId
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import NoContent
from mockletta.http.routing import Routes
from mockletta.wire.files import FileMetadata, UploadForm
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/folders/{folder_id}")


@routes.post("/upload", "folders.files.upload")
def upload_file(
    world: World, folder_id: FolderId, query: UploadQuery, form: UploadForm
) -> FileMetadata:
    return take_file(world, folder_id, query, form)


@routes.get("/files", "folders.files.list")
def list_files(
    context: RequestContext, world: World, folder_id: FolderId, query: FilesQuery
) -> list[FileMetadata]:
    return page_of_files(context, world, folder_id, query)


@routes.get("/files/{file_id}", "folders.files.retrieve")
def retrieve(world: World, folder_id: FolderId, file_id: FileId, query: FileQuery) -> FileMetadata:
    return one_file(world, folder_id, file_id, query)


@routes.delete("/{file_id}", "folders.files.delete")
def delete(world: World, folder_id: FolderId, file_id: FileId) -> NoContent:
    delete_file(world, find_file(world, world.store.folders.get(folder_id), file_id))
    return NO_CONTENT
