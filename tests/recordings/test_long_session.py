"""What an app sees with everything at once, live and replayed: parallel conversations, streams that
take their time, background runs that are resumed, approvals, and the TypeScript SDK."""

import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest
from letta_client import Letta

from mockletta import MockLetta
from tests.contract.sdk import IS_OLDER
from tests.environment import skip_unless
from tests.recordings.sessions import KEY, recorded, replayed
from tests.typescript.telling import HERE, lacking

MODEL = "openai/gpt-4o-mini"
PACED = {"tokens_per_second": 200, "jitter": 0.5}
SCRIPT = {
    "replies": [
        {"when": "delete", "reply": [{"call": "rm", "approve": True, "returns": "x"}, "Done."]},
        {"when": "count for {name}", "reply": [{"say": "{{ name }}: 1 2 3 4 5 6 7 8", **PACED}]},
        {"reply": "You said {{ message }}."},
    ]
}
NODE = """
import { Letta } from "@letta-ai/letta-client";
const client = new Letta({ baseURL: process.argv[2], apiKey: "k", maxRetries: 0 });
const agent = await client.agents.create({ name: "node", model: "openai/gpt-4o-mini" });
const conversation = await client.conversations.create({ agent_id: agent.id });
const stream = await client.conversations.messages.create(conversation.id, {
  input: "count for node", stream_tokens: true,
});
const told = [];
for await (const message of stream) told.push(message);
for await (const block of client.blocks.list({ limit: 1 })) told.push(block);
console.log(JSON.stringify(told));
"""


def conversation(url: str, name: str) -> list[object]:
    """One of several conversations at once, each with an agent of its own."""
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}) as client:
        agent = client.post("/v1/agents/", json={"name": "same", "model": MODEL}).json()["id"]
        path = f"/v1/conversations/?agent_id={agent}"
        path = f"/v1/conversations/{client.post(path, json={}).json()['id']}/messages"
        seen: list[object] = []
        for _ in range(2):
            body = {"input": f"count for {name}", "stream_tokens": True}
            with client.stream("POST", path, json=body) as response:
                seen.append(list(response.iter_raw()))
        return [*seen, client.get(path).json(), client.get(f"/v1/agents/{agent}").json()]


def in_parallel(url: str) -> Sequence[list[object]]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(partial(conversation, url), ["Ann", "Bob", "Cleo", "Dan"]))


def background(client: Letta) -> list[object]:
    """A run in the background is left, followed to its end, and an approval is given."""
    agent = client.agents.create(name="background", model=MODEL)
    conversation_id = client.conversations.create(agent_id=agent.id).id
    send = partial(client.conversations.messages.create, conversation_id)
    with send(input="count for Eve", background=True, stream_tokens=True) as stream:
        run_ids = (one.model_dump().get("run_id") for one in stream)
        run_id = next(one for one in run_ids if one)
    told = [one.model_dump_json() for one in client.runs.messages.stream(str(run_id))]
    asked = [
        one for one in send(input="delete it") if one.message_type == "approval_request_message"
    ]
    call_id = asked[0].tool_call.tool_call_id
    approval = {"type": "approval", "tool_call_id": call_id, "approve": True}
    given = send(messages=[{"type": "approval", "approvals": [approval]}])  # type: ignore[list-item]
    return [*told, *(one.model_dump_json() for one in given)]


def client_of(url: str) -> Letta:
    return Letta(base_url=url, api_key=KEY, max_retries=0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "long.jsonl"


def test_parallel_conversations_do_not_take_each_others_answers(file: Path) -> None:
    with MockLetta(script=SCRIPT) as server, recorded(server.base_url, file) as session:
        live = in_parallel(session.base_url)
    with replayed(file) as session:
        again = in_parallel(session.base_url)
        assert session.unused == []
    assert [told_of(one) for one in again] == [told_of(one) for one in live]


def told_of(seen: Sequence[object]) -> list[str]:
    """What an agent said in a conversation, and how many pieces it came in."""
    streams = [one for one in seen[:2] if isinstance(one, list)]
    texts = [part.decode().partition('"content":')[2][:20] for one in streams for part in one]
    return [str([len(one) for one in streams]), *texts]


@pytest.mark.skipif(IS_OLDER, reason="an older SDK has no stream of a run")
def test_background_runs_and_approvals_replay(file: Path) -> None:
    with MockLetta(script=SCRIPT) as server, recorded(server.base_url, file) as session:
        live = background(client_of(session.base_url))
    with replayed(file) as session:
        assert background(client_of(session.base_url)) == live


@skip_unless(lacking() is None, str(lacking()))
def test_the_typescript_sdk_sees_the_same(file: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "app.mjs").write_text(NODE)
    with MockLetta(script=SCRIPT) as server, recorded(server.base_url, file) as session:
        live = told_by_node(tmp_path, session.base_url)
    with replayed(file) as session:
        assert told_by_node(tmp_path, session.base_url) == live


def told_by_node(directory: Path, url: str) -> object:
    told = subprocess.check_output(["node", "app.mjs", url], cwd=directory, text=True)
    return json.loads(told)
