"""Identities: client.agents.identities, and what older SDKs called client.identities."""

from typing import Any

import pytest
from letta_client import (
    AsyncLetta,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState

from mockletta.errors import ORGANIZATION_ID
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

UNKNOWN = "identity-00000000-0000-4000-8000-000000000000"
ANN: dict[str, Any] = {"identifier_key": "ann", "name": "Ann", "identity_type": "user"}
TALL: dict[str, Any] = {"key": "height", "value": 1.9, "type": "number"}
OLD: dict[str, Any] = {"key": "age", "value": 90, "type": "number"}
IDENTITIES = ["agent.identities"]


def ask(client: Letta, method: str, path: str = "", **sent: object) -> Any:  # noqa: ANN401
    """What an operation on identities answers."""
    verb = getattr(client, method)
    return verb(f"/v1/identities/{path}", cast_to=object, **sent)


def make(client: Letta, key: str = "ann", /, **values: object) -> dict[str, Any]:
    made: dict[str, Any] = ask(
        client, "post", body={**ANN, "identifier_key": key, "name": key.title(), **values}
    )
    return made


def names(listed: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in listed]


def related(client: Letta, identity_id: str, kind: str) -> list[str]:
    """The ids of an identity's agents or blocks."""
    return [one["id"] for one in ask(client, "get", f"{identity_id}/{kind}")]


def test_an_identity_is_kept(client: Letta) -> None:
    made = make(client, properties=[TALL])

    assert made == {
        **ANN,
        "id": made["id"],
        "project_id": None,
        "agent_ids": [],
        "block_ids": [],
        "organization_id": ORGANIZATION_ID,
        "properties": [TALL],
    }
    assert ask(client, "get", made["id"]) == made
    assert ask(client, "get") == [made]


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity_type": "cat"},
        {"name": None},
        {"agent_ids": ["nope"]},
        {"properties": [{"key": "a", "value": 1, "type": "colour"}]},
    ],
)
def test_what_is_no_identity_is_refused(client: Letta, wrong: dict[str, object]) -> None:
    with pytest.raises(UnprocessableEntityError):
        make(client, "ann", **wrong)
    assert ask(client, "get") == []


def test_a_key_is_given_once_in_a_project(client: Letta) -> None:
    make(client)
    bob = make(client, "bob")

    with pytest.raises(ConflictError):
        make(client)
    with pytest.raises(ConflictError):
        ask(client, "patch", bob["id"], body={"identifier_key": "ann"})
    assert make(client, project_id="shop")["identifier_key"] == "ann"
    assert ask(client, "get", bob["id"]) == bob


def test_an_identity_is_made_with_agents_and_blocks(client: Letta, agent: AgentState) -> None:
    block = client.blocks.create(label="facts", value="F")

    ann = make(client, agent_ids=[agent.id], block_ids=[block.id])

    assert (ann["agent_ids"], ann["block_ids"]) == ([], [])
    assert related(client, ann["id"], "agents") == [agent.id]
    assert related(client, ann["id"], "blocks") == [block.id]
    shown = checked(client.agents.retrieve(agent.id, include=["agent.identities"]))
    assert (shown.identity_ids, [one.to_dict() for one in shown.identities or []]) == (
        [ann["id"]],
        [ann],
    )
    hidden = client.agents.retrieve(agent.id)
    assert (hidden.identity_ids, hidden.identities) == ([], [])


@pytest.mark.parametrize("field", ["agent_ids", "block_ids"])
def test_an_identity_of_what_there_is_not_is_refused(client: Letta, field: str) -> None:
    prefix = field.removesuffix("_ids")
    with pytest.raises(ConflictError, match="there is no"):
        make(client, "ann", **{field: [f"{prefix}-00000000-0000-4000-8000-000000000000"]})
    assert ask(client, "get") == []


def test_a_change_leaves_what_it_does_not_name(client: Letta, agent: AgentState) -> None:
    ann = make(client, properties=[TALL], agent_ids=[agent.id])

    changed = ask(client, "patch", ann["id"], body={"name": "Anna", "identity_type": None})
    same = ask(client, "patch", ann["id"], body={"agent_ids": []})

    assert changed == {**ann, "name": "Anna"}
    assert same == changed
    assert related(client, ann["id"], "agents") == [agent.id]


