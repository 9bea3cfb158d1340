"""Brains that take their time: the turn is under way meanwhile, and a brain elsewhere is asked."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from letta_client import APIStatusError, InternalServerError, RateLimitError

from mockletta.brain import remote_brain as url
from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from mockletta.brain.remote_brain import UrlBrain
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.steps import Steps
from tests.contract.talk import (
    MODEL,
    agent_with_memory,
    ask,
    conversation_of,
    history,
    kinds,
    reply,
    run_of,
    text_of,
)


class Ponders(Steps):
    """A brain that takes its time and then answers or fails; without an outcome it never does."""

    def __init__(self, outcome: Decision | Exception | None = None) -> None:
        super().__init__()
        self.outcome = outcome
        self.cancelled = Event()

    async def consult(self, call: ModelCall) -> Decision:
        self.calls.append(call)
        await asyncio.sleep(0)
        if self.outcome is None:
            await self._wait_for_ever()
        if isinstance(self.outcome, Decision):
            return self.outcome
        raise self.outcome or AssertionError

    async def _wait_for_ever(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()


@contextmanager
def answering(status: int, body: bytes) -> Iterator[tuple[str, list[Any]]]:
    """A program elsewhere: its address, and what it was sent."""
    sent: list[Any] = []

    class Program(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.send_header("location", "http://127.0.0.1:1/")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Program)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/brain?v=1", sent
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def elsewhere(address: str, timeout: float = 10.0) -> UrlBrain:
    def decode(data: Any, _: ModelCall) -> Decision:  # noqa: ANN401
        if data == []:
            raise ValueError("no object")
        return Decision(text=str(data["text"]))

    def encode(call: ModelCall) -> object:
        return {"message": call.messages[-1].text}

    return UrlBrain(address, encode, decode, summaries=Steps(), timeout=timeout)


def test_a_turn_goes_on_when_its_brain_has_decided(connect: Connect) -> None:
    brain = Ponders(Decision(text="Well."))
    client = connect(brain=brain)
    conversation = conversation_of(client, agent_with_memory(client))

    streamed = ask(client, conversation, "Hm?")
    whole = reply(client, conversation, input="Hm?")

    assert (text_of(streamed), text_of(whole.messages)) == ("Well.", "Well.")
    assert [message.text for message in brain.calls[-1].messages] == ["Hm?", "Well.", "Hm?"]


@needs("conversations.cancel")
def test_a_turn_that_waits_for_its_brain_can_be_cancelled(connect: Connect) -> None:
    brain = Ponders()
    client = connect(brain=brain, keepalive=0.01)
    conversation = conversation_of(client, agent_with_memory(client))
    stream = iter(client.conversations.messages.create(conversation, input="Hm?"))
    ping = next(stream)
    again = next(stream)

    cancelled = client.conversations.cancel(conversation)
    rest = list(stream)

    assert cancelled == {run_of([ping]): "cancelled"}
    assert brain.cancelled.wait(10)
    assert kinds([ping, again]) == ["ping", "ping"]
    assert kinds(rest)[-1] == "stop_reason"
    assert history(client, conversation) == []


def test_its_failure_is_the_models(connect: Connect) -> None:
    brain = Ponders(ModelFailure(429, "slow down"))
    client = connect(brain=brain)
    conversation = conversation_of(client, agent_with_memory(client))

    with pytest.raises(RateLimitError):
        reply(client, conversation, input="Hm?")


def test_its_fault_is_logged_and_ends_the_turn(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    brain = Ponders(RuntimeError("secret"))
    client = connect(brain=brain)
    conversation = conversation_of(client, agent_with_memory(client))

    with pytest.raises(InternalServerError) as failed:
        reply(client, conversation, input="Hm?")

    assert "secret" not in str(failed.value)
    assert "secret" in caplog.text
    assert [run.status for run in client.runs.list()] == ["failed"]


def test_a_brain_elsewhere_is_sent_the_call_and_answers(connect: Connect) -> None:
    with answering(200, b'{"text": "From afar."}') as (address, sent):
        client = connect(brain=elsewhere(address))
        conversation = conversation_of(client, agent_with_memory(client))

        told = [ask(client, conversation, "Hello?") for _ in range(2)]

    assert [text_of(one) for one in told] == ["From afar."] * 2
    assert sent == [{"message": "Hello?"}] * 2


@needs("agents.messages.compact", "compaction_settings", answer=True)
def test_summaries_are_another_brains(connect: Connect) -> None:
    with answering(200, b'{"text": "From afar."}') as (address, sent):
        client = connect(brain=elsewhere(address))
        agent = client.agents.create(model=MODEL)
        client.agents.messages.create(agent.id, input="Hello?")

        done = client.agents.messages.compact(agent.id, compaction_settings={"mode": "all"})

    assert (done.summary, len(sent)) == ("Done.", 1)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (429, b"", "answered 429"),
        (302, b"", "redirects are not followed"),
        (200, b"no JSON", "gave an invalid reply"),
        (200, b"[]", "gave an invalid reply: no object"),
        (200, b" " * 101, "answered more than 100 bytes"),
    ],
)
def test_a_brain_elsewhere_can_fail(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, why: str
) -> None:
    monkeypatch.setattr(url, "MAX_ANSWER", 100)
    with answering(status, body) as (address, _):
        client = connect(brain=elsewhere(address))
        agent = client.agents.create(model=MODEL)

        with pytest.raises(APIStatusError, match=why):
            client.agents.messages.create(agent.id, input="Hello?")


def test_a_brain_that_is_not_there_cannot_be_reached(connect: Connect) -> None:
    client = connect(brain=elsewhere("http://127.0.0.1:1/"))
    agent = client.agents.create(model=MODEL)

    with pytest.raises(APIStatusError, match="cannot be reached"):
        client.agents.messages.create(agent.id, input="Hello?")


def test_a_brain_elsewhere_is_not_waited_for_without_end(connect: Connect) -> None:
    with answering(200, b"{}") as (address, _):
        client = connect(brain=elsewhere(address, timeout=1e-6))
        agent = client.agents.create(model=MODEL)

        with pytest.raises(APIStatusError, match="did not answer within 1e-06 seconds"):
            client.agents.messages.create(agent.id, input="Hello?")


@needs("conversations.cancel")
def test_a_brain_elsewhere_is_left_when_its_turn_is_cancelled(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere_listening:
        host, port = elsewhere_listening.getsockname()
        client = connect(brain=elsewhere(f"http://{host}:{port}/", timeout=600))
        conversation = conversation_of(client, agent_with_memory(client))
        stream = iter(client.conversations.messages.create(conversation, input="Hm?"))
        next(stream)
        asked, _ = elsewhere_listening.accept()
        with asked:
            assert asked.recv(4) == b"POST"

            client.conversations.cancel(conversation)

            while asked.recv(65_536):
                pass
        assert kinds(list(stream))[-1] == "stop_reason"


def test_a_rule_breaks_a_stream_over_a_brain_elsewhere(connect: Connect) -> None:
    script = {"replies": [{"when": "Hm", "reply": ["Well.", {"fault": "truncate=1"}]}]}
    client = connect(brain=elsewhere("http://127.0.0.1:1/"), script=script)
    conversation = conversation_of(client, agent_with_memory(client))

    assert kinds(ask(client, conversation, "Hm?")) == ["ping"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://host/", "http:///path", "host"])
def test_an_address_must_be_of_http(address: str) -> None:
    with pytest.raises(ValueError, match="must begin with http"):
        elsewhere(address)


def test_an_answer_that_trickles_in_is_given_up_when_its_time_is_over() -> None:
    class Trickle:
        def read1(self, _: int) -> bytes:
            return b"x"

    with pytest.raises(TimeoutError):
        elsewhere("http://localhost")._read(Trickle(), due=0.0)  # type: ignore[arg-type]
