"""Jobs, and batches of messages, which are jobs too.

Nothing creates any. The recorded server has no job after an upload either [64], and it had no
provider for batches [80 batches].
"""

from typing import Annotated, Never

from pydantic import Field

from mockletta.api.lists import ListQuery
from mockletta.api.path_ids import JobId
from mockletta.errors import BadRequest, InvalidId, NotFound, RowNotFound
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.wire.fields import Limit, is_job_id
from mockletta.world.world import World

routes = Routes("/v1")
Nothing = Annotated[list[Never], DeclaredResponse(Annotated[list[object], Field(max_length=0)])]


class JobsQuery(ListQuery):
    limit: Limit | None = 100
    active: bool = False
    ascending: bool = True
    source_id: str | None = None


@routes.get("/jobs/", "jobs.list")
def list_jobs(world: World, query: JobsQuery) -> Nothing:  # noqa: ARG001
    return _no_jobs(query)


@routes.get("/jobs/active", "jobs.active.list")
def list_active(world: World, query: JobsQuery) -> Nothing:  # noqa: ARG001
    return _no_jobs(query)


@routes.get("/jobs/{job_id}", "jobs.retrieve")
def retrieve(world: World, job_id: JobId) -> Never:  # noqa: ARG001
    raise RowNotFound("Job", job_id)


@routes.patch("/jobs/{job_id}/cancel", "jobs.cancel")
def cancel(world: World, job_id: JobId) -> Never:  # noqa: ARG001
    raise RowNotFound("Job", job_id)


@routes.delete("/jobs/{job_id}", "jobs.delete")
def delete(world: World, job_id: JobId) -> Never:  # noqa: ARG001
    raise NotFound(f"Job with id {job_id} does not exist or user does not have access")


class BatchesQuery(ListQuery):
    limit: Limit | None = 100


@routes.get("/messages/batches", "messages.batches.list")
def list_batches(world: World, query: BatchesQuery) -> Nothing:  # noqa: ARG001
    return _no_jobs(query)


@routes.get("/messages/batches/{batch_id}", "messages.batches.retrieve")
def retrieve_batch(world: World, batch_id: str) -> Never:  # noqa: ARG001
    raise _unknown(batch_id)


@routes.get("/messages/batches/{batch_id}/messages", "messages.batches.messages.list")
def list_batch_messages(world: World, batch_id: str, query: BatchesQuery) -> Never:  # noqa: ARG001
    raise _unknown(batch_id)


@routes.patch("/messages/batches/{batch_id}/cancel", "messages.batches.cancel")
def cancel_batch(world: World, batch_id: str) -> Never:  # noqa: ARG001
    raise _unknown(batch_id)


def _no_jobs(query: ListQuery) -> list[Never]:
    """List nothing. There is no job that a cursor could name."""
    for cursor in (query.after, query.before):
        if cursor:
            raise BadRequest(f"Job with id {cursor} not found")
    return []


def _unknown(batch_id: str) -> InvalidId | RowNotFound:
    """Return a 400 for a malformed id, and a 404 for any other."""
    if not is_job_id(batch_id):
        return InvalidId("job", "job", batch_id)
    return RowNotFound("Job", batch_id)