def test_a_change_adds_properties_and_an_upsert_of_them_replaces_all(client: Letta) -> None:
    ann = make(client, properties=[TALL])
    short = {**TALL, "value": 1.5}

    changed = ask(client, "patch", ann["id"], body={"properties": [short]})
    added = ask(client, "patch", ann["id"], body={"properties": [OLD]})
    replaced = ask(client, "put", f"{ann['id']}/properties", body=[OLD])

    assert changed["properties"] == [short]
    assert added["properties"] == [short, OLD]
    assert replaced["properties"] == [OLD]


def test_an_upsert_makes_an_identity_or_changes_it(client: Letta) -> None:
    made = ask(client, "put", body=ANN)
    changed = ask(client, "put", body={**ANN, "name": "Anna", "properties": [TALL]})

    assert changed == {**made, "name": "Anna", "properties": [TALL]}
    assert ask(client, "get", "count") == 1


def test_an_upsert_made_nothing_on_the_recorded_server(connect: Connect) -> None:
    client = connect(quirks=["upsert-only-updates"])

    with pytest.raises(NotFoundError):
        ask(client, "put", body=ANN)
    made = make(client)
    assert ask(client, "put", body={**ANN, "name": "Anna"}) == {**made, "name": "Anna"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Org", "Bob", "Ann"]),
        ({"order": "asc"}, ["Ann", "Bob", "Org"]),
        ({"limit": 1}, ["Org"]),
        ({"name": "Bob"}, ["Bob"]),
        ({"identifier_key": "ann"}, ["Ann"]),
        ({"identity_type": "org"}, ["Org"]),
        ({"project_id": "shop"}, ["Bob"]),
    ],
)
def test_identities_are_listed(client: Letta, query: dict[str, object], found: list[str]) -> None:
    make(client)
    make(client, "bob", project_id="shop")
    make(client, "org", identity_type="org")

    assert names(ask(client, "get", options={"params": query})) == found


def test_identities_are_of_the_project_of_the_client(client: Letta) -> None:
    shop = client.with_options(project="shop")
    make(client)

    assert make(shop, "bob")["project_id"] == "shop"
    assert names(ask(shop, "get")) == ["Bob"]
    assert (ask(shop, "get", "count"), ask(client, "get", "count")) == (1, 2)


def test_an_agent_is_made_and_changed_with_identities(client: Letta) -> None:
    ann, bob = make(client)["id"], make(client, "bob")["id"]

    agent = client.agents.create(model=MODEL, identity_ids=[ann])
    changed = client.agents.update(agent.id, identity_ids=[bob])

    assert (agent.identity_ids, changed.identity_ids) == ([ann], [bob])
    assert [one.identifier_key for one in changed.identities or []] == ["bob"]
    with pytest.raises(ConflictError):
        client.agents.update(agent.id, identity_ids=[UNKNOWN])
    with pytest.raises(ConflictError):
        client.agents.create(model=MODEL, identity_ids=[UNKNOWN])
    assert client.agents.update(agent.id, name="New").identity_ids == [bob]


def test_an_identity_is_attached_and_detached(client: Letta, agent: AgentState) -> None:
    ann = make(client)["id"]

    for _ in range(2):
        assert client.agents.identities.attach(ann, agent_id=agent.id) is None
    assert related(client, ann, "agents") == [agent.id]
    for _ in range(2):
        assert client.agents.identities.detach(ann, agent_id=agent.id) is None
    assert related(client, ann, "agents") == []


@pytest.mark.parametrize("verb", ["attach", "detach"])
def test_what_is_not_there_cannot_be_attached(client: Letta, agent: AgentState, verb: str) -> None:
    act = getattr(client.agents.identities, verb)
    ann = make(client)["id"]

    with pytest.raises(NotFoundError, match="Identity not found"):
        act(UNKNOWN, agent_id=agent.id)
    with pytest.raises(NotFoundError, match="Agent not found"):
        act(ann, agent_id="agent-00000000-0000-4000-8000-000000000000")


