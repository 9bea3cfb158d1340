"""A server of one's own, in Python."""

import asyncio
import signal
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from letta_client._constants import DEFAULT_CONNECTION_LIMITS
from sse_starlette.sse import AppStatus
from starlette.types import Receive, Scope, Send

from mockletta.errors import BadSettings
from mockletta.hosting.listening import listen, url_of
from mockletta.hosting.runtime import Runtime
from mockletta.hosting.uvicorn_server import server_of
from mockletta.settings.settings import Settings
from mockletta.testing.mock_letta import MockLetta, make_server, make_world
from mockletta.world.pace import Pace
from mockletta.world.quirks import ALL
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

SEED = """
version: 1
agents:
  - id: agent-11111111-1111-4111-8111-111111111111
    name: Seeded
    model: openai/gpt-4o-mini
"""


def test_a_server_is_started_and_stopped_in_a_block() -> None:
    with MockLetta() as mock:
        url = mock.base_url
        assert httpx.get(f"{url}/v1/health/").status_code == 200

    with pytest.raises(RuntimeError, match="MockLetta is not started: use it in a `with` block"):
        _ = mock.base_url
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/v1/health/")


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    mock = MockLetta()

    mock.stop()

    with pytest.raises(RuntimeError):
        _ = mock.base_url


def test_a_server_can_be_started_again_with_what_it_knows() -> None:
    mock = MockLetta()
    with mock:
        httpx.post(f"{mock.base_url}/v1/blocks/", json={"label": "x", "value": "v"})

    with mock:
        assert len(httpx.get(f"{mock.base_url}/v1/blocks/").json()) == 1


def test_two_servers_share_nothing() -> None:
    with MockLetta() as first, MockLetta() as second:
        httpx.post(f"{first.base_url}/v1/blocks/", json={"label": "x", "value": "v"})

        assert httpx.get(f"{second.base_url}/v1/blocks/").json() == []


def test_a_server_takes_what_it_is_told(tmp_path: Path) -> None:
    seed = tmp_path / "world.yaml"
    seed.write_text(SEED)

    mock = MockLetta(seed=str(seed), quirks=["recorded"], keepalive=1.5)

    assert [agent.name for agent in mock.world.store.agents] == ["Seeded"]
    assert (mock.world.quirks.on, mock.world.keepalive) == (frozenset(ALL), 1.5)


def test_a_server_is_told_what_time_it_is_and_which_ids_to_make() -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    chosen, again = (MockLetta(freeze=moment, ids_seed=7).world for _ in range(2))

    assert (chosen.clock.now(), chosen.clock.now()) == (moment, moment)
    assert chosen.ids.uuid() == again.ids.uuid()
    assert not MockLetta().world.clock.frozen


def test_a_deterministic_server_keeps_the_time_and_the_seed_it_is_given() -> None:
    usual = MockLetta(deterministic=True).world
    chosen = MockLetta(deterministic=True, freeze="2030-01-01", ids_seed=7).world

    assert (usual.clock.now().year, usual.clock.tick, usual.ids.seed) == (2026, 0.001, 0)
    assert (chosen.clock.now().year, chosen.clock.tick, chosen.ids.seed) == (2030, 0.001, 7)


def test_a_time_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(BadSettings, match="received 'tomorrow'"):
        MockLetta(freeze="tomorrow")


def test_responses_have_a_date_only_while_time_goes_by() -> None:
    with MockLetta() as real, MockLetta(freeze="now") as frozen:
        dated = [httpx.get(f"{mock.base_url}/v1/health/").headers for mock in (real, frozen)]

    assert ["date" in headers for headers in dated] == [True, False]


