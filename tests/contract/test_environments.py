"""client.environments: machines on which agents work."""

from pathlib import Path
from typing import Any

import pytest
from letta_client import APIStatusError, AsyncLetta, BadRequestError, Letta, NotFoundError

from mockletta.brain.decisions import Decision
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect, Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps, doubling_agent, guarded, returns
from tests.contract.talk import agent_with_memory, conversation_of, history, plain
from tests.contract.undeclared import checked

pytestmark = [pytest.mark.anyio, needs("environments.list")]
SEED = """
version: 1
environments:
  - device_id: laptop
    name: Nadia's laptop
    user_id: nadia
    mode: acceptEdits
    metadata: {os: linux, gitBranch: main, workingDirectory: /src}
  - {device_id: box, name: Build box, online: false}
"""
NOON = 1_767_268_800_000


@pytest.fixture
def mock(serve: Serve, tmp_path: Path) -> MockLetta:
    file = tmp_path / "seed.yaml"
    file.write_text(SEED)
    return serve(seed=str(file), freeze="2026-01-01T12:00:00Z")


def connection(client: Letta) -> str:
    return str(client.environments.retrieve("laptop").connection_id)


def message(text: str) -> Any:  # noqa: ANN401
    return [{"role": "user", "content": text, "client_message_id": "c1"}]


def test_an_environment_of_a_seed_file_is_there(client: Letta) -> None:
    laptop = checked(client.environments.retrieve("laptop"))

    assert {**plain(laptop), "id": None, "connectionId": None} == {
        "id": None,
        "connectedAt": NOON,
        "connectionId": None,
        "connectionName": "Nadia's laptop",
        "deviceId": "laptop",
        "firstSeenAt": NOON,
        "lastHeartbeat": NOON,
        "lastSeenAt": NOON,
        "organizationId": "org-00000000-0000-4000-8000-000000000000",
        "podId": None,
        "apiKeyOwner": None,
        "currentMode": "acceptEdits",
        "metadata": {
            "gitBranch": "main",
            "lettaCodeVersion": None,
            "nodeVersion": None,
            "os": "linux",
            "workingDirectory": "/src",
        },
        "userId": "nadia",
    }


def test_environments_are_listed_by_pages_and_filters(client: Letta) -> None:
    def names(**query: Any) -> list[str]:  # noqa: ANN401
        page = checked(client.environments.list(**query))
        return [one.device_id for one in page.connections]

    assert names() == ["laptop", "box"]
    assert names(online_only="true") == ["laptop"]
    assert names(user_id="nadia") == ["laptop"]
    assert names(source="remote") == ["laptop", "box"]
    assert names(source="local") == []
    first = client.environments.list(limit="1")
    assert first.has_next_page
    assert names(after=first.connections[0].id) == ["box"]


def test_a_message_is_passed_on_to_the_agent(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)

    sent = checked(
        client.environments.send_message(
            connection(client), messages=message("Hello!"), agent_id=agent_id
        )
    )

    assert (sent.success, sent.message) == (True, "Message sent")
    listed = list(client.agents.messages.list(agent_id, order="asc"))
    assert [one.message_type for one in listed[1:]] == ["user_message", "assistant_message"]
    assert listed[1].otid == "c1"
    (run,) = client.runs.list(agent_id=agent_id)
    assert run.background


