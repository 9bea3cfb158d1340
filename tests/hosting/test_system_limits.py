"""Limits of the system are reported once."""

import resource
import socket
import sys

import pytest

from mockletta.hosting.system_limits import SystemLimits


def test_a_full_queue_of_clients_is_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        limits = SystemLimits([listener])
        limits.check(0)
        assert caplog.messages == []
        clients = [socket.create_connection(listener.getsockname()) for _ in range(2)]
        limits.check(0)
        limits.check(0)
        for client in clients:
            client.close()
    [message] = caplog.messages
    assert message.startswith("Clients cannot connect: 2 wait to be accepted")


def test_open_files_that_are_used_up_are_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    limits = SystemLimits([])
    limits.check(soft - 100)
    assert caplog.messages == []
    limits.check(soft)
    limits.check(soft)
    assert [message[:22] for message in caplog.messages] == ["Clients cannot connect"]


@pytest.mark.parametrize("limit", [resource.RLIM_INFINITY, 10_000])
def test_few_connections_reach_no_limit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, limit: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    SystemLimits([]).check(100)
    assert caplog.messages == []


def test_other_systems_are_not_asked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        SystemLimits([listener]).check(10**9)
    assert caplog.messages == []
