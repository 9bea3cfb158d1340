"""The stream of events under load: complete, in order, and never in the way."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

from mockletta import MockLetta
from mockletta.commands.control_client import read_events

CLIENTS = 50
MODEL = {"model": "openai/gpt-4o-mini"}


def session(base_url: str, number: int) -> None:
    """What one app does: it creates an agent, lists, sends a streamed message and asks in vain."""
    with httpx.Client(base_url=f"{base_url}/v1", timeout=60) as http:
        agent = http.post("/agents/", json={**MODEL, "name": f"agent-{number}"}).json()["id"]
        thread = http.post("/conversations/", params={"agent_id": agent}, json={}).json()["id"]
        http.get("/agents/", params={"name": f"agent-{number}"})
        body = {"input": "Say 'one two'", "streaming": True, "stream_tokens": True}
        http.post(f"/conversations/{thread}/messages", json=body)
        http.get("/agents/agent-00000000-0000-4000-8000-00000000dead")


def watch(base_url: str, found: list[tuple[str, int]], ready: threading.Event) -> None:
    """Read events until all clients have had all of their answers."""
    missing = CLIENTS * 5
    with httpx.stream("GET", f"{base_url}/_mockletta/events", timeout=60) as response:
        for _, kind, data in read_events(line.encode() for line in response.iter_lines()):
            ready.set()
            facts = json.loads(data)
            if kind in {"request", "response"}:
                found.append((kind, facts["number"]))
                missing -= kind == "response"
            if missing == 0:
                return


def test_every_request_of_many_clients_is_told_once_and_in_order() -> None:
    found: list[tuple[str, int]] = []
    ready = threading.Event()
    with MockLetta() as mock:
        watcher = threading.Thread(target=watch, args=(mock.base_url, found, ready))
        watcher.start()
        ready.wait()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda number: session(mock.base_url, number), range(CLIENTS)))
        watcher.join()
        numbers = [entry.number for entry in mock.journal]
    assert [number for kind, number in found if kind == "request"] == numbers
    assert sorted(number for kind, number in found if kind == "response") == numbers
    assert all(
        found.index(("request", number)) < found.index(("response", number)) for number in numbers
    )


def test_a_watcher_that_never_reads_costs_a_bounded_amount_and_holds_nobody_up() -> None:
    with MockLetta() as mock, httpx.Client(base_url=f"{mock.base_url}/v1") as http:
        feed = mock.worlds.feed
        feed.most_bytes = 50_000
        host, port = mock.base_url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as silent:
            silent.sendall(b"GET /_mockletta/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while not feed.interest:
                mock.clock.peek()
            statuses = {http.get("/agents/").status_code for _ in range(500)}
        assert statuses == {200}
        assert feed.bytes <= feed.most_bytes
