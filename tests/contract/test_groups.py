"""Groups of agents as data, which older SDKs called client.groups."""

from typing import Any

import pytest
from letta_client import (
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)

from tests.contract.conftest import Connect
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"
NOTHING: dict[str, object] = dict.fromkeys(
    [
        "project_id",
        "template_id",
        "base_template_id",
        "deployment_id",
        "manager_agent_id",
        "termination_token",
        "max_turns",
        "sleeptime_agent_frequency",
        "turns_counter",
        "last_processed_message_id",
        "max_message_buffer_length",
        "min_message_buffer_length",
        "hidden",
    ]
)


def ask(client: Letta, method: str, path: str = "", **sent: object) -> Any:  # noqa: ANN401
    """What an operation on groups answers."""
    return getattr(client, method)(f"/v1/groups/{path}", cast_to=object, **sent)


@pytest.fixture
def agents(client: Letta) -> list[str]:
    return [client.agents.create(model=MODEL).id for _ in range(2)]


def make(client: Letta, agent_ids: list[str], **values: object) -> dict[str, Any]:
    body = {"agent_ids": agent_ids, "description": "A team", **values}
    made: dict[str, Any] = ask(client, "post", body=body)
    return made


def test_a_group_is_made_of_agents(client: Letta, agents: list[str]) -> None:
    made = make(client, agents)

    assert made == {
        **NOTHING,
        "id": made["id"],
        "manager_type": "round_robin",
        "agent_ids": agents,
        "description": "A team",
        "shared_block_ids": [],
    }
    assert ask(client, "get", made["id"]) == made


@pytest.mark.parametrize(
    ("manager", "kept"),
    [
        ({"manager_type": "round_robin", "max_turns": 3}, {}),
        ({"manager_type": "supervisor", "manager_agent_id": "m"}, {}),
        ({"manager_type": "dynamic", "manager_agent_id": "m"}, {"termination_token": "DONE!"}),
        (
            {
                "manager_type": "sleeptime",
                "manager_agent_id": "m",
                "sleeptime_agent_frequency": 5,
            },
            {"turns_counter": -1},
        ),
        (
            {
                "manager_type": "voice_sleeptime",
                "manager_agent_id": "m",
                "max_message_buffer_length": 9,
                "min_message_buffer_length": 2,
            },
            {},
        ),
    ],
)
def test_a_group_is_managed_in_one_of_five_ways(
    client: Letta, agents: list[str], manager: dict[str, object], kept: dict[str, object]
) -> None:
    config = {
        **manager,
        **({"manager_agent_id": agents[0]} if "manager_agent_id" in manager else {}),
    }

    made = make(client, agents[1:], manager_config=config)

    assert made == {**made, **config, **kept}


def test_an_agent_shows_the_group_it_manages(client: Letta, agents: list[str]) -> None:
    config = {"manager_type": "supervisor", "manager_agent_id": agents[0]}
    made = make(client, agents[1:], manager_config=config)

    shown = checked(client.agents.retrieve(agents[0], include=["agent.managed_group"]))

    assert shown.managed_group is not None
    assert shown.managed_group.to_dict() == made
    assert client.agents.retrieve(agents[0]).managed_group is None
    other = client.agents.retrieve(agents[1], include=["agent.managed_group"])
    assert other.managed_group is None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"agent_ids": [UNKNOWN]}, ConflictError),
        ({"shared_block_ids": [UNKNOWN.replace("agent", "block")]}, ConflictError),
        (
            {"manager_config": {"manager_type": "supervisor", "manager_agent_id": UNKNOWN}},
            ConflictError,
        ),
        ({"agent_ids": ["nope"]}, UnprocessableEntityError),
        ({"description": None}, UnprocessableEntityError),
        ({"manager_config": {"manager_type": "supervisor"}}, UnprocessableEntityError),
        ({"manager_config": {"manager_type": "king"}}, UnprocessableEntityError),
    ],
)
def test_what_is_no_group_is_refused(
    client: Letta, agents: list[str], wrong: dict[str, object], error: type[Exception]
) -> None:
    body = {"agent_ids": agents, "description": "A team", **wrong}
    with pytest.raises(error):
        ask(client, "post", body=body)
    assert ask(client, "get") == []