def test_a_block_gets_an_identity_and_loses_it(client: Letta) -> None:
    block, ann = client.blocks.create(label="facts", value="F"), make(client)["id"]
    path = f"/v1/blocks/{block.id}/identities"

    verbs = [("attach", [block.id]), ("detach", list[str]())]
    for verb, held in (one for one in verbs for _ in range(2)):
        told: Any = client.patch(f"{path}/{verb}/{ann}", cast_to=object)
        assert told["id"] == block.id
        assert related(client, ann, "blocks") == held


def test_agents_and_blocks_are_found_by_their_identities(client: Letta) -> None:
    ann, bob = make(client)["id"], make(client, "bob")["id"]
    agents = [client.agents.create(model=MODEL, identity_ids=[one]).id for one in (ann, bob)]
    blocks = [client.blocks.create(label="a", value="").id for _ in range(2)]
    client.patch(f"/v1/blocks/{blocks[0]}/identities/attach/{ann}", cast_to=object)

    def found(**query: Any) -> list[list[str]]:  # noqa: ANN401
        return [
            [one.id for one in client.agents.list(**query)],
            [one.id for one in client.blocks.list(**query)],
        ]

    assert found(identity_id=ann) == [[agents[0]], [blocks[0]]]
    assert found(identifier_keys=["bob"]) == [[agents[1]], []]
    assert found(identifier_keys=["ann", "bob"], order="asc") == [agents, [blocks[0]]]
    assert found(identity_id=ann, identifier_keys=["bob"]) == [[], []]


def test_the_agents_and_blocks_of_an_identity_are_listed(client: Letta) -> None:
    ann = make(client)["id"]
    agents = [client.agents.create(model=MODEL, identity_ids=[ann]).id for _ in range(2)]
    block = client.blocks.create(label="a", value="").id
    client.patch(f"/v1/blocks/{block}/identities/attach/{ann}", cast_to=object)

    listed = ask(client, "get", f"{ann}/agents", options={"params": {"include": IDENTITIES}})

    assert [one["id"] for one in listed] == agents[::-1]
    assert [one["identity_ids"] for one in listed] == [[ann], [ann]]
    assert [one["id"] for one in ask(client, "get", f"{ann}/blocks")] == [block]


def test_what_is_deleted_leaves_its_identities_and_they_leave_it(
    mock: MockLetta, client: Letta
) -> None:
    ann = make(client)["id"]
    agents = [client.agents.create(model=MODEL, identity_ids=[ann]).id for _ in range(2)]
    block = client.blocks.create(label="a", value="").id
    client.patch(f"/v1/blocks/{block}/identities/attach/{ann}", cast_to=object)

    client.agents.delete(agents[0])
    client.blocks.delete(block)
    assert related(client, ann, "agents") == [agents[1]]
    assert related(client, ann, "blocks") == []

    assert ask(client, "delete", ann) is None
    assert client.agents.retrieve(agents[1], include=["agent.identities"]).identities == []
    assert len(mock.world.store.identities) == 0
    with pytest.raises(NotFoundError):
        ask(client, "delete", ann)


@pytest.mark.anyio
async def test_identities_serve_the_asynchronous_client(
    client: Letta, async_client: AsyncLetta
) -> None:
    ann = make(client)["id"]
    agent = await async_client.agents.create(model=MODEL)

    await async_client.agents.identities.attach(ann, agent_id=agent.id)

    assert related(client, ann, "agents") == [agent.id]
    await async_client.agents.identities.detach(ann, agent_id=agent.id)
    assert related(client, ann, "agents") == []


def test_a_name_is_found_by_its_parts_and_zero_is_no_limit(client: Letta) -> None:
    for key in ("ann", "bob"):
        make(client, key, name=f"{key.title()} Lee")

    assert [one["name"] for one in ask(client, "get", "?name=ANN")] == ["Ann Lee"]
    assert len(ask(client, "get", "?limit=0")) == 2
    with pytest.raises(NotFoundError, match="No Identity found with id identity-0"):
        ask(client, "get", f"?after={UNKNOWN}")