def test_a_stopped_server_says_nothing_of_connections_left_open(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with httpx.Client() as http, MockLetta() as mock:
        http.get(f"{mock.base_url}/v1/health/")

    assert [record.getMessage() for record in caplog.records] == []


def test_an_address_of_version_six_is_shown_in_brackets() -> None:
    listener = listen("::1", 0)
    with listener:
        assert url_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_settings_make_a_world() -> None:
    world = make_world(Settings())

    assert isinstance(world, World)
    assert make_server(Worlds(world)).config.lifespan == "off"


def test_an_idle_connection_is_the_clients_to_close() -> None:
    """Else its next request may meet a connection that the server is closing."""
    kept_by_client = DEFAULT_CONNECTION_LIMITS.keepalive_expiry
    assert kept_by_client is not None
    assert make_server(Worlds(World())).config.timeout_keep_alive > 2 * kept_by_client


def test_a_stopped_server_does_not_wait_for_a_request_that_has_not_come_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MockLetta() as mock:
        url = httpx.URL(mock.base_url)
        sender = socket.create_connection((url.host, url.port or 0))
        sender.sendall(
            b"POST /v1/blocks/ HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            b"content-length: 100\r\n\r\n{"
        )
        assert httpx.get(f"{url}/v1/blocks/").json() == []

    with sender:
        assert sender.recv(1) == b""
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_port_that_is_taken_is_told_and_leaves_nothing_behind() -> None:
    with MockLetta() as first:
        port = httpx.URL(first.base_url).port
        second = MockLetta(port=port)
        with pytest.raises(OSError, match="Address already in use"):
            second.start()
        with pytest.raises(RuntimeError, match="MockLetta is not started"):
            _ = second.base_url


def test_what_prevents_a_start_is_raised_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def startup(server: object, sockets: object) -> None:
        raise OSError("no descriptors left")

    monkeypatch.setattr("uvicorn.Server.startup", startup)
    before = set(threading.enumerate())
    mock = MockLetta()

    with pytest.raises(OSError, match="no descriptors left"):
        mock.start()

    assert set(threading.enumerate()) <= before
    with pytest.raises(RuntimeError, match="MockLetta is not started"):
        _ = mock.base_url


def test_a_server_is_not_started_twice() -> None:
    with MockLetta() as mock:
        with pytest.raises(RuntimeError, match=f"already started, at {mock.base_url}"):
            mock.start()
        assert httpx.get(f"{mock.base_url}/v1/health/").status_code == 200


def test_a_server_that_is_not_open_can_be_closed() -> None:
    asyncio.run(make_server(Worlds(World())).close())


def test_a_server_starts_and_stops_within_a_running_loop() -> None:
    async def block() -> int:
        with MockLetta() as mock:
            async with httpx.AsyncClient() as http:
                return (await http.get(f"{mock.base_url}/v1/health/")).status_code

    assert asyncio.run(block()) == 200


def test_many_servers_leave_no_threads_and_no_descriptors() -> None:
    _come_and_go()
    threads, descriptors = set(threading.enumerate()), _descriptors()

    for _ in range(200):
        _come_and_go()

    assert set(threading.enumerate()) <= threads
    assert _descriptors() <= descriptors


def _come_and_go() -> None:
    with MockLetta() as mock:
        url = httpx.URL(mock.base_url)
        with socket.create_connection((url.host, url.port or 0)) as client:
            client.sendall(b"GET /v1/health/ HTTP/1.1\r\nhost: x\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 200"


def _descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_streams_under_way_are_cancelled_when_the_server_stops(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MockLetta(pace=Pace(ttft=600)) as mock:
        http = httpx.Client(base_url=mock.base_url)
        agent = http.post("/v1/agents/", json={"model": "openai/gpt-4o-mini"}).json()
        body = {"messages": [{"role": "user", "content": "Hi"}]}
        path = f"/v1/agents/{agent['id']}/messages/stream"
        request = http.build_request("POST", path, json=body)
        response = http.send(request, stream=True)

    assert b'"stop_reason":"cancelled"' in response.read()
    http.close()
    assert [run.status for run in mock.world.store.runs] == ["cancelled"]
    assert caplog.records == []


def test_a_server_does_not_wait_for_a_client_that_does_not_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MockLetta() as mock:
        text = "x" * 16_000_000
        httpx.post(f"{mock.base_url}/v1/blocks/", json={"label": "x", "value": text})
        url = httpx.URL(mock.base_url)
        reader = socket.create_connection((url.host, url.port or 0))
        reader.sendall(b"GET /v1/blocks/ HTTP/1.1\r\nhost: x\r\n\r\n")
        assert reader.recv(12) == b"HTTP/1.1 200"

    reader.close()
    assert caplog.records == []


def test_a_request_that_waits_for_something_else_is_cancelled_when_the_server_stops(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = threading.Event()

    async def stall(scope: Scope, receive: Receive, send: Send) -> None:
        asked.set()
        await asyncio.Event().wait()

    runtime = Runtime(stall, Worlds(World()))
    listener = listen("127.0.0.1", 0)
    server = server_of(runtime.app, runtime.worlds)
    runtime.run(server.open(listener))
    with socket.create_connection(listener.getsockname()) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        asked.wait()
        runtime.run(server.close())

    runtime.stop()
    assert caplog.records == []


def test_a_signal_ends_a_server_in_the_main_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppStatus, "should_exit", False)  # it would end all streams from now on
    server = make_server(Worlds(World()))
    server.handle_exit(signal.SIGTERM, None)
    assert server.should_exit
    server.should_exit = False

    async def end_it_once_it_serves() -> None:
        serving = asyncio.create_task(server.main_loop())
        await asyncio.sleep(0)
        server.handle_exit(signal.SIGTERM, None)
        await serving

    asyncio.run(end_it_once_it_serves())