def test_a_change_leaves_what_it_does_not_name(client: Letta, agents: list[str]) -> None:
    dynamic = {"manager_type": "dynamic", "manager_agent_id": agents[0]}
    made = make(client, agents, manager_config=dynamic)
    manager = {"manager_type": "dynamic", "manager_agent_id": agents[1], "max_turns": 2}

    told = ask(client, "patch", made["id"], body={"agent_ids": agents[:1]})
    managed = ask(client, "patch", made["id"], body={"manager_config": manager})

    assert told == {**made, "agent_ids": agents[:1]}
    assert managed == {**told, **manager}
    assert ask(client, "patch", made["id"], body={"agent_ids": []}) == managed
    with pytest.raises(BadRequestError, match="Cannot change group pattern after creation"):
        ask(client, "patch", made["id"], body={"manager_config": {"manager_type": "round_robin"}})
    with pytest.raises(ConflictError):
        ask(client, "patch", made["id"], body={"agent_ids": [UNKNOWN], "description": "New"})
    assert ask(client, "get", made["id"]) == managed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["one", "two", "three"]),
        ({"order": "desc", "limit": 2}, ["three", "two"]),
        ({"manager_type": "supervisor"}, ["three"]),
        ({"project_id": "shop"}, ["two"]),
    ],
)
def test_groups_are_listed_and_counted(
    client: Letta, agents: list[str], query: dict[str, object], found: list[str]
) -> None:
    supervisor = {"manager_type": "supervisor", "manager_agent_id": agents[0]}
    make(client, agents, description="one")
    make(client.with_options(project="shop"), agents, description="two")
    make(client, agents, description="three", manager_config=supervisor)

    listed = ask(client, "get", options={"params": query})

    assert [one["description"] for one in listed] == found
    assert ask(client, "get", "count") == 3
    assert ask(client.with_options(project="shop"), "get", "count") == 1


def test_a_quirk_puts_groups_in_no_project(connect: Connect) -> None:
    client = connect(quirks=["no-cloud"])
    agent_id = client.agents.create(model=MODEL).id

    made = make(client, [agent_id], project_id="shop")
    changed = ask(client, "patch", made["id"], body={"project_id": "shop"})

    assert (made["project_id"], changed["project_id"]) == (None, None)


def test_the_groups_of_an_agent_are_listed(client: Letta, agents: list[str]) -> None:
    both, one = make(client, agents), make(client, agents[:1])

    def of(agent_id: str, **query: object) -> list[str]:
        path = f"/v1/agents/{agent_id}/groups"
        told: Any = client.get(path, cast_to=object, options={"params": query})
        return [group["id"] for group in told]

    assert of(agents[0]) == [one["id"], both["id"]]
    assert of(agents[1]) == [both["id"]]
    assert of(agents[0], manager_type="dynamic") == of(UNKNOWN) == []


def test_a_group_has_no_messages(client: Letta, agents: list[str]) -> None:
    group = make(client, agents)["id"]

    assert ask(client, "get", f"{group}/messages") == []
    assert ask(client, "patch", f"{group}/reset-messages") is None


def test_a_group_shares_blocks(client: Letta, agents: list[str]) -> None:
    group = make(client, agents)["id"]
    block = client.blocks.create(label="facts", value="F").id

    for verb, shared in (("attach", [block]), ("attach", [block]), ("detach", [])):
        ask(client, "patch", f"{group}/blocks/{verb}/{block}")
        assert ask(client, "get", group)["shared_block_ids"] == shared


def test_a_deleted_agent_leaves_its_groups(client: Letta, agents: list[str]) -> None:
    config = {"manager_type": "supervisor", "manager_agent_id": agents[0]}
    managed = make(client, agents[1:], manager_config=config)["id"]
    other = make(client, agents)["id"]

    client.agents.delete(agents[0])

    assert ask(client, "get", other)["agent_ids"] == agents[1:]
    with pytest.raises(NotFoundError):
        ask(client, "get", managed)


def test_a_deleted_group_is_gone(client: Letta, agents: list[str]) -> None:
    group = make(client, agents)["id"]

    assert ask(client, "delete", group) == {"message": f"Group id={group} successfully deleted"}

    with pytest.raises(NotFoundError, match="Group not found"):
        ask(client, "delete", group)
