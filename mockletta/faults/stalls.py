"""Waiting that a fault asks for, and that ends when the server stops."""

import asyncio


class Stalls:
    """Everything in one world that waits because of a fault."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    async def wait(self, seconds: float | None) -> bool:
        """Wait so many seconds, or for ever; True if the wait was ended before."""
        ended = asyncio.get_running_loop().create_future()
        self._waiting.add(ended)
        try:
            await asyncio.wait_for(ended, seconds)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(ended)
        return True

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def end(self) -> None:
        """End every wait that is under way; to be called where the event loop runs."""
        for ended in self._waiting:
            if not ended.done():
                ended.set_result(None)
