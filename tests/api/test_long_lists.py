"""Long lists and searches: they are made in slices, and other requests go on between them."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from mockletta.http.rendering import SlicedWork
from mockletta.testing.mock_letta import MockLetta
from tests.worlds import make_agent, say

ROOMS = ("http.rendering", "api.lists", "api.agents.agents", "api.messages.message_lists")
SEARCHES = [
    ("messages/search", {"query": "hello Ada"}),
    ("agents/messages/search", {"query": "hello Ada", "search_mode": "fts"}),
    ("agents/messages/search", {"roles": ["user"]}),
    ("passages/search", {"query": "hello"}),
    ("tools/search", {"query": "memory block"}),
]


@pytest.fixture
def mock() -> Iterator[MockLetta]:
    with MockLetta(port=None) as mock:
        for name in ("Ada", "Bea", "Cleo"):
            say(mock.world, make_agent(mock.world, name).id, f"Hello, {name}!")
        yield mock


@pytest.fixture
def client(mock: MockLetta) -> Iterator[httpx.Client]:
    with httpx.Client(transport=mock.transport(), base_url=f"{mock.base_url}/v1/") as client:
        yield client


def work_in_small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockletta.search.slices.ROWS_AT_ONCE", 1)
    monkeypatch.setattr("mockletta.search.slices.TEXTS_AT_ONCE", 1)


@pytest.mark.parametrize("path", ["agents/", "blocks/", "runs/", "messages/"])
def test_a_list_in_pieces_is_the_same_list(
    client: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get(f"{path}?limit=1000")
    for room in ROOMS:
        monkeypatch.setattr(f"mockletta.{room}.ITEMS_AT_ONCE", 2)

    assert len(whole.json()) > 2
    assert client.get(f"{path}?limit=1000").content == whole.content


def test_a_very_long_list_is_sent_while_it_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockletta.http.rendering.ITEMS_AT_ONCE", 2)
    monkeypatch.setattr("mockletta.api.lists.ITEMS_AT_ONCE", 2)
    with MockLetta() as mock, httpx.Client(base_url=f"{mock.base_url}/v1/") as client:
        for name in ("Ada", "Bea", "Cleo"):
            make_agent(mock.world, name)

        sent = client.get("blocks/")
        mock.faults.add("blocks.list", delay=0.001)
        whole = client.get("blocks/")
        monkeypatch.setattr("mockletta.journal.entries.MOST_IN_PIECES", 1)
        client.get("blocks/")
        *_, first, _, cut = mock.journal

    assert sent.headers["transfer-encoding"] == "chunked"
    assert (len(sent.json()), sent.content, first.response) == (3, whole.content, sent.json())
    assert "content-length" in whole.headers
    assert sent.content.startswith(cut.raw_response)
    assert len(cut.raw_response) < len(sent.content)


@pytest.mark.parametrize(
    "path",
    [
        "agents/?last_stop_reason=end_turn",
        "agents/?order_by=last_run_completion&identifier_keys=none",
        "agents/count",
        "blocks/?value_search=H&limit=2",
        "blocks/count?label_search=h",
        "runs/?statuses=completed&order=asc",
        "steps/?model=gpt-4o-mini",
        "messages/?conversation_id=default",
        "tags/?name=e",
    ],
)
def test_a_list_that_is_filtered_in_slices_is_the_same_list(
    client: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get(path)
    work_in_small_slices(monkeypatch)

    assert (whole.status_code, client.get(path).content) == (200, whole.content)


@pytest.mark.parametrize(("path", "body"), SEARCHES)
def test_a_search_in_slices_finds_the_same(
    client: httpx.Client, path: str, body: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    agent_id = client.get("agents/").json()[0]["id"]
    for text in ("Hello, world", "The sky is blue"):
        client.post(f"agents/{agent_id}/archival-memory", json={"text": text})
    whole = client.post(path, json=body)
    work_in_small_slices(monkeypatch)

    assert len(whole.json()) > 0
    assert client.post(path, json=body).content == whole.content


def test_other_requests_are_answered_while_a_search_is_under_way(
    mock: MockLetta, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    [agent_id, *_] = [agent.id for agent in mock.world.store.agents]
    under_way, may_go_on = threading.Event(), threading.Event()
    finish = SlicedWork.finish

    async def finish_later(work: SlicedWork[object]) -> object:
        under_way.set()
        await asyncio.to_thread(may_go_on.wait, 10)
        return await finish(work)

    work_in_small_slices(monkeypatch)
    monkeypatch.setattr(SlicedWork, "finish", finish_later)
    with ThreadPoolExecutor(1) as pool:
        search = pool.submit(client.post, "messages/search", json={"query": "Ada"})
        under_way.wait(10)
        deleted = client.delete(f"agents/{agent_id}")
        may_go_on.set()

    assert (deleted.status_code, search.result().status_code) == (200, 200)
