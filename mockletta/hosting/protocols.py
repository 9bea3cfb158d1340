"""What this room asks of a world, and of whoever knows which world a client belongs to."""

from collections.abc import Callable, Collection, Sized
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from mockletta.faults.plan import FaultPlan
from mockletta.journal.journal import Journal
from mockletta.world.exchange import Exchange


class Clock(Protocol):
    """A world's time; `peek` lets a frozen clock stand still."""

    def peek(self) -> datetime: ...
    async def sleep(self, seconds: float) -> None: ...


class Timetable(Protocol):
    """What is scheduled in a world; `look` has happen what is due."""

    def look(self) -> None: ...


class Host(Protocol):
    """A world: a lock to hold while a handler runs, and what is kept of requests.

    `exchange` is the request whose handler is running; None while none is. `changed` is called
    under the lock when one has run. `tasks` are those that go on with what requests began.
    """

    exchange: Exchange | None

    @property
    def tasks(self) -> Sized: ...
    @property
    def timetable(self) -> Timetable | None: ...

    @property
    def changed(self) -> Callable[[], None]: ...
    @property
    def lock(self) -> AbstractContextManager[Any, Any]: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def faults(self) -> FaultPlan: ...


class Hosts(Protocol):
    """All worlds; `main` is that of keys that have none of their own. Clients need one of the keys
    of `require_key`, any at all if that is empty, no key if it is None."""

    @property
    def main(self) -> Host: ...
    @property
    def require_key(self) -> Collection[str] | None: ...

    def of(self, key: str | None) -> Host:
        """The world of an API key; ApiError if it can have none."""
        ...

    def has(self, key: str) -> bool:
        """Whether a key has a world of its own."""
        ...

    def holder(self, token: str) -> Host | None:
        """The world that a client-side access token was made in."""
        ...
