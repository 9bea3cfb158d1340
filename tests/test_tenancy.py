"""Many clients at one server, each in a world of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mockletta.commands.serve import serving
from mockletta.hosting.listening import listen, url_of
from mockletta.settings.settings import Settings, Tenancy
from mockletta.testing.mock_letta import MockLetta, make_server, make_worlds
from mockletta.world.worlds import Worlds

WORKERS = 200


@contextmanager
def server(settings: Settings) -> Iterator[tuple[str, Worlds]]:
    """A server's URL and its worlds."""
    worlds = make_worlds(settings)
    listener = listen("127.0.0.1", 0)
    with serving(make_server(worlds), listener):
        yield url_of(listener), worlds


class Worker:
    """A client that knows only its own key."""

    def __init__(self, http: httpx.AsyncClient, number: int) -> None:
        self.name = f"worker-{number}"
        self._http = http
        self._headers = {"authorization": f"Bearer key-{number}"}

    async def work(self) -> dict[str, object]:
        """Make an agent and talk to it; what there is to be seen afterwards."""
        model = "openai/gpt-4o-mini"
        agent = await self._ask("POST", "/v1/agents/", {"name": self.name, "model": model})
        conversation = await self._ask("POST", f"/v1/conversations/?agent_id={agent['id']}")
        path = f"/v1/conversations/{conversation['id']}/messages"
        for text in (f"My name is {self.name}.", "What's my name?"):
            said = {"messages": [{"role": "user", "content": text}], "streaming": False}
            reply = await self._ask("POST", path, said)
        return {
            "reply": reply["messages"][-1]["content"],
            "agents": [one["name"] for one in await self._ask("GET", "/v1/agents/")],
            "conversations": len(await self._ask("GET", "/v1/conversations/")),
            "runs": len(await self._ask("GET", "/v1/runs/")),
        }

    async def _ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        answer = await self._http.request(method, path, json=body, headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_two_hundred_parallel_workers_see_nothing_of_each_other() -> None:
    async def work(url: str, number: int) -> dict[str, object]:
        async with httpx.AsyncClient(base_url=url, verify=False, timeout=60) as http:
            return await Worker(http, number).work()

    async def work_all(url: str) -> list[dict[str, object]]:
        return await asyncio.gather(*(work(url, number) for number in range(WORKERS)))

    with server(Settings(tenancy="key")) as (url, worlds):
        seen = asyncio.run(work_all(url))

    assert seen == [
        {
            "reply": f"Your name is worker-{number}.",
            "agents": [f"worker-{number}"],
            "conversations": 1,
            "runs": 2,
        }
        for number in range(WORKERS)
    ]
    assert len(worlds.by_key) == WORKERS
    assert len(worlds.main.store.agents) == 0


def test_parallel_workers_get_no_more_worlds_than_there_may_be() -> None:
    async def ask_all(url: str) -> list[int]:
        async with httpx.AsyncClient(base_url=url) as http:
            keys = [{"authorization": f"Bearer key-{number}"} for number in range(20)]
            answers = [http.get("/v1/agents/", headers=key) for key in keys]
            return [answer.status_code for answer in await asyncio.gather(*answers)]

    with server(Settings(tenancy="key", max_worlds=5)) as (url, worlds):
        statuses = asyncio.run(ask_all(url))
        again = asyncio.run(ask_all(url))

    assert sorted(statuses) == [200] * 5 + [429] * 15
    assert (again, len(worlds.by_key)) == (statuses, 5)


def test_the_key_of_a_mock_takes_none_of_the_worlds_there_may_be() -> None:
    with MockLetta(tenancy="key", max_worlds=1, port=None) as mock:
        with httpx.Client(transport=mock.transport(), base_url=mock.base_url) as http:
            keys = [mock.api_key, "a", "b", mock.api_key]
            headers = [{"authorization": f"Bearer {key}"} for key in keys]
            statuses = [http.get("/v1/agents/", headers=key).status_code for key in headers]

        assert (statuses, len(mock.journal)) == ([200, 200, 429, 200], 2)


@pytest.mark.parametrize("tenancy", ["none", "key"])
def test_each_world_starts_from_the_seed(tenancy: Tenancy) -> None:
    settings = Settings(tenancy=tenancy, seed="seed_data/demo.yaml")
    worlds = make_worlds(settings)

    first, second = worlds.of("first"), worlds.of("second")

    assert (first is second) == (tenancy == "none")
    assert len(first.store.agents) == len(second.store.agents) == 2
