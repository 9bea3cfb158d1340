"""The stream of events, read over a real socket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mockletta import MockLetta
from mockletta.commands.control_client import read_events
from mockletta.journal import feed

Event = tuple[str | None, str, Any]
DONE = "[DONE]"
MODEL = "openai/gpt-4o-mini"


@contextmanager
def watching(mock: MockLetta, last: str | None = None, **query: str) -> Iterator[Iterator[Event]]:
    headers = {} if last is None else {"Last-Event-ID": last}
    with httpx.stream(
        "GET", f"{mock.base_url}/_mockletta/events", params=query, headers=headers
    ) as response:
        assert response.status_code == 200
        lines = (line.encode() for line in response.iter_lines())
        events = read_events(lines)
        yield ((number, kind, json.loads(data)) for number, kind, data in events)


def upto(events: Iterator[Event], kind: str, operation: str) -> list[Event]:
    found = []
    for event in events:
        found.append(event)
        if event[1] == kind and event[2]["operation"] == operation:
            return found
    raise AssertionError(found)


def test_requests_frames_and_answers_come_in_order() -> None:
    with MockLetta() as mock, mock.client() as client, watching(mock) as events:
        assert next(events)[1] == "hello"
        agent = client.agents.create(name="support", model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id).id
        mock.when("slow").say("a b", tokens_per_second=50)
        list(client.conversations.messages.create(conversation, input="slow", stream_tokens=True))
        told = upto(events, "response", "conversations.messages.create")
    kinds = [(kind, facts.get("operation")) for _, kind, facts in told]
    assert kinds[:4] == [
        ("request", "agents.create"),
        ("response", "agents.create"),
        ("request", "conversations.create"),
        ("response", "conversations.create"),
    ]
    request = next(facts for _, kind, facts in told[4:] if kind == "request")
    assert (request["agent"], request["conversation_id"]) == ("support", conversation)
    assert request["said"] == [["user", "slow"]]
    frames = [
        frame
        for _, kind, facts in told
        if kind == "frames"
        for frame in facts["frames"]
        if frame != DONE
    ]
    text = [one["content"] for one in frames if "assistant_message" in one.values()]
    assert "".join(text) == "a b"


def test_a_watcher_that_comes_back_goes_on_where_it_was() -> None:
    with MockLetta() as mock, mock.client() as client:
        with watching(mock) as events:
            next(events)
            client.agents.list()
            last = upto(events, "response", "agents.list")[-1][0]
        client.blocks.list()
        with watching(mock, last) as events:
            told = upto(events, "response", "blocks.list")
    assert [facts.get("operation") for _, kind, facts in told if kind != "hello"] == [
        "blocks.list",
        "blocks.list",
    ]


def test_events_that_are_gone_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST_BYTES", 2_000)
    with MockLetta() as mock, mock.client() as client:
        mock.worlds.feed.most_bytes = 2_000
        with watching(mock) as events:
            first = next(events)
            client.agents.list()
            last = upto(events, "response", "agents.list")[-1][0]
        for _ in range(10):
            client.blocks.list()
        with watching(mock, last) as events:
            told = [next(events), next(events)]
    assert first[1] == "hello"
    assert told[1][1] == "lost"
    assert told[1][2]["events"] > 5


@pytest.mark.parametrize(
    ("query", "operations"),
    [
        ({"operation": "blocks.*"}, ["blocks.list", "blocks.list"]),
        ({"kinds": "response"}, ["agents.list", "blocks.list", "agents.list"]),
        ({"world": "elsewhere", "kinds": "response"}, []),
    ],
)
def test_events_are_chosen(query: dict[str, str], operations: list[str]) -> None:
    with MockLetta() as mock, mock.client() as client, watching(mock, **query) as events:
        next(events)
        client.agents.list()
        client.blocks.list()
        client.agents.list()
        told = [next(events)[2]["operation"] for _ in operations]
    assert told == operations


def test_events_of_one_agent_include_its_answers() -> None:
    with MockLetta() as mock, mock.client() as client:
        agents = [client.agents.create(model=MODEL) for _ in range(2)]
        with watching(mock, agent_id=agents[1].id) as events:
            next(events)
            for agent in agents:
                client.agents.messages.create(agent.id, input="Say 'x'")
            told = upto(events, "response", "agents.messages.create")
    numbers = {facts["number"] for _, _, facts in told if "number" in facts}
    assert len(numbers) == 1
    assert told[0][2]["agent_id"] == agents[1].id


def test_a_number_of_another_server_means_nothing() -> None:
    with MockLetta() as mock, mock.client() as client, watching(mock, "other.7") as events:
        next(events)
        client.agents.list()
        assert next(events)[1] == "request"


def test_silence_is_broken_by_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT", 0.01)
    with (
        MockLetta() as mock,
        httpx.stream("GET", f"{mock.base_url}/_mockletta/events") as response,
    ):
        assert any(line.startswith(":") for line in response.iter_lines())


def test_a_key_chooses_its_world() -> None:
    with MockLetta(tenancy="key") as mock:
        url = f"{mock.base_url}/_mockletta/events"
        key = {"Authorization": "Bearer worker-1"}
        assert httpx.get(url, headers=key).status_code == 404
        with mock.client(api_key="worker-1") as one, mock.client(api_key="worker-2") as two:
            one.agents.list()
            with httpx.stream("GET", url, headers=key) as response:
                events = read_events(line.encode() for line in response.iter_lines())
                next(events)
                two.agents.list()
                one.blocks.list()
                facts = json.loads(next(events)[2])
    assert (facts["operation"], facts["world"]) == ("blocks.list", "world-1")
