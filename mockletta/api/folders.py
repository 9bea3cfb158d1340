"""client.folders: collections of files."""

from mockletta.api.folder_contents import PassagesQuery, StatisticsQuery, page_of_passages
from mockletta.api.lists import ListQuery, page_of
from mockletta.http.path_ids import FolderId
from mockletta.http.routing import Routes
from mockletta.resources.folders import (
    create_folder,
    delete_folder,
    folder_named,
    statistics,
    update_folder,
)
from mockletta.state.paging import Order
from mockletta.state.short_views import ListView
from mockletta.wire.folders import CreateFolder, Folder, FoldersStats, UpdateFolder
from mockletta.wire.passages import Passage
from mockletta.world.world import World

routes = Routes("/v1/folders")


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
def list_folders(world: World, query: FoldersQuery) -> list[Folder]:
    return page_of(
        world.store.folders.view(),
        query.page(),
        quirks=world.quirks,
        operation="folders.list",
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
def list_agents(world: World, folder_id: FolderId, query: FolderAgentsQuery) -> list[str]:
    """Their ids."""
    store = world.store
    store.folders.get(folder_id)
    page = page_of(
        ListView(store.agents.in_order(store.agent_folders.lefts(folder_id))),
        query.page(),
        quirks=world.quirks,
        operation="folders.agents.list",
    )
    return [agent.id for agent in page]


@routes.get("/{folder_id}/passages", "folders.passages.list")
def list_passages(world: World, folder_id: FolderId, query: PassagesQuery) -> list[Passage]:
    return page_of_passages(world, folder_id, query, "folders.passages.list")
