"""What a folder holds, asked for under the folder's new name and under its old one."""

from mockletta.api.folders.uploads import file_passages, find_file, show_file, upload
from mockletta.api.lists import Limit, ListQuery, page_of
from mockletta.state.short_views import ListView
from mockletta.tools.archival_memory import show_passage
from mockletta.wire.base import Body
from mockletta.wire.files import DuplicateHandling, FileMetadata, UploadForm
from mockletta.wire.passages import Passage
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World


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


class PassagesQuery(ListQuery):
    """Newest first by default."""

    limit: Limit | None = 100


class StatisticsQuery(Body):
    include_detailed_per_source_metadata: bool = False


def take_file(world: World, folder_id: str, query: UploadQuery, form: UploadForm) -> FileMetadata:
    folder = world.store.folders.get(folder_id)
    file = upload(world, folder, form.file, query.duplicate_handling, query.name)
    return show_file(world, file, with_folder=True)


def page_of_files(
    context: RequestContext, world: World, folder_id: str, query: FilesQuery
) -> list[FileMetadata]:
    world.store.folders.get(folder_id)
    page = page_of(
        world.store.files.view(("folder_id", folder_id)),
        query.page(),
        context=context,
    )
    return [show_file(world, file, include_content=query.include_content) for file in page]


def one_file(world: World, folder_id: str, file_id: str, query: FileQuery) -> FileMetadata:
    file = find_file(world, world.store.folders.get(folder_id), file_id)
    return show_file(world, file, include_content=query.include_content)


def page_of_passages(
    context: RequestContext, world: World, folder_id: str, query: PassagesQuery
) -> list[Passage]:
    page = page_of(
        ListView(file_passages(world, world.store.folders.get(folder_id))),
        query.page(),
        context=context,
    )
    return [show_passage(passage) for passage in page]
