"""`callback_url`: an async run that is over is POSTed to an address of this machine [76]."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from letta_client import Letta
from letta_client.types.agents import Run

from mockletta.http.host_names import names_loopback
from mockletta.state.clock import moment_of
from mockletta.testing.mock_letta import MockLetta
from tests.contract.agent_talk import make_agent
from tests.contract.conftest import Connect, Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.undeclared import checked

Received = list[dict[str, Any]]
NOON = "2026-01-01T12:00:00Z"


@pytest.fixture
def hook() -> Iterator[tuple[str, Received]]:
    """A URL, and the bodies that were POSTed to it."""
    received: Received = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response_only(202)
            self.end_headers()

    with serving(HTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://localhost:{server.server_port}/hook", received


@contextmanager
def serving(server: HTTPServer) -> Iterator[HTTPServer]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with server:
        yield server
        server.shutdown()
        thread.join()


def called_back(client: Letta, agent_id: str, url: str, **how: Any) -> Run:  # noqa: ANN401
    """The run of an async request, once the outcome of its callback is known."""
    run = client.agents.messages.create_async(agent_id, input="Hello!", callback_url=url, **how)
    return outcome(client, run.id)


def outcome(client: Letta, run_id: str) -> Run:
    while True:
        run = checked(client.runs.retrieve(run_id))
        if run.callback_status_code or run.callback_error:
            return run


def test_the_outcome_of_a_run_is_posted(client: Letta, hook: tuple[str, Received]) -> None:
    run = called_back(client, make_agent(client), hook[0])

    [sent] = hook[1]
    result = sent["metadata"]["result"]
    assert (sent["run_id"], sent["status"]) == (run.id, "completed")
    assert [one["message_type"] for one in result["messages"]] == [
        "user_message",
        "assistant_message",
    ]
    assert result["stop_reason"]["stop_reason"] == "end_turn"
    assert (run.callback_status_code, run.callback_error) == (202, None)
    assert run.callback_sent_at is not None


def test_only_the_wanted_types_of_messages_are_posted_and_listed(
    client: Letta, hook: tuple[str, Received]
) -> None:
    wanted = ["assistant_message"]

    run = called_back(client, make_agent(client), hook[0], include_return_message_types=wanted)

    [sent] = hook[1]
    posted = [one["message_type"] for one in sent["metadata"]["result"]["messages"]]
    listed = [one.message_type for one in client.runs.messages.list(run.id)]
    assert posted == listed == wanted


@needs("agents.schedule.create")
def test_the_runs_of_a_schedule_call_back(serve: Serve, hook: tuple[str, Received]) -> None:
    mock = serve(freeze=NOON)
    with sync_client(mock) as client:
        agent_id = make_agent(client)
        client.agents.schedule.create(
            agent_id,
            messages=[{"role": "user", "content": "Wake up!"}],
            schedule={"type": "one-time", "scheduled_at": moment_of(NOON).timestamp() + 60},
            callback_url=hook[0],
        )
        mock.clock.advance(60)
        [run] = client.runs.list(agent_id=agent_id)
        assert outcome(client, run.id).callback_status_code == 202
    assert hook[1][0]["run_id"] == run.id


def test_another_host_is_not_called_unless_it_is_named(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect()

    run = called_back(client, make_agent(client), "https://example.org/done")

    assert "not made, since example.org is not this machine" in str(run.callback_error)
    assert "--webhooks example.org" in caplog.text
    assert (run.callback_sent_at, run.status) == (None, "completed")


def test_a_named_host_is_called(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(host: str, port: int, **how: object) -> None:
        raise ConnectionRefusedError(host, port)

    monkeypatch.setattr(asyncio, "open_connection", refuse)
    client = connect(webhooks=["Nowhere.invalid"])

    run = called_back(client, make_agent(client), "http://nowhere.invalid/done")

    assert "ConnectError('All connection attempts failed')" in str(run.callback_error)
    assert run.callback_sent_at is not None


def test_a_run_that_a_reset_took_away_is_not_called_back(
    mock: MockLetta, client: Letta, hook: tuple[str, Received]
) -> None:
    mock.when("wait").say("Hello!", ttft=60)
    agent_id = make_agent(client)
    run = client.agents.messages.create_async(agent_id, input="wait", callback_url=hook[0])

    mock.reset()

    assert called_back(client, make_agent(client), hook[0]).id != run.id
    assert len(hook[1]) == 1


def test_addresses_of_this_machine_are_known() -> None:
    ours = ["127.0.0.1", "127.8.8.8", "::1", "localhost", "hook.localhost"]
    others = ["10.0.0.1", "::2", "localhost.org", "127.0.0.1.example.org", "0.0.0.0"]

    assert [names_loopback(host) for host in [*ours, *others]] == [True] * 5 + [False] * 5
