"""Batches of messages. Nothing creates any: the recorded server had no provider [80 batches]."""

from typing import Never

from mockletta.api.jobs import Nothing
from mockletta.api.lists import Limit, ListQuery
from mockletta.errors import InvalidId, RowNotFound
from mockletta.http.routing import Routes
from mockletta.wire.fields import is_job_id
from mockletta.world.world import World

routes = Routes("/v1/messages/batches")


class BatchesQuery(ListQuery):
    limit: Limit | None = 100


@routes.get("", "messages.batches.list")
def list_batches(world: World, query: BatchesQuery) -> Nothing:  # noqa: ARG001
    return []


@routes.get("/{batch_id}", "messages.batches.retrieve")
def retrieve_batch(world: World, batch_id: str) -> Never:  # noqa: ARG001
    raise _unknown(batch_id)


@routes.get("/{batch_id}/messages", "messages.batches.messages.list")
def list_batch_messages(world: World, batch_id: str, query: BatchesQuery) -> Never:  # noqa: ARG001
    raise _unknown(batch_id)


@routes.patch("/{batch_id}/cancel", "messages.batches.cancel")
def cancel_batch(world: World, batch_id: str) -> Never:  # noqa: ARG001
    raise _unknown(batch_id)


def _unknown(batch_id: str) -> InvalidId | RowNotFound:
    """Return a 400 for a malformed id, and a 404 for any other."""
    if not is_job_id(batch_id):
        return InvalidId("job", "job", batch_id)
    return RowNotFound("Job", batch_id)
