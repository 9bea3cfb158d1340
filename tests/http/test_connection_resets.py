"""Resets: over whatever carries a request."""

import asyncio
from collections.abc import Awaitable

import pytest
from starlette.types import Message, Scope

from mockletta.http.connection_resets import CLOSE, RESET, close, reset
from tests.http.exchanges import chunks, scope_of


@pytest.mark.parametrize("is_asynchronous", [True, False])
def test_a_reset_is_over_when_the_client_is_gone(is_asynchronous: bool) -> None:
    cuts: list[str] = []
    messages = iter([*chunks(b"unread"), {"type": "http.disconnect"}])

    def cut() -> Awaitable[None] | None:
        cuts.append("cut")
        return asyncio.sleep(0) if is_asynchronous else None

    async def receive() -> Message:
        return next(messages)

    scope: Scope = {**scope_of("GET", "/"), "extensions": {RESET: cut}}
    with pytest.raises(ConnectionResetError):
        asyncio.run(reset(scope, receive))
    assert (cuts, list(messages)) == (["cut"], [])


def test_where_nothing_can_be_reset_it_is_an_error_to_whoever_asks() -> None:
    async def receive() -> Message:
        raise AssertionError

    with pytest.raises(ConnectionResetError, match="a fault reset the connection"):
        asyncio.run(reset(scope_of("GET", "/"), receive))


def test_a_connection_is_closed_when_the_client_is_gone() -> None:
    closed: list[str] = []
    messages = iter([*chunks(b"unread"), {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(messages)

    extensions = {CLOSE: lambda: closed.append("closed")}
    asyncio.run(close({**scope_of("GET", "/"), "extensions": extensions}, receive))

    assert (closed, list(messages)) == (["closed"], [])
