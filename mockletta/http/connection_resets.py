"""Cutting a connection off, so that the client sees it reset."""

import inspect
from collections.abc import Awaitable, Callable
from typing import NoReturn

from starlette.types import Receive, Scope

RESET = "mockletta.reset"
"""The extension of a scope that resets its connection: a function without arguments, asynchronous
or not. Once it is called, `receive` answers that the client has left."""

Reset = Callable[[], Awaitable[None] | None]


async def reset(scope: Scope, receive: Receive) -> NoReturn:
    """Reset the connection of a request, and wait until that is known.

    Raises ConnectionResetError always: there is nobody left to send anything to.
    """
    cut: Reset | None = scope.get("extensions", {}).get(RESET)
    if cut is not None:
        cutting = cut()
        if inspect.isawaitable(cutting):
            await cutting
        while (await receive())["type"] != "http.disconnect":
            pass
    raise ConnectionResetError("a fault reset the connection")
