"""The time that a connection may be idle."""

import asyncio

from mockletta.testing.mock_letta import MockLetta
from tests.hosting.connected import connected

BEGINNING = b"GET /v1/health/ HTTP/1.1\r\nhost: a\r\n"
HEALTH = BEGINNING + b"\r\n"


async def idle(seconds: int, *requests: bytes) -> tuple[bool, bool]:
    """Whether a connection is closed, or looked at again, when the timer for idle ones ends."""
    connection, transport = connected(MockLetta(port=None))
    connection.timeout_keep_alive = seconds
    for request in requests:
        connection.data_received(request)
    connection.timeout_keep_alive_handler()
    closed, timer = transport.has_been_closed, connection.timeout_keep_alive_task
    connection.connection_lost(None)
    return closed, timer is not None and timer.cancelled()


def test_a_connection_is_closed_once_it_was_idle_for_some_seconds() -> None:
    assert asyncio.run(idle(0, HEALTH)) == (True, False)


def test_a_connection_is_looked_at_again_if_it_was_used_meanwhile() -> None:
    assert asyncio.run(idle(60, HEALTH)) == (False, True)


def test_a_connection_in_use_has_no_timer() -> None:
    assert asyncio.run(idle(0, HEALTH, BEGINNING)) == (False, False)
