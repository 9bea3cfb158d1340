"""client.folders.files: the files in a folder."""

from mockletta.api.lists import Limit, ListQuery, page_of
from mockletta.http.declaring import NoContent
from mockletta.http.parameters import FileId, FolderId
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.routing import Routes
from mockletta.resources.files import delete_file, find_file, show_file, upload
from mockletta.wire.base import Body
from mockletta.wire.files import DuplicateHandling, FileMetadata, UploadForm
from mockletta.world import World

routes = Routes("/v1/folders/{folder_id}")


class UploadQuery(Body):
    """`name` is the file's name instead of the one it was sent with."""

    duplicate_handling: DuplicateHandling = DuplicateHandling.SUFFIX
    name: str | None = None


class FilesQuery(ListQuery):
    """Newest first by default."""

    limit: Limit | None = 1000
    include_content: bool = False


class FileQuery(Body):
    include_content: bool = False


@routes.post("/upload", "folders.files.upload")
def upload_file(
    world: World, folder_id: FolderId, query: UploadQuery, form: UploadForm
) -> FileMetadata:
    folder = world.store.folders.get(folder_id)
    file = upload(world, folder, form.file, query.duplicate_handling, query.name)
    return show_file(world, file, with_folder=True)


@routes.get("/files", "folders.files.list")
def list_files(world: World, folder_id: FolderId, query: FilesQuery) -> list[FileMetadata]:
    world.store.folders.get(folder_id)
    page = page_of(
        world.store.files.view(("folder_id", folder_id)),
        query.page(),
        quirks=world.quirks,
        operation="folders.files.list",
    )
    return [show_file(world, file, include_content=query.include_content) for file in page]


@routes.get("/files/{file_id}", "folders.files.retrieve")
def retrieve(world: World, folder_id: FolderId, file_id: FileId, query: FileQuery) -> FileMetadata:
    file = find_file(world, world.store.folders.get(folder_id), file_id)
    return show_file(world, file, include_content=query.include_content)


@routes.delete("/{file_id}", "folders.files.delete")
def delete(world: World, folder_id: FolderId, file_id: FileId) -> NoContent:
    delete_file(world, find_file(world, world.store.folders.get(folder_id), file_id))
    return NO_CONTENT
