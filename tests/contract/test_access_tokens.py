"""client.access_tokens: what a client may do that holds a token instead of a key."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from letta_client import (
    APIStatusError,
    AsyncLetta,
    AuthenticationError,
    Letta,
    NotFoundError,
    PermissionDeniedError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, async_client_of
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

HOST = "https://app.example.com"
NOON = "2026-01-01T12:00:00Z"
ALL = ["read_messages", "write_messages", "read_agent", "write_agent"]
Act = Callable[[Letta, str], object]


def rule(agent: AgentState, *access: str) -> Any:  # noqa: ANN401
    return {"type": "agent", "id": agent.id, "access": list(access)}


def holder(client: Letta, agent: AgentState, *access: str) -> Letta:
    """A client with a token for an agent."""
    made = client.access_tokens.create(hostname=HOST, policy=[rule(agent, *access)])
    return client.with_options(api_key=made.token)


def test_a_token_is_made_for_five_minutes(
    mock: MockLetta, client: Letta, agent: AgentState
) -> None:
    mock.clock.freeze(NOON)

    made = checked(client.access_tokens.create(hostname=HOST, policy=[rule(agent, *ALL)]))

    assert made.to_dict() == {
        "token": made.token,
        "hostname": HOST,
        "policy": {"version": "1", "data": [rule(agent, *ALL)]},
        "expiresAt": "2026-01-01T12:05:00.000Z",
    }


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00.000Z"),
        ("2026-02-01T00:00:00.123456+02:00", "2026-01-31T22:00:00.123Z"),
        ("2026-02-01T00:00:00", "2026-02-01T00:00:00.000Z"),
    ],
)
def test_a_token_expires_when_it_is_to(client: Letta, time: str, told: str) -> None:
    made = client.access_tokens.create(hostname=HOST, policy=[], expires_at=time)

    assert made.expires_at == told


@pytest.mark.parametrize(
    "body",
    [
        {"policy": []},
        {"hostname": "app.example.com", "policy": []},
        {"hostname": HOST, "policy": [{"type": "agent", "id": "a", "access": ["all"]}]},
        {"hostname": HOST, "policy": [{"type": "block", "id": "a", "access": []}]},
        {"hostname": HOST, "policy": [], "expires_at": "soon"},
    ],
)
def test_what_cannot_be_a_token_is_refused(client: Letta, body: object) -> None:
    with pytest.raises(UnprocessableEntityError):
        client.post("/v1/client-side-access-tokens", body=body, cast_to=object)
    assert client.access_tokens.list().tokens == []


def test_tokens_are_listed_in_pages(client: Letta, agent: AgentState) -> None:
    made = [
        client.access_tokens.create(hostname=HOST, policy=[rule(agent)] if number % 2 else [])
        for number in range(12)
    ]

    first = checked(client.access_tokens.list())
    second = client.access_tokens.list(offset=10)
    filtered = client.access_tokens.list(agent_id=agent.id, limit=6)

    assert [one.token for one in (*first.tokens, *second.tokens)] == [one.token for one in made]
    assert (first.has_next_page, second.has_next_page, len(second.tokens)) == (True, False, 2)
    assert ([one.token for one in filtered.tokens], filtered.has_next_page) == (
        [one.token for one in made[1::2]],
        False,
    )


def test_a_deleted_token_is_gone(client: Letta, agent: AgentState) -> None:
    made = client.access_tokens.create(hostname=HOST, policy=[rule(agent, *ALL)])

    assert client.access_tokens.delete(made.token) == {}

    assert client.access_tokens.list().tokens == []
    with pytest.raises(AuthenticationError):
        client.with_options(api_key=made.token).agents.retrieve(agent.id)
    with pytest.raises(NotFoundError):
        client.access_tokens.delete(made.token)


def talk(client: Letta, agent_id: str) -> object:
    """Send a message to an agent that the body names."""
    body = {"agent_id": agent_id, "input": "Hello!", "streaming": False}
    return client.post("/v1/conversations/default/messages", body=body, cast_to=object)


READ_AGENT: list[Act] = [
    lambda client, agent: client.agents.retrieve(agent),
    lambda client, agent: client.agents.blocks.list(agent),
]
WRITE_AGENT: list[Act] = [
    lambda client, agent: client.agents.update(agent, name="New"),
    lambda client, agent: client.post(f"/v1/agents/{agent}/recompile", cast_to=str),
]
READ_MESSAGES: list[Act] = [
    lambda client, agent: client.agents.messages.list(agent),
    lambda client, agent: client.conversations.list(agent_id=agent),
    lambda client, agent: client.conversations.messages.list(agent),
]
WRITE_MESSAGES: list[Act] = [
    lambda client, agent: client.agents.messages.create(agent, input="Hello!"),
    lambda client, agent: client.conversations.create(agent_id=agent),
    talk,
]
ACTS = {
    "read_agent": READ_AGENT,
    "write_agent": WRITE_AGENT,
    "read_messages": READ_MESSAGES,
    "write_messages": WRITE_MESSAGES,
}


@pytest.mark.parametrize("access", ACTS)
def test_a_token_allows_what_its_policy_does(client: Letta, agent: AgentState, access: str) -> None:
    allowed = holder(client, agent, access)
    refused = holder(client, agent, *(one for one in ALL if one != access))

    for act in ACTS[access]:
        act(allowed, agent.id)
        with pytest.raises(PermissionDeniedError, match=f"does not allow {access} on agent-"):
            act(refused, agent.id)


def test_a_token_is_for_the_conversations_and_runs_of_its_agent(
    client: Letta, agent: AgentState
) -> None:
    own = client.conversations.create(agent_id=agent.id)
    reply = client.agents.messages.create(agent.id, input="Hello!")
    other = client.conversations.create(agent_id=client.agents.create(model=MODEL).id)
    limited = holder(client, agent, "read_messages")
    run_id = reply.messages[0].run_id or ""

    assert limited.conversations.retrieve(own.id).id == own.id
    assert limited.runs.retrieve(run_id).id == run_id
    with pytest.raises(PermissionDeniedError):
        limited.conversations.retrieve(other.id)


@pytest.mark.parametrize(
    "act",
    [
        lambda client, _: client.agents.list(),
        lambda client, _: client.blocks.list(),
        lambda client, _: client.access_tokens.list(),
        lambda client, _: client.runs.retrieve("run-00000000-0000-4000-8000-000000000000"),
        lambda client, _: client.get("/v1/conversations/", cast_to=object),
        lambda client, other: client.agents.retrieve(other),
        talk,
    ],
)
def test_a_token_is_for_nothing_else(client: Letta, agent: AgentState, act: Act) -> None:
    other = client.agents.create(model=MODEL)

    with pytest.raises(PermissionDeniedError):
        act(holder(client, agent, *ALL), other.id)


def test_a_token_does_not_name_one_agent_and_mean_another(
    client: Letta, mock: MockLetta, agent: AgentState
) -> None:
    other = client.agents.create(model=MODEL)
    token = holder(client, agent, *ALL).api_key
    url = f"{mock.base_url}/v1/conversations/default/messages?agent_id={agent.id}"
    headers = {"authorization": f"Bearer {token}"}

    body = {"agent_id": other.id, "input": "Hello!", "streaming": False}
    named = httpx.post(url, json=body, headers=headers, trust_env=False)
    broken = httpx.post(url, content=b"{", headers=headers, trust_env=False)

    assert (named.status_code, broken.status_code) == (403, 422)


def test_a_token_expires_by_the_clock_of_the_world(
    mock: MockLetta, client: Letta, agent: AgentState
) -> None:
    mock.clock.freeze(NOON)
    limited = holder(client, agent, *ALL)

    mock.clock.advance(timedelta(minutes=4, seconds=59))
    assert limited.agents.retrieve(agent.id).id == agent.id
    mock.clock.advance(1)
    with pytest.raises(AuthenticationError):
        limited.agents.retrieve(agent.id)

    assert limited.health().status == "ok"
    assert client.access_tokens.list().tokens == []
    client.access_tokens.create(hostname=HOST, policy=[])
    assert len(mock.world.store.access_tokens) == 1


def test_a_token_lets_in_where_keys_are_required(serve: Serve) -> None:
    mock = serve(require_key="sk-1")
    with mock.client(max_retries=0) as client:
        agent = client.agents.create(model=MODEL)

        assert holder(client, agent, "read_agent").agents.retrieve(agent.id).id == agent.id
        with pytest.raises(AuthenticationError):
            client.with_options(api_key="ct-let-unknown").agents.retrieve(agent.id)


def test_a_token_leads_to_the_world_it_was_made_in(serve: Serve) -> None:
    mock = serve(tenancy="key")
    with mock.client(api_key="worker", max_retries=0) as client:
        agent = client.agents.create(model=MODEL)

        assert holder(client, agent, "read_agent").agents.retrieve(agent.id).id == agent.id
        with pytest.raises(AuthenticationError):
            client.with_options(api_key="ct-let-unknown").agents.retrieve(agent.id)
    assert list(mock.worlds.by_key) == ["worker"]


def test_a_token_is_part_of_snapshots(mock: MockLetta, client: Letta, agent: AgentState) -> None:
    limited = holder(client, agent, *ALL)
    before = mock.snapshot()
    mock.reset()

    with pytest.raises(APIStatusError):
        limited.agents.retrieve(agent.id)
    mock.restore(before)

    assert limited.agents.retrieve(agent.id).id == agent.id


def test_no_token_is_in_the_journal(mock: MockLetta, client: Letta, agent: AgentState) -> None:
    limited = holder(client, agent, *ALL)
    limited.agents.retrieve(agent.id)
    client.access_tokens.list()
    client.access_tokens.delete(limited.api_key or "")

    text = "".join(
        f"{vars(entry) if hasattr(entry, '__dict__') else entry}" for entry in mock.journal
    )
    shown = [
        (entry.operation, entry.path, entry.params, entry.response_body, entry.headers, entry.key)
        for entry in mock.journal
    ]
    assert (limited.api_key or "") not in f"{text}{shown}"
    assert "ct-l…" in str(shown[-1])


@pytest.mark.anyio
async def test_a_token_serves_the_asynchronous_client(mock: MockLetta) -> None:
    async with async_client_of(mock) as client:
        agent = await client.agents.create(model=MODEL)
        policy = [rule(agent, "read_agent")]
        made = checked(await client.access_tokens.create(hostname=HOST, policy=policy))

        limited: AsyncLetta = client.with_options(api_key=made.token)
        assert (await limited.agents.retrieve(agent.id)).id == agent.id
        assert (await client.access_tokens.list()).tokens[0].token == made.token
        assert await client.access_tokens.delete(made.token) == {}
