"""A server with overrides answers as they say."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest
import yaml
from starlette.types import Receive, Scope, Send

from mockletta import MockLetta
from mockletta.errors import BadSettings
from mockletta.recordings.overrides.overrides import (
    Override,
    OverridesFile,
    load_overrides,
    value_at,
)
from mockletta.recordings.overrides.overrides_app import OverridesApp
from tests.commands.running import serve

MODEL = "openai/gpt-4o-mini"


def server(directory: Path, *overrides: object) -> MockLetta:
    file = directory / "overrides.yaml"
    file.write_text(yaml.safe_dump({"version": 1, "overrides": list(overrides)}))
    return MockLetta(overrides=str(file))


def test_fields_are_added_set_and_removed(tmp_path: Path) -> None:
    change = {
        "operation": "blocks.list",
        "add": {"$[*].new": 1, "$[*].label": "kept"},
        "set": {"$[*].limit": 5, "$[7].limit": 6},
        "remove": ["$[*].description"],
    }
    with server(tmp_path, change) as mock:
        httpx.post(f"{mock.base_url}/v1/blocks/", json={"label": "a", "value": "b"})
        [block] = httpx.get(f"{mock.base_url}/v1/blocks/").json()
    assert (block["new"], block["label"], block["limit"]) == (1, "a", 5)
    assert "description" not in block


def test_a_whole_answer_can_be_replaced(tmp_path: Path) -> None:
    with server(tmp_path, {"operation": "blocks.list", "set": {"$": ["x"]}}) as mock:
        assert httpx.get(f"{mock.base_url}/v1/blocks/").json() == ["x"]
        assert httpx.get(f"{mock.base_url}/v1/tools/").status_code == 200


def test_lists_are_sorted_and_headers_set(tmp_path: Path) -> None:
    change = {
        "operation": "blocks.list",
        "sort": {"$": "-limit", "$[*].tags": "name", "$[*].x": "name"},
        "headers": {"X-Region": "eu", "vary": None},
    }
    with server(tmp_path, change) as mock:
        for label, limit in (("a", 10), ("b", 30), ("c", 20)):
            body = {"label": label, "value": "", "limit": limit, "tags": ["z", "y"]}
            httpx.post(f"{mock.base_url}/v1/blocks/", json=body)
        answer = httpx.get(f"{mock.base_url}/v1/blocks/")
    assert [(one["label"], one["tags"]) for one in answer.json()] == [
        ("b", ["y", "z"]),
        ("c", ["y", "z"]),
        ("a", ["y", "z"]),
    ]
    assert answer.headers["x-region"] == "eu"
    assert "vary" not in answer.headers


def test_errors_are_changed_apart(tmp_path: Path) -> None:
    change = {"operation": "blocks.retrieve", "errors": True, "set": {"$.detail": "Gone."}}
    with server(tmp_path, change) as mock:
        unknown = f"{mock.base_url}/v1/blocks/block-00000000-0000-4000-8000-000000000000"
        assert httpx.get(unknown).json() == {"detail": "Gone."}


def test_some_requests_are_refused(tmp_path: Path) -> None:
    sent = {"query": {"a": "1"}, "body": {"label": "bad", "tags": ["x"]}}
    refusal = {"operation": "blocks.create", "when": sent, "status": 422, "body": {"detail": "no"}}
    with server(tmp_path, refusal) as mock:
        url = f"{mock.base_url}/v1/blocks/"
        body = {"label": "bad", "value": "", "tags": ["x"]}
        refused = httpx.post(url, params={"a": "1"}, json=body)
        assert (refused.status_code, refused.json()) == (422, {"detail": "no"})
        assert httpx.post(url, json=body).status_code == 200
        assert httpx.post(url, params={"a": "1"}, json={**body, "label": "b"}).status_code == 200
        assert len(mock.world.store.blocks) == 2


def test_events_of_a_stream_are_changed(tmp_path: Path) -> None:
    events = {
        "operation": "conversations.messages.create",
        "event": "assistant_message",
        "add": {"$.new": True},
        "set": {"$.content": "Hello from elsewhere."},
    }
    with server(tmp_path, events) as mock, mock.client() as client:
        mock.when("slowly", tokens_per_second=500).say("a b c d")
        conversation = client.conversations.create(agent_id=client.agents.create(model=MODEL).id)
        for text in ("hi", "slowly"):
            stream = client.conversations.messages.create(
                conversation.id, input=text, stream_tokens=text == "slowly"
            )
            said = [one for one in stream if one.message_type == "assistant_message"]
            assert {str(one.content) for one in said} == {"Hello from elsewhere."}
            assert said[0].model_dump()["new"] is True


def test_the_journal_and_files_go_on(tmp_path: Path) -> None:
    with server(tmp_path, {"operation": "agents.export_file", "remove": ["$.x"]}) as mock:
        assert httpx.get(f"{mock.base_url}/v1/agents/agent-1/export").status_code == 404
        assert len(mock.journal) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("overrides: [{operation: a.b}]", "the mock has no operation a.b"),
        ("overrides: [{operation: blocks.list, add: {a: 1}}]", "a is no place in JSON"),
        ("overrides: [{operation: blocks.list, what: 1}]", "1:44: overrides.0.what: Extra"),
        (
            "overrides: [{operation: blocks.list, headers: {Content-Length: '1'}}]",
            "content-length follows from the body",
        ),
        ("version: 2", "version: Input should be 1"),
        ("a: [", "overrides.yaml: "),
    ],
)
def test_a_mistake_in_the_file_is_an_error(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "overrides.yaml"
    file.write_text(text)
    with pytest.raises(BadSettings, match=r"overrides\.yaml") as raised:
        MockLetta(overrides=str(file))
    assert reason in str(raised.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="No such file"):
        load_overrides(str(tmp_path / "a"))
    assert serve("--overrides", str(tmp_path / "a")).exit_code == 1


def test_a_client_that_leaves_amid_its_request_is_no_error(tmp_path: Path) -> None:
    with server(tmp_path, {"operation": "blocks.create", "remove": ["$.x"]}) as mock:
        port = int(mock.base_url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"POST /v1/blocks/ HTTP/1.1\r\ncontent-length: 9\r\n\r\n{")
        assert httpx.get(f"{mock.base_url}/v1/health/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "sent"), [(b"text/plain", '{"x": 1, "y": 2}'), (b"application/json", '{"y":2}')]
)
def test_only_json_is_changed_however_it_comes(kind: bytes, sent: str) -> None:
    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for part, more in ((b'{"x": 1, ', True), (b'"y": 2}', False)):
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def ask() -> str:
        overrides = OverridesFile(overrides=[Override(operation="blocks.list", remove=["$.x"])])
        transport = httpx.ASGITransport(OverridesApp(answer, overrides))
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
            return (await client.get("/v1/blocks/")).text

    assert asyncio.run(ask()) == sent


def test_values_at_places() -> None:
    assert value_at({"a": [{"b": 1}]}, "$.a[0].b") == 1
    assert value_at(3, "$") == 3
    for place in ("$.x", "$.a[5].b", "$.a[0].b.c"):
        with pytest.raises(LookupError):
            value_at({"a": [{"b": 1}]}, place)
