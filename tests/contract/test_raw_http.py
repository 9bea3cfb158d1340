"""What goes over the socket, byte by byte, as curl would see it."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from letta_client import Letta
from letta_client.types import AgentState, Conversation

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import Connect
from tests.contract.talk import agent_with_memory, conversation_of

FRAMES = re.compile(rb"(?:(?:event: error\n)?data: [^\r\n]+\n\n)*")
HELLO: dict[str, object] = {"messages": [{"role": "user", "content": "Say 'a b' back to me"}]}


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as http:
        yield http


@pytest.mark.parametrize("stream_tokens", [False, True])
@pytest.mark.parametrize("background", [False, True])
def test_a_stream_is_data_lines_and_done(
    http: httpx.Client,
    mock: MockLetta,
    conversation: Conversation,
    *,
    stream_tokens: bool,
    background: bool,
) -> None:
    options = {"stream_tokens": stream_tokens, "background": background}
    answer = _send(http, mock, conversation.id, {**HELLO, **options})
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert FRAMES.fullmatch(answer.content)
    *events, done = answer.text.removesuffix("\n\n").split("\n\n")
    assert done == "data: [DONE]"
    kinds = [json.loads(event.removeprefix("data: "))["message_type"] for event in events]
    assert kinds == [
        "ping",
        *["assistant_message"] * (1 + stream_tokens),
        "stop_reason",
        "usage_statistics",
    ]


def test_a_slow_stream_has_the_same_frames_as_a_fast_one(
    http: httpx.Client, connect: Connect
) -> None:
    fast = connect()
    slow = connect(keepalive=600, pace=Pace(tokens_per_second=500))
    shapes = []
    for client in (fast, slow):
        conversation = conversation_of(client, agent_with_memory(client))
        url = f"{client.base_url}/v1/conversations/{conversation}/messages"
        answer = http.post(url, json={**HELLO, "stream_tokens": True})
        assert FRAMES.fullmatch(answer.content)
        shapes.append(re.sub(r'"[^"]*[0-9a-f-]{36}"|"\d{4}-[^"]*"', '"?"', answer.text))
    assert shapes[0] == shapes[1]


def test_frames_are_compact_json_with_the_keys_in_their_order(
    http: httpx.Client, mock: MockLetta, conversation: Conversation
) -> None:
    ping, told, *_ = _send(http, mock, conversation.id, HELLO).text.split("\n\n")
    shared = ["id", "date", "name", "message_type", "otid", "sender_id", "step_id", "is_err"]
    assert list(json.loads(ping[6:])) == [*shared, "seq_id", "run_id"]
    assert list(json.loads(told[6:])) == [*shared, "seq_id", "run_id", "content"]
    assert told[6:] == json.dumps(json.loads(told[6:]), separators=(",", ":"))


def test_other_alphabets_are_sent_as_they_are(
    http: httpx.Client, mock: MockLetta, conversation: Conversation
) -> None:
    text = "Say 'grüße 你好 🍕 line\u2028end' back to me"
    answer = _send(http, mock, conversation.id, {"input": text, "stream_tokens": True})
    assert FRAMES.fullmatch(answer.content)
    for word in ("grüße", "你好", "🍕"):
        assert word in answer.text


def test_a_failed_stream_names_its_error_event(http: httpx.Client, scripted: Letta) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    answer = http.post(
        f"{scripted.base_url}/v1/conversations/{conversation}/messages",
        json={"input": "<<error 429>>"},
    )
    assert answer.status_code == 200
    ping, stop, error, done, rest = answer.text.split("\n\n")
    assert json.loads(ping[6:])["message_type"] == "ping"
    assert stop == 'data: {"message_type":"stop_reason","stop_reason":"llm_api_error"}'
    assert error.startswith('event: error\ndata: {"message_type":"error_message","run_id":"run-')
    assert (done, rest) == ("data: [DONE]", "")


def test_a_failure_in_the_middle_ends_without_done(http: httpx.Client, scripted: Letta) -> None:
    conversation = conversation_of(scripted, agent_with_memory(scripted))
    answer = http.post(
        f"{scripted.base_url}/v1/conversations/{conversation}/messages",
        json={"input": "<<drop>> a b c", "stream_tokens": True},
    )
    assert FRAMES.fullmatch(answer.content)
    assert answer.text.split("\n\n")[-2].startswith("event: error\ndata: ")
    assert "[DONE]" not in answer.text


def test_curl_makes_a_conversation_without_a_body(
    http: httpx.Client, mock: MockLetta, agent: AgentState
) -> None:
    url = f"{mock.base_url}/v1/conversations/"
    bare = http.post(url, params={"agent_id": agent.id})
    null = http.post(url, params={"agent_id": agent.id}, content=b"null")
    assert [bare.status_code, null.status_code] == [200, 200]
    assert bare.json().keys() == null.json().keys()
    assert bare.json()["agent_id"] == agent.id
    assert http.post(url).status_code == 422


def test_curl_needs_no_slash_at_the_end(
    http: httpx.Client, mock: MockLetta, agent: AgentState
) -> None:
    url = f"{mock.base_url}/v1/conversations"
    made = http.post(url, params={"agent_id": agent.id})
    assert (made.status_code, made.json()["agent_id"]) == (200, agent.id)


def test_the_answer_to_a_deletion_is_null(
    http: httpx.Client, mock: MockLetta, conversation: Conversation
) -> None:
    answer = http.delete(f"{mock.base_url}/v1/conversations/{conversation.id}")
    assert (answer.status_code, answer.content) == (200, b"null")


@pytest.mark.parametrize("key", [None, "Bearer any", "nonsense"])
def test_any_or_no_key_will_do(http: httpx.Client, mock: MockLetta, key: str | None) -> None:
    headers = {} if key is None else {"authorization": key}
    assert http.get(f"{mock.base_url}/v1/conversations/", headers=headers).json() == []


def _send(
    http: httpx.Client, mock: MockLetta, conversation_id: str, body: dict[str, object]
) -> httpx.Response:
    return http.post(
        f"{mock.base_url}/v1/conversations/{conversation_id}/messages",
        json=body,
        headers={"accept": "text/event-stream"},
    )
