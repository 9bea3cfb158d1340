"""Lists and deletes worlds. None of these operations creates a world."""

from functools import partial
from typing import Literal

from pydantic import Field

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import NotFound
from mockletta.http.redaction import hidden
from mockletta.http.routing import Routes
from mockletta.turns.cancelling import abort_all
from mockletta.wire.base import Wire
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

routes = Routes(f"{PREFIX}/worlds")


class WorldSummary(Wire):
    """A world: its name, the first characters of its key (null for the main one) and its sizes."""

    id: str
    key: str | None
    agents: int
    conversations: int
    entries: int


def summary_of(world: World, key: str | None = None) -> WorldSummary:
    """Summarize a world. Its key is never shown in full."""
    return WorldSummary(
        id=world.name,
        key=None if key is None else hidden(key),
        agents=len(world.store.agents),
        conversations=len(world.store.conversations),
        entries=len(world.journal),
    )


class WorldList(Wire):
    """All worlds, how many keys can have their own, and whether a new `key` gets one."""

    worlds: list[WorldSummary]
    limit: int
    tenancy: Literal["none", "key"]


class RemovedWorlds(Wire):
    """The number of removed worlds."""

    removed: int


class WorldQuery(Wire):
    key: str | None = Field(None, min_length=1)


@routes.get("", "control.worlds.list")
def list_worlds(worlds: Worlds) -> WorldList:
    """List the worlds: the main one first, then those of keys."""
    keyed = list(worlds.by_key.items())
    return WorldList(
        worlds=[summary_of(worlds.main), *(summary_of(one, key) for key, one in keyed)],
        limit=worlds.limit,
        tenancy="key" if worlds.has_one_for_each_key else "none",
    )


@routes.delete("", "control.worlds.delete")
def delete_worlds(worlds: Worlds, query: WorldQuery) -> RemovedWorlds:
    """Delete the world of one `key`, or those of all keys. The main world remains."""
    if query.key is None:
        keys = list(worlds.by_key)
    elif query.key in worlds.by_key:
        keys = [query.key]
    else:
        raise NotFound("This key has no world of its own")
    for key in keys:
        world = worlds.by_key[key]
        world.run(partial(_end_turns, world))
        worlds.remove(key)
    return RemovedWorlds(removed=len(keys))


def _end_turns(world: World) -> None:
    abort_all(world)
    world.faults.stalls.end()
