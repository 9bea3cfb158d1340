"""Keeping what a world is and going back to it; nothing is written to the server's disk."""

from typing import Annotated

from pydantic import Field

from mockletta.control.summaries import WorldSummary, summary_of
from mockletta.errors import Conflict, NotFound
from mockletta.http.control import PREFIX
from mockletta.http.routing import Routes
from mockletta.snapshots import fork, reset, restore, snapshot
from mockletta.wire.base import Wire
from mockletta.world import World
from mockletta.worlds import Worlds

MOST_SNAPSHOTS = 100
routes = Routes(PREFIX)
Name = Annotated[str, Field(min_length=1, max_length=200)]


class SnapshotName(Wire):
    """What a snapshot is to be called, or which one is meant."""

    name: Name


class SnapshotList(Wire):
    """The names of the snapshots the server keeps, oldest first, and how many it keeps at most."""

    snapshots: list[str]
    limit: int


class ForkKey(Wire):
    """The API key that is to have the new world."""

    key: Name


@routes.post("/reset", "control.reset")
def reset_world(world: World) -> WorldSummary:
    """Put the world back to how it started, seed included."""
    if world.origin is None:
        raise Conflict("This world has no origin to be reset to")
    reset(world)
    return summary_of(world)


@routes.get("/snapshots", "control.snapshots.list")
def list_snapshots(world: World) -> SnapshotList:
    """List the names of the snapshots of this world that the server keeps."""
    return SnapshotList(snapshots=list(world.kept), limit=MOST_SNAPSHOTS)


@routes.post("/snapshots", "control.snapshots.create")
def keep_snapshot(world: World, body: SnapshotName) -> SnapshotName:
    """Keep how the world is now under a name; one of the same name is replaced."""
    if body.name not in world.kept and len(world.kept) >= MOST_SNAPSHOTS:
        raise Conflict(f"There are {MOST_SNAPSHOTS} snapshots already. Delete some first.")
    world.kept[body.name] = snapshot(world)
    return body


@routes.delete("/snapshots", "control.snapshots.delete")
def forget_snapshots(world: World) -> SnapshotList:
    """Forget all snapshots of this world that the server keeps."""
    world.kept.clear()
    return list_snapshots(world)


@routes.post("/restore", "control.restore")
def restore_world(world: World, body: SnapshotName) -> WorldSummary:
    """Put the world back to how it was in a snapshot that the server keeps."""
    taken = world.kept.get(body.name)
    if taken is None:
        raise NotFound(f"There is no snapshot named {body.name!r}")
    restore(world, taken)
    return summary_of(world)


@routes.post("/fork", "control.fork")
def fork_world(world: World, worlds: Worlds, body: ForkKey) -> WorldSummary:
    """Give a key a new world that starts as a copy of this one."""
    if body.key in worlds.by_key:
        raise Conflict("This key has a world already. Delete that first: DELETE /_mockletta/worlds")
    return summary_of(worlds.add(body.key, fork(world)), body.key)
