"""Ends a connection in the middle of an answer, with or without a reset."""

import inspect
from collections.abc import Awaitable, Callable
from typing import NoReturn

from starlette.types import Receive, Scope

RESET = "mockletta.reset"
"""The extension of an ASGI scope that resets its connection: a function without arguments, which
may be asynchronous. After the call, `receive` returns `http.disconnect`."""

CLOSE = "mockletta.close"
"""The extension of an ASGI scope that closes its connection: a function without arguments."""

Reset = Callable[[], Awaitable[None] | None]


async def reset(scope: Scope, receive: Receive) -> NoReturn:
    """Reset the connection of a request and wait until it is closed.

    Always raises ConnectionResetError, since nothing more can be sent.
    """
    cut: Reset | None = scope.get("extensions", {}).get(RESET)
    if cut is not None:
        cutting = cut()
        if inspect.isawaitable(cutting):
            await cutting
        while (await receive())["type"] != "http.disconnect":
            pass
    raise ConnectionResetError("a fault reset the connection")


async def close(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request, so that its answer breaks off for the client."""
    closing: Callable[[], None] | None = scope.get("extensions", {}).get(CLOSE)
    if closing is not None:
        closing()
        while (await receive())["type"] != "http.disconnect":
            pass