def test_a_message_is_passed_on_to_a_conversation(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    parts: Any = [
        {
            "role": "user",
            "content": [{"type": "text", "text": "Hello!"}],
            "client_message_id": "c1",
            "otid": "o1",
        }
    ]

    client.environments.send_message(
        connection(client), messages=parts, conversation_id=conversation
    )

    assert history(client, conversation)[0] == ("user_message", "Hello!")


def test_answers_to_calls_that_wait_are_passed_on(serve: Serve) -> None:
    mock = serve(brain=Steps(guarded(), guarded(), Decision(text="Thanks.")))
    with sync_client(mock) as client:
        body = {"deviceId": "d1", "connectionName": "One", "metadata": {"os": "mac"}}
        made: Any = client.post("/v1/environments/register", body=body, cast_to=object)
        agent_id = doubling_agent(client)
        client.agents.messages.create(agent_id, input="Go!")
        own: Any = {"tool_call_id": "call-1", "tool_return": "42", "status": "success"}
        approve: Any = {"tool_call_id": "call-1", "approve": True}

        for answer in (own, approve):
            client.environments.send_message(
                made["connectionId"],
                messages=[{"type": "approval", "approvals": [answer]}],
                agent_id=agent_id,
            )

        messages = list(client.agents.messages.list(agent_id, order="asc"))
        assert returns(messages) == [("success", "42"), ("success", "42")]


def test_a_machine_comes_online_and_is_forgotten(mock: MockLetta, client: Letta) -> None:
    first = client.environments.retrieve("box")
    assert (first.connection_id, first.connected_at) == (None, None)

    mock.clock.advance(60)
    body = {"deviceId": "box", "connectionName": "Box", "metadata": {"shell": "fish"}}
    made: Any = client.post("/v1/environments/register", body=body, cast_to=object)

    box = client.environments.retrieve("box")
    assert plain(box)["metadata"]["shell"] == "fish"  # type: ignore[index]
    assert (box.id, box.connection_id) == (first.id, made["connectionId"])
    assert (box.first_seen_at, box.last_seen_at) == (NOON, NOON + 60_000)
    client.delete("/v1/environments/box", cast_to=object)
    with pytest.raises(NotFoundError) as gone:
        client.environments.retrieve("box")
    assert gone.value.body == {
        "errorCode": "ENVIRONMENT_NOT_FOUND",
        "message": "Environment box not found",
    }


@pytest.mark.parametrize(
    ("to", "target", "error"),
    [
        ("nowhere", {"agent_id": "agent-1"}, NotFoundError),
        (None, {}, BadRequestError),
        (None, {"agent_id": "agent-1"}, NotFoundError),
        (None, {"conversation_id": "conv-1"}, NotFoundError),
    ],
)
def test_a_message_that_nobody_can_take_is_refused(
    client: Letta, to: str | None, target: dict[str, Any], error: type[APIStatusError]
) -> None:
    with pytest.raises(error):
        client.environments.send_message(to or connection(client), messages=message("x"), **target)


def test_there_is_an_end_to_environments(mock: MockLetta, client: Letta) -> None:
    row = next(iter(mock.world.store.environments))
    for number in range(998):
        mock.world.store.environments.add(row.changed({"id": str(number)}))

    body = {"deviceId": "more", "connectionName": "More"}
    with pytest.raises(BadRequestError, match="There can be 1000 environments"):
        client.post("/v1/environments/register", body=body, cast_to=object)


def test_environments_live_on_in_files(mock: MockLetta, client: Letta, tmp_path: Path) -> None:
    mock.save(tmp_path / "world.jsonl")

    with MockLetta() as other, sync_client(other) as elsewhere:
        other.load(tmp_path / "world.jsonl")
        assert plain(elsewhere.environments.list()) == plain(client.environments.list())


def test_a_device_is_declared_once(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(SEED.replace("device_id: box", "device_id: laptop"))

    with pytest.raises(ValueError, match="the environment laptop already exists"):
        serve(seed=str(file))


def test_an_open_server_has_no_environments(connect: Connect) -> None:
    with pytest.raises(NotFoundError) as refused:
        connect(quirks=["no-cloud"]).environments.list()

    assert refused.value.body == {"detail": "Not Found"}


async def test_environments_are_seen_asynchronously(
    mock: MockLetta, async_client: AsyncLetta
) -> None:
    page = await async_client.environments.list()
    laptop = await async_client.environments.retrieve("laptop")

    assert plain(page.connections[0]) == plain(laptop)
