"""Jobs. Nothing creates any; the recorded server has none after an upload either [64]."""

from typing import Annotated, Never

from pydantic import Field

from mockletta.api.lists import Limit, ListQuery
from mockletta.api.path_ids import JobId
from mockletta.errors import NotFound, RowNotFound
from mockletta.http.response_declarations import Says
from mockletta.http.routing import Routes
from mockletta.world.world import World

routes = Routes("/v1/jobs")
Nothing = Annotated[list[Never], Says(Annotated[list[object], Field(max_length=0)])]


class JobsQuery(ListQuery):
    limit: Limit | None = 100
    active: bool = False


@routes.get("/", "jobs.list")
def list_jobs(world: World, query: JobsQuery) -> Nothing:  # noqa: ARG001
    return []


@routes.get("/active", "jobs.active.list")
def list_active(world: World, query: JobsQuery) -> Nothing:  # noqa: ARG001
    return []


@routes.get("/{job_id}", "jobs.retrieve")
def retrieve(world: World, job_id: JobId) -> Never:  # noqa: ARG001
    raise RowNotFound("Job", job_id)


@routes.patch("/{job_id}/cancel", "jobs.cancel")
def cancel(world: World, job_id: JobId) -> Never:  # noqa: ARG001
    raise RowNotFound("Job", job_id)


@routes.delete("/{job_id}", "jobs.delete")
def delete(world: World, job_id: JobId) -> Never:  # noqa: ARG001
    raise NotFound(f"Job with id {job_id} does not exist or user does not have access")
