"""The waits of faults. They end when the server stops."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Sleep = Callable[[float], Coroutine[Any, Any, None]]


class Stalls:
    """The requests of a world that wait because of a fault."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    async def wait(self, seconds: float | None, sleep: Sleep = asyncio.sleep) -> bool:
        """Wait some seconds, for ever if None. Return True if the wait was ended early."""
        ended = asyncio.get_running_loop().create_future()
        awaited: set[asyncio.Future[None]] = {ended}
        if seconds is not None:
            awaited.add(asyncio.ensure_future(sleep(seconds)))
        self._waiting.add(ended)
        try:
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            return ended.done()
        finally:
            self._waiting.discard(ended)
            for future in awaited:
                future.cancel()

    @property
    def count(self) -> int:
        """The number of waiting requests."""
        return len(self._waiting)

    def end(self) -> None:
        """End all waits. Call this on the event loop."""
        for ended in self._waiting:
            if not ended.done():
                ended.set_result(None)
