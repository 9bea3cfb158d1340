"""client.agents.files: the files of an agent's folders, open or closed."""

from typing import Annotated, NamedTuple

from mockletta.api.lists import ListQuery, Meets, Option, page_of
from mockletta.api.path_ids import AgentId, FileId
from mockletta.errors import BadRequest, NotFound
from mockletta.http.routing import Routes
from mockletta.state.stored_files import AgentFileRecord, FileRecord
from mockletta.tools.agent_files.open_files import (
    add_file,
    close_file,
    close_files,
    files_of,
    find_file,
    open_file,
    show_agent_file,
)
from mockletta.wire.fields import Limit
from mockletta.wire.folders import AgentFiles
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/files")


class AgentFilesQuery(ListQuery):
    """Newest first by default. A cursor is the id of a file or, in pages, of its relation to the
    agent; `cursor` is the older name of `after`."""

    limit: Limit | None = 100
    cursor: Annotated[str | None, Option()] = None
    is_open: Annotated[bool | None, Meets(lambda row, is_open: row.record.is_open == is_open)] = (
        None
    )


class _Row(NamedTuple):
    id: str
    record: AgentFileRecord
    file: FileRecord


@routes.get("", "agents.files.list")
def list_files(context: RequestContext, agent_id: AgentId, query: AgentFilesQuery) -> AgentFiles:
    """List files; none for an unknown agent or after an unknown cursor [40 agent unknown GET files,
    81 agent files cursor]."""
    world = context.world
    agent = world.store.agents.find(agent_id)
    rows = [_Row(record.id, record, file) for record, file in files_of(world, agent_id)]
    ids = {row.file.id: row.id for row in rows}
    after, before = query.after or query.cursor or "", query.before or ""
    if any(one and one not in {*ids, *ids.values()} for one in (after, before)):
        return AgentFiles(files=[], has_more=False)
    more = None if query.limit is None else query.limit + 1
    cursors = {"after": ids.get(after, after), "before": ids.get(before, before)}
    one_more = query.model_copy(update={"limit": more, **cursors})
    page = page_of(context, rows, one_more)
    has_more = more is not None and len(page) == more
    # A page before a cursor ends at it: what is too much is what comes first.
    backwards = bool(before) and not after
    shown = page[: query.limit] if not backwards else page[int(has_more) :]
    return AgentFiles(
        files=[show_agent_file(world, agent, row.record, row.file) for row in shown if agent],
        next_cursor=shown[-1].id if shown else None,
        has_more=has_more,
    )


@routes.patch("/{file_id}/open", "agents.files.open")
def open_(world: World, agent_id: AgentId, file_id: FileId) -> list[str]:
    """Open a file. Return the names of the files that were closed for it [64 open file].

    A file of a folder that the agent does not have is added to its files [81 open before attach].
    """
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise BadRequest(f"Agent {agent_id} not found")
    file = world.store.files.find(file_id)
    if file is None:
        raise NotFound(f"File with id={file_id} not found")
    records = world.store.agent_files.all(("agent_id", agent_id))
    known = {record.file_id: record for record in records}
    return open_file(world, agent, known.get(file_id) or add_file(world, agent, file))


@routes.patch("/{file_id}/close", "agents.files.close")
def close(world: World, agent_id: AgentId, file_id: FileId) -> dict[str, str]:
    close_file(world, find_file(world, agent_id, file_id))
    return {"message": f"File id={file_id} successfully closed"}


@routes.patch("/close-all", "agents.files.close_all")
def close_all(world: World, agent_id: AgentId) -> list[str]:
    """Close all files and return the names of those that were open; none if unknown [40]."""
    return close_files(world, [record for record, _ in files_of(world, agent_id)])
