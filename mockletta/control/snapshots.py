"""Snapshots of a world, kept in memory or sent as a file. Nothing is written to the server's
disk."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from itertools import islice
from typing import Annotated

from pydantic import Field, RootModel

from mockletta.control.control_dispatch import PREFIX
from mockletta.control.worlds import WorldSummary, summary_of
from mockletta.errors import Conflict, NotFound, Unprocessable
from mockletta.files.snapshot_file_entries import BadSnapshot
from mockletta.files.snapshot_file_reading import read_sent
from mockletta.files.snapshot_file_writing import lines_of
from mockletta.files.snapshots import fork, restore, snapshot
from mockletta.files.state_rewriting import frozen
from mockletta.http.rendering import Response
from mockletta.http.routing import Routes
from mockletta.http.sse import Chunk
from mockletta.http.streaming import ChunkedResponse
from mockletta.wire.base import Wire
from mockletta.world.world import Snapshot, World
from mockletta.world.worlds import Worlds

MOST_SNAPSHOTS = 100
LINES_AT_ONCE = 200
LINES = (b"content-type", b"application/x-ndjson")
YAML = (b"content-type", b"application/yaml")
routes = Routes(PREFIX)
Name = Annotated[str, Field(min_length=1, max_length=200)]


class SnapshotName(Wire):
    """The name of a snapshot."""

    name: Name


class SnapshotList(Wire):
    """The names of the kept snapshots, oldest first, and how many can be kept."""

    snapshots: list[str]
    limit: int


class ForkKey(Wire):
    """The API key of the new world."""

    key: Name


class SnapshotContent(RootModel[bytes]):
    """The lines of a snapshot file."""


@routes.post("/reset", "control.reset")
async def reset_world(world: World) -> WorldSummary:
    """Reset the world to its start, with its seed."""
    if world.origin is None:
        raise Conflict("This world has no origin to be reset to")
    summary = await _restored(world, world.origin)
    world.journal.clear()
    return summary


@routes.get("/snapshots", "control.snapshots.list")
def list_snapshots(world: World) -> SnapshotList:
    """List the names of the kept snapshots of this world."""
    return SnapshotList(snapshots=list(world.kept), limit=MOST_SNAPSHOTS)


@routes.post("/snapshots", "control.snapshots.create")
def keep_snapshot(world: World, body: SnapshotName) -> SnapshotName:
    """Keep a snapshot of the world under a name. It replaces one with the same name."""
    if body.name not in world.kept and len(world.kept) >= MOST_SNAPSHOTS:
        raise Conflict(f"There are {MOST_SNAPSHOTS} snapshots already. Delete some first.")
    world.kept[body.name] = snapshot(world)
    return body


@routes.delete("/snapshots", "control.snapshots.delete")
def forget_snapshots(world: World) -> SnapshotList:
    """Remove all kept snapshots of this world."""
    world.kept.clear()
    return list_snapshots(world)


@routes.post("/restore", "control.restore")
async def restore_world(world: World, body: SnapshotName) -> WorldSummary:
    """Restore a kept snapshot of the world."""
    taken = world.kept.get(body.name)
    if taken is None:
        raise NotFound(f"There is no snapshot named {body.name!r}")
    return await _restored(world, taken)


@routes.get("/snapshot", "control.snapshot.retrieve")
def send_snapshot(world: World) -> ChunkedResponse:
    """Return the world as a snapshot file."""
    return ChunkedResponse(Response(200, [LINES], b""), _pieces(snapshot(world)))


async def _pieces(taken: Snapshot) -> AsyncIterator[Chunk]:
    """Return the lines of a snapshot file in pieces. Other requests are served between them."""
    lines = lines_of(taken.parked)
    while piece := b"".join(islice(lines, LINES_AT_ONCE)):
        yield Chunk(piece)
        await asyncio.sleep(0)


@routes.get("/seed", "control.seed.retrieve")
async def send_seed(world: World) -> Response:
    """Return the world as a seed file, which people can read and edit."""
    from mockletta.files.seed_writing import seed_text  # noqa: PLC0415 - few servers need YAML

    text = await asyncio.to_thread(seed_text, world.run(partial(frozen, world)))
    return Response(200, [YAML], text.encode())


@routes.put("/snapshot", "control.snapshot.restore")
async def restore_sent(world: World, body: SnapshotContent) -> WorldSummary:
    """Replace the world by a snapshot file, sent as application/x-ndjson."""
    try:
        taken = await asyncio.to_thread(read_sent, world, body.root)
    except BadSnapshot as error:
        raise Unprocessable(str(error)) from error
    return await _restored(world, taken)


async def _restored(world: World, taken: Snapshot) -> WorldSummary:
    """Restore a world. Long work is done in a thread, so that other requests are served."""
    if world.before_restore is not None:
        await asyncio.to_thread(world.before_restore, taken)
    world.run(partial(restore, world, taken))
    return summary_of(world)


@routes.post("/fork", "control.fork")
def fork_world(world: World, worlds: Worlds, body: ForkKey) -> WorldSummary:
    """Give a key a new world that starts as a copy of this one."""
    if worlds.has(body.key):
        raise Conflict("This key already has a world. Delete it first: DELETE /_mockletta/worlds")
    return summary_of(worlds.add(body.key, fork(world)), body.key)
