"""Sessions of an app, as it sees them: the bytes of every answer, and how they came."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from letta_client import APIStatusError, AsyncLetta, Letta

from mockletta import MockLetta
from mockletta.recordings.record_session import RecordOptions, RecordSession
from mockletta.recordings.recording import Recording
from mockletta.recordings.recording_reader import read_recording

KEY = "sk-let-a-real-key-0001"
SCRIPT: dict[str, object] = {
    "replies": [
        {
            "when": "weather",
            "reply": [
                {"think": "I look it up."},
                {"call": "get_weather", "with": {"city": "Rome"}, "returns": "18 degrees"},
                "It is 18 degrees.",
            ],
        },
        {"when": "delete", "reply": [{"call": "delete_file", "approve": True}, "Done."]},
        {"when": "fail", "reply": [{"fail": "rate_limit"}]},
        {"when": "parallel", "reply": "You said {{ message }}."},
        {"reply": "You said {{ message }}, for the {{ count }}. time."},
    ]
}


TOOL = '''def get_weather(city: str) -> str:
    """Weather.

    Args:
        city: The city.
    """
    return ""
'''


class Seen(NamedTuple):
    """One answer: its status, its headers, and its body as it came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    parts: tuple[bytes, ...]


class Watcher(httpx.HTTPTransport):
    """A transport that keeps what a client of the SDK sees."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Seen] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        parts = list(response.stream)
        response.close()
        self.seen.append(_seen(response, parts))
        return _again(response, parts)


class AsyncWatcher(httpx.AsyncHTTPTransport):
    """The same for the asynchronous SDK."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Seen] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        parts = [part async for part in response.stream]
        await response.aclose()
        self.seen.append(_seen(response, parts))
        return _again(response, parts)


def _seen(response: httpx.Response, parts: list[bytes]) -> Seen:
    headers = tuple(sorted((k, v) for k, v in response.headers.items() if _is_kept(k)))
    return Seen(response.status_code, headers, _frames(response, parts))


def _again(response: httpx.Response, parts: list[bytes]) -> httpx.Response:
    """The answer as it came, for the SDK."""
    raw = [pair for pair in response.headers.raw if pair[0].lower() != b"transfer-encoding"]
    body = httpx.ByteStream(b"".join(parts))
    return httpx.Response(response.status_code, headers=raw, stream=body)


def _is_kept(name: str) -> bool:
    return name not in ("date", "content-length", "transfer-encoding", "connection", "server")


def _frames(response: httpx.Response, parts: list[bytes]) -> tuple[bytes, ...]:
    return (
        tuple(parts) if "event-stream" in response.headers["content-type"] else (b"".join(parts),)
    )


@contextmanager
def watched(url: str) -> Iterator[tuple[Letta, list[Seen]]]:
    """A client of the SDK, and what it has seen."""
    watcher = Watcher()
    with (
        httpx.Client(transport=watcher) as http,
        Letta(
            base_url=url, api_key="sk-let-a-real-key-0001", http_client=http, max_retries=0
        ) as client,
    ):
        yield client, watcher.seen


def mixed_session(url: str) -> list[Seen]:
    """Do a bit of everything with a server."""
    with watched(url) as (client, seen):
        tool = client.tools.create(source_code=TOOL)
        agent = client.agents.create(
            name="mixed",
            model="openai/gpt-4o-mini",
            tool_ids=[tool.id],
            memory_blocks=[{"label": "human", "value": "Ann"}],
        )
        conversation = client.conversations.create(agent_id=agent.id)
        list(client.conversations.messages.create(conversation.id, input="the weather"))
        stream = client.conversations.messages.create(
            conversation.id, input="hello", stream_tokens=True
        )
        assert [item.message_type for item in stream][-1] == "usage_statistics"
        client.conversations.messages.list(conversation.id)
        client.agents.messages.create(agent.id, input="directly")
        client.blocks.create(label="team", value="Standup is at 9.")
        assert len(list(client.blocks.list(limit=1, order="asc"))) == 2
        folder = client.folders.create(name="papers", embedding="openai/text-embedding-3-small")
        client.folders.files.upload(folder.id, file=("a.txt", b"some text"))
        _expect_failures(client, agent.id)
        client.agents.delete(agent.id)
    return seen


def _expect_failures(client: Letta, agent_id: str) -> None:
    for call in (
        lambda: client.blocks.retrieve("block-00000000-0000-4000-8000-00000000dead"),
        lambda: client.agents.retrieve("agent-00000000-0000-4000-8000-00000000dead"),
        lambda: client.agents.messages.create(agent_id, input="fail"),
        lambda: client.agents.update(agent_id, model="no model"),
    ):
        with suppress(APIStatusError):
            call()


async def async_session(url: str) -> list[Seen]:
    """Talk in a conversation, with the asynchronous SDK."""
    watcher = AsyncWatcher()
    async with (
        httpx.AsyncClient(transport=watcher) as http,
        AsyncLetta(base_url=url, api_key="k", http_client=http, max_retries=0) as client,
    ):
        agent = await client.agents.create(name="async", model="openai/gpt-4o-mini")
        conversation = await client.conversations.create(agent_id=agent.id)
        for text in ("one", "the weather"):
            stream = await client.conversations.messages.create(conversation.id, input=text)
            assert [item async for item in stream]
        assert [message async for message in client.agents.messages.list(agent.id)]
    return watcher.seen


def upstream(**settings: Any) -> MockLetta:  # noqa: ANN401
    """A mock that answers equal requests with equal bytes, as the real Letta of these tests."""
    return MockLetta(script=SCRIPT, deterministic=True, **settings)


def recorded(url: str, file: Path, **options: Any) -> RecordSession:  # noqa: ANN401
    """A session that records a server."""
    return RecordSession(url, file, RecordOptions(**options))


def replayed(file: Path, **options: Any) -> RecordSession:  # noqa: ANN401
    """A session that replays a file; there is no upstream."""
    return RecordSession(None, file, RecordOptions(mode="none", **options))


def read(file: Path) -> Recording:
    return read_recording(file)
