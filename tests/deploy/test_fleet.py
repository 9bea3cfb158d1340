"""A fleet on this machine: three servers behind a HAProxy that hashes the API key."""

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from deploy.local import Fleet, fleet
from tests.environment import needs_program

pytestmark = needs_program("haproxy")

MODEL = {"model": "openai/gpt-4o-mini"}
SLOW = {"X-Mockletta-Pace": "ttft=0.2, tokens_per_second=40"}
WORDS = {"messages": [{"role": "user", "content": "Repeat after me: " + "word " * 60}]}


@pytest.fixture(scope="module")
def three() -> Iterator[Fleet]:
    with fleet(3) as running:
        yield running


@pytest.fixture
def client(three: Fleet) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=three.url, timeout=30) as client:
        yield client


@pytest.fixture
def keys(client: httpx.Client) -> list[str]:
    """200 new keys, each of which has an agent."""
    keys = [f"{uuid4()}" for _ in range(200)]
    for key in keys:
        client.post("/v1/agents/", json=MODEL, headers=bearer(key)).raise_for_status()
    return keys


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def kept(client: httpx.Client, keys: list[str]) -> int:
    """How many keys still have their agent."""
    return sum(bool(client.get("/v1/agents/", headers=bearer(key)).json()) for key in keys)


def worlds_of(running: Fleet) -> list[int]:
    """How many worlds each server has."""
    answers = [httpx.get(f"http://127.0.0.1:{port}/metrics").text for port in running.ports]
    return [int(float(text.partition("\nmockletta_worlds ")[2].split()[0])) for text in answers]


def test_keys_are_spread_and_keep_their_server(
    three: Fleet, client: httpx.Client, keys: list[str]
) -> None:
    assert kept(client, keys) == len(keys)
    assert min(worlds_of(three)) > len(keys) / 6


def test_a_key_has_the_same_server_in_either_header(client: httpx.Client, keys: list[str]) -> None:
    for key in keys[:20]:
        password = {"x-bare-password": f"password {key}"}
        assert len(client.get("/v1/agents/", headers=password).json()) == 1


def test_requests_without_a_key_go_to_one_server(client: httpx.Client) -> None:
    for number in range(1, 10):
        client.post("/v1/agents/", json=MODEL).raise_for_status()
        assert len(client.get("/v1/agents/").json()) == number


def test_a_lost_server_takes_along_only_its_own_keys(
    three: Fleet, client: httpx.Client, keys: list[str]
) -> None:
    three.servers[1].kill()
    three.servers[1].wait()
    left = kept(client, keys)
    three.add(port=three.ports[1])
    three.reload()

    assert len(keys) * 0.5 < left < len(keys) * 0.8


def test_a_stream_outlives_a_new_server_that_moves_a_quarter_of_the_keys(
    three: Fleet, client: httpx.Client, keys: list[str]
) -> None:
    headers = {**bearer(keys[0]), **SLOW}
    agent = client.get("/v1/agents/", headers=headers).json()[0]["id"]
    path = f"/v1/agents/{agent}/messages/stream"
    with client.stream("POST", path, json=WORDS, headers=headers) as stream:
        lines = stream.iter_lines()
        assert next(lines)
        three.add()
        three.reload()
        assert [line for line in lines if line][-1] == "data: [DONE]"
    with httpx.Client(base_url=three.url) as client_after:
        assert len(keys) * 0.6 < kept(client_after, keys) < len(keys) * 0.9


def start_again(running: Fleet) -> None:
    for port in list(running.ports):
        running.add(port=port)


def test_requests_can_wait_for_a_server_that_starts_again() -> None:
    with fleet(2, on_loss="wait") as running, httpx.Client(base_url=running.url) as client:
        for server in running.servers:
            server.kill()
            server.wait()
        again = threading.Timer(0.5, start_again, [running])
        again.start()
        started = time.monotonic()
        answer = client.get("/v1/health/", headers=bearer("one"), timeout=30)

        assert answer.status_code == 200
        assert time.monotonic() - started > 0.5
        again.join()
