"""The worlds of a server: the main one, and those of API keys."""

from collections.abc import Callable, Collection, Iterator
from itertools import count
from typing import Protocol

from mockletta.errors import ApiError, NotFound
from mockletta.journal.feed import Feed
from mockletta.journal.traffic import Traffic
from mockletta.world.world import MAIN, World

DEFAULT_MAX_WORLDS = 1_000


class TooManyWorlds(ApiError):
    """The limit of worlds is reached, so a new key cannot get one."""

    status = 429

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This API key is new here and would need a world of its own, but there are {limit} "
            "already. Make room (DELETE /_mockletta/worlds, in Python close forks: fork.close()) "
            f"or raise the limit (--max-worlds, in Python max_worlds={limit + 1})."
        )


class WorldStorage(Protocol):
    """Stores the worlds of API keys, so that they survive a restart."""

    def has(self, key: str) -> bool: ...
    def keep(self, key: str, world: World) -> None: ...
    def remove(self, key: str) -> None: ...


class Worlds:
    """The main world, and the worlds that belong to an API key.

    With tenancy, `make` creates a world for each new key except `own_key`, which has the main
    world. Without it, keys without a world of their own share the main one. If `require_key` is not
    None, clients need one of its keys; any key if it is empty. `storage` keeps the worlds of keys
    over restarts, if there is one.
    """

    def __init__(
        self,
        main: World,
        *,
        make: Callable[[], World] | None = None,
        limit: int = DEFAULT_MAX_WORLDS,
        own_key: str | None = None,
        require_key: Collection[str] | None = None,
    ) -> None:
        self.main = main
        self.require_key = require_key
        self.own_key = own_key
        self.by_key: dict[str, World] = {}
        self._make = make
        self.limit = limit
        self.feed = Feed()
        self.traffic = Traffic()
        self.storage: WorldStorage | None = None
        self._numbers = count(1)
        self._introduce(main, MAIN)

    def named(self, name: str) -> World:
        """Return the world with a name. Raises NotFound if there is none."""
        for world in self:
            if world.name == name:
                return world
        raise NotFound(f"There is no world named {name!r}")

    def of(self, key: str | None) -> World:
        """Return the world of an API key. Raises TooManyWorlds if it needs a new one beyond the
        limit."""
        if not self.by_key and self._make is None:
            return self.main
        world = self.by_key.get(key or "")
        if world is not None:
            return world
        if self._make is None or (key or "") == self.own_key:
            return self.main
        return self.add(key or "", self._make())

    def look(self, key: str | None) -> World:
        """Return the world of an API key, without creating one: for a new key, return a world like
        the one that it would get."""
        is_kept = self.storage is not None and self.storage.has(key or "")
        is_new = (key or "") not in {*self.by_key, self.own_key} and not is_kept
        return self._make() if self._make is not None and is_new else self.of(key)

    def has(self, key: str) -> bool:
        """Return whether a key has a world of its own, in memory or in a file."""
        is_known = key in self.by_key or (self._make is not None and key == self.own_key)
        return is_known or (self.storage is not None and self.storage.has(key))

    @property
    def has_one_for_each_key(self) -> bool:
        """Whether each new key gets a world of its own."""
        return self._make is not None

    def holder(self, token: str) -> World | None:
        """Return the world that a client-side access token was created in, or None."""
        return next((world for world in self if token in world.store.access_tokens), None)

    def __iter__(self) -> Iterator[World]:
        return iter([self.main, *self.by_key.values()])

    def add(self, key: str, world: World) -> World:
        """Give a key a world of its own. Raises TooManyWorlds."""
        if key not in self.by_key and len(self.by_key) >= self.limit:
            raise TooManyWorlds(self.limit)
        if self.storage is not None:
            self.storage.keep(key, world)
        self.by_key[key] = world
        self._introduce(world, f"world-{next(self._numbers)}")
        world.wake()
        return world

    def remove(self, key: str) -> None:
        """Remove the world of a key. Raises KeyError if it has none."""
        del self.by_key[key]
        if self.storage is not None:
            self.storage.remove(key)

    def take_over(self, other: "Worlds") -> None:
        """Replace all worlds by another's."""
        self.main, self.by_key = other.main, other.by_key
        self._make, self.limit, self.own_key = other._make, other.limit, other.own_key
        self.require_key = other.require_key
        for world in self:
            self._attach(world)

    def _introduce(self, world: World, name: str) -> None:
        world.name = world.journal.world_name = name
        self._attach(world)
        world.publish("world")

    def _attach(self, world: World) -> None:
        world.journal.feed = self.feed
        world.journal.traffic = self.traffic
