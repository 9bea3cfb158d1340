"""Connections whose clients have left leave nothing for the collection of garbage."""

import asyncio
import gc

import pytest

from mockletta.hosting.connections import Connection
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.request_context import RequestContext
from tests.hosting.connected import connected

BODY = b'{"label":"b","value":""}'


async def story(header: bytes) -> None:
    """A client sends two requests, the second one with a known head, and leaves."""
    head = b"POST /v1/blocks/ HTTP/1.1\r\nhost: a\r\n" + header
    connection, _ = connected(MockLetta())
    for _ in range(2):
        connection.data_received(b"%bcontent-length: %d\r\n\r\n" % (head, len(BODY)))
        connection.data_received(BODY)
        await asyncio.gather(*connection.tasks)
    connection.connection_lost(None)


@pytest.mark.parametrize("header", [b"", b"x-mockletta-fault: status=503\r\n"])
def test_a_connection_and_its_requests_are_freed_when_the_client_leaves(header: bytes) -> None:
    gc.collect()
    gc.disable()
    asyncio.run(story(header))
    left = [one for one in gc.get_objects() if isinstance(one, Connection | RequestContext)]
    gc.enable()

    assert left == []
