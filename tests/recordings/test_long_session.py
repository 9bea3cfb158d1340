"""An app sees the same directly, through the proxy, and in a replay without the upstream: parallel
conversations, background runs that are resumed, approvals, and three SDKs."""

import asyncio
import json
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from letta_client import Letta

from mockletta import MockLetta
from tests.contract.sdk import IS_OLDER
from tests.environment import skip_unless
from tests.recordings.sessions import (
    KEY,
    SCRIPT,
    Seen,
    async_session,
    mixed_session,
    recorded,
    replayed,
    upstream,
    watched,
)
from tests.typescript.telling import HERE, lacking

MODEL = "openai/gpt-4o-mini"
NODE = """
import { Letta } from "@letta-ai/letta-client";
const seen = [];
const watching = async (url, options) => {
  const response = await fetch(url, options);
  const [mine, theirs] = response.body.tee();
  seen.push([response.status, response.headers.get("content-type"), new Response(mine).text()]);
  return new Response(theirs, response);
};
const client = new Letta({
  baseURL: process.argv[2], apiKey: "k", maxRetries: 0, fetch: watching,
});
const agent = await client.agents.create({ name: "node", model: "openai/gpt-4o-mini" });
const conversation = await client.conversations.create({ agent_id: agent.id });
for (const input of ["the weather", "count"]) {
  const stream = await client.conversations.messages.create(conversation.id, {
    input, stream_tokens: true,
  });
  for await (const message of stream);
}
for await (const block of client.blocks.list({ limit: 1 }));
console.log(JSON.stringify(await Promise.all(seen.map((one) => Promise.all(one)))));
"""
T = TypeVar("T")


def three_ways(
    session: Callable[[str], T], file: Path, start: Callable[[], MockLetta] = upstream
) -> list[T]:
    """What a session sees without the proxy, through it, and replayed."""
    with start() as server:
        direct = session(server.base_url)
    with start() as server, recorded(server.base_url, file) as proxy:
        live = session(proxy.base_url)
    with replayed(file) as proxy:
        again = session(proxy.base_url)
        assert proxy.unused == []
    return [direct, live, again]


def conversation(url: str, name: str) -> list[object]:
    """One of several conversations at once, each with an agent of its own."""
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}) as client:
        agent = client.post("/v1/agents/", json={"name": "same", "model": MODEL}).json()["id"]
        path = f"/v1/conversations/?agent_id={agent}"
        path = f"/v1/conversations/{client.post(path, json={}).json()['id']}/messages"
        seen: list[object] = []
        for number in range(2):
            body = {"input": f"parallel {number} for {name}", "stream_tokens": True}
            with client.stream("POST", path, json=body) as response:
                seen += [one for one in response.iter_lines() if '"content"' in one]
        return [said(one) for one in [*seen, *client.get(path).json()]]


def said(seen: Any) -> object:  # noqa: ANN401 - an event as text, or a message
    """What was said, without ids: they depend on which conversation came first."""
    row = json.loads(seen.partition(":")[2]) if isinstance(seen, str) else seen
    return row["message_type"], str(row.get("content"))[:40]


def in_parallel(url: str) -> Sequence[list[object]]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(partial(conversation, url), ["Ann", "Bob", "Cleo", "Dan"]))


def background(url: str) -> list[Seen]:
    """A run in the background is left, followed to its end, and an approval is given."""
    with watched(url) as (client, seen):
        agent = client.agents.create(name="background", model=MODEL)
        conversation_id = client.conversations.create(agent_id=agent.id).id
        send = partial(client.conversations.messages.create, conversation_id)
        with send(input="count", background=True, stream_tokens=True) as stream:
            run_ids = (one.model_dump().get("run_id") for one in stream)
            run_id = next(one for one in run_ids if one)
        list(client.runs.messages.stream(str(run_id)))
        asked = [one for one in send(input="delete") if "approval" in str(one.message_type)]
        call = asked[0].model_dump()["tool_call"]
        approve(client, conversation_id, call["tool_call_id"])
    return seen


def approve(client: Letta, conversation_id: str, call_id: str) -> None:
    approval = {"type": "approval", "tool_call_id": call_id, "approve": True}
    sent = {"type": "approval", "approvals": [approval]}
    list(client.conversations.messages.create(conversation_id, messages=[sent]))  # type: ignore[list-item]


def async_app(url: str) -> list[Seen]:
    return asyncio.run(async_session(url))


def node(directory: Path, url: str) -> object:
    """What the TypeScript SDK receives: statuses, types and bodies."""
    seen = subprocess.check_output(["node", "app.mjs", url], cwd=directory, text=True)
    return json.loads(seen)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "long.jsonl"


@pytest.mark.parametrize("session", [mixed_session, async_app])
def test_every_answer_is_the_same(session: Callable[[str], list[Seen]], file: Path) -> None:
    direct, live, again = three_ways(session, file)
    assert live == direct
    assert again == direct


def test_parallel_conversations_do_not_take_each_others_answers(file: Path) -> None:
    direct, live, again = three_ways(in_parallel, file, partial(MockLetta, script=SCRIPT))
    assert live == direct
    assert again == direct


@pytest.mark.skipif(IS_OLDER, reason="an older SDK has no stream of a run")
def test_background_runs_and_approvals_are_the_same(file: Path) -> None:
    direct, live, again = three_ways(background, file)
    assert live == direct
    assert again == direct


@skip_unless(lacking() is None, str(lacking()))
def test_the_typescript_sdk_receives_the_same(file: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "app.mjs").write_text(NODE)
    direct, live, again = three_ways(partial(node, tmp_path), file)
    assert live == direct
    assert again == direct
