"""client.folders.files: the files in a folder, also under the folder's older name."""

from typing import Annotated, ClassVar

from mockletta.api.folders.folders import folders, list_nothing, refuse_unknown, sources
from mockletta.api.folders.uploads import delete_file, files_in, show_file, upload
from mockletta.api.lists import ListQuery, Option, page_of
from mockletta.api.path_ids import FileId
from mockletta.errors import NotFound
from mockletta.http.rendering import JSON_TYPE, NO_CONTENT, Response, render
from mockletta.http.response_declarations import DeclaredResponse, NoContent
from mockletta.http.routing import joined
from mockletta.state.paging import Order
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.wire.folders import DuplicateHandling, FileMetadata, Folder, UploadForm
from mockletta.world.request_context import RequestContext

Uploaded = Annotated[FileMetadata | Response, DeclaredResponse(FileMetadata)]
SKIPPED = (b"x-upload-result", b"skipped")


class UploadQuery(Body):
    """`name` replaces the name of the sent file."""

    duplicate_handling: DuplicateHandling = DuplicateHandling.SUFFIX
    name: str | None = None


class FilesQuery(ListQuery):
    unknown_cursor: ClassVar[str] = "FileMetadata"

    limit: Limit | None = 1000
    include_content: Annotated[bool, Option()] = False


class SourceFilesQuery(FilesQuery):
    """Oldest first."""

    order: Order = "asc"


class FileQuery(Body):
    include_content: bool = False


@sources.below("POST", "/upload", "files.upload")
@folders.below("POST", "/upload", "files.upload")
def upload_file(
    context: RequestContext, folder: Folder, query: UploadQuery, form: UploadForm
) -> Uploaded:
    """Upload a file. A header says whether it was skipped [81 duplicate skip]."""
    world = context.world
    known = {file.id for file in files_in(world, folder)}
    file = upload(world, folder, form.file, query.duplicate_handling, query.name)
    shown = show_file(world, file, with_folder=True)
    if file.id in known:
        return Response(200, [JSON_TYPE, SKIPPED], render(shown))
    return shown


@folders.below("GET", "/files", "files.list", unknown=list_nothing)
def list_files(context: RequestContext, folder: Folder, query: FilesQuery) -> list[FileMetadata]:
    world = context.world
    files = world.store.files.view(("folder_id", folder.id))
    page = page_of(context, files, query, cursors=world.store.files)
    return [show_file(world, file, include_content=query.include_content) for file in page]


@sources.below("GET", "/files", "files.list", unknown=list_nothing)
def list_source_files(
    context: RequestContext, folder: Folder, query: SourceFilesQuery
) -> list[FileMetadata]:
    return list_files(context, folder, query)


@sources.below("GET", "/files/{file_id}", "files.retrieve")
@folders.below("GET", "/files/{file_id}", "files.retrieve")
def retrieve(
    context: RequestContext, folder: Folder, file_id: FileId, query: FileQuery
) -> FileMetadata:
    world = context.world
    file = world.store.files.get(file_id)
    if file.folder_id != folder.id:
        raise NotFound(f"File with id={file_id} not found in folder {folder.id}")
    return show_file(world, file, include_content=query.include_content)


@sources.below("DELETE", "/{file_id}", "files.delete", unknown=refuse_unknown)
@folders.below("DELETE", "/{file_id}", "files.delete", unknown=refuse_unknown)
def delete(context: RequestContext, _: Folder, file_id: FileId) -> NoContent:
    """Delete a file, even one of another folder [81 delete file through other folder]."""
    world = context.world
    delete_file(world, world.store.files.get(file_id))
    return NO_CONTENT


routes = joined(folders.routes, sources.routes)
