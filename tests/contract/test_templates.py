"""client.templates: agents to make agents from."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from letta_client import (
    APIStatusError,
    AsyncLetta,
    BadRequestError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect, sync_client
from tests.contract.exported import RELATIONS, exported
from tests.contract.sdk import needs
from tests.contract.steps import DOUBLE
from tests.contract.talk import MODEL, plain
from tests.contract.undeclared import checked

pytestmark = [pytest.mark.anyio, needs("templates.create")]
UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"


@pytest.fixture
def agent(client: Letta) -> AgentState:
    """An agent with variables in its memory and its instructions."""
    tool = client.tools.create(source_code=DOUBLE)
    return client.agents.create(
        name="Ada",
        model=MODEL,
        system="You help {{who}}.",
        description="Counts",
        tags=["old"],
        tool_ids=[tool.id],
        memory_blocks=[{"label": "human", "value": "Name: {{ name }}. Likes {{food}}."}],
        secrets={"TOKEN": "hush"},
    )


def template(client: Letta, agent: AgentState, name: str = "helper") -> str:
    return checked(client.templates.create(type="agent", agent_id=agent.id, name=name)).name


def made(client: Letta, version: str, **given: Any) -> AgentState:  # noqa: ANN401
    """The agent that a template makes."""
    answer = checked(client.templates.agents.create(version, **given))
    return checked(client.agents.retrieve(answer.agent_ids[0], include=RELATIONS))


def changed(client: Letta, agent: AgentState, **values: object) -> dict[str, Any]:
    """An agent's file with its first agent changed."""
    file = exported(client, agent.id)
    file["agents"][0] |= values
    return file


def test_a_template_is_made_of_an_agent(client: Letta, agent: AgentState) -> None:
    row = checked(client.templates.create(type="agent", agent_id=agent.id, name="helper"))

    assert {**plain(row), "id": None, "updated_at": None} == {
        "id": None,
        "description": "Counts",
        "latest_version": "1",
        "name": "helper",
        "project_id": "00000000-0000-4000-8000-000000000000",
        "project_slug": "default-project",
        "template_deployment_slug": "default-project/helper:1",
        "updated_at": None,
    }
    assert row.updated_at.endswith("Z")


def test_an_agent_of_a_template_has_variables_of_its_own(client: Letta, agent: AgentState) -> None:
    template(client, agent)

    copy = made(
        client,
        "helper",
        agent_name="Bea",
        memory_variables={"name": "Nadia", "who": "people"},
        tool_variables={"TOKEN": "mine"},
        tags=["new"],
    )

    assert (copy.name, copy.tags, copy.system) == ("Bea", ["old", "new"], "You help people.")
    assert copy.blocks[0].value == "Name: Nadia. Likes {{food}}."
    assert [(one.key, one.value) for one in copy.secrets or []] == [("TOKEN", "mine")]
    assert [tool.id for tool in copy.tools] == [tool.id for tool in agent_tools(client, agent)]
    variables: Any = client.get(f"/v1/agents/{copy.id}/core-memory/variables", cast_to=object)
    assert variables == {"variables": {"name": "Nadia", "who": "people"}}


def agent_tools(client: Letta, agent: AgentState) -> list[Any]:
    return client.agents.retrieve(agent.id, include=RELATIONS).tools


def test_agents_of_a_template_are_found_by_it(client: Letta, agent: AgentState) -> None:
    row = client.templates.create(type="agent", agent_id=agent.id, name="helper")
    answer = client.templates.agents.create("helper:1")

    (copy,) = client.agents.list(base_template_id=row.id)

    assert answer.agent_ids == [copy.id]
    assert (answer.deployment_id, answer.group_id) == (copy.deployment_id, None)
    assert copy.project_id == row.project_id
    assert copy.name.isalpha()
    assert len(list(client.agents.messages.list(copy.id))) == 1


def test_an_agent_begins_with_the_messages_that_are_given(client: Letta, agent: AgentState) -> None:
    template(client, agent)
    sequence: Any = [{"role": "user", "content": "Hi"}]

    copy = made(client, "helper:latest", initial_message_sequence=sequence)

    kinds = [one.message_type for one in client.agents.messages.list(copy.id, order="asc")]
    assert kinds == ["system_message", "user_message"]


def test_a_working_version_is_changed_and_saved(client: Letta, agent: AgentState) -> None:
    name = template(client, agent)

    told = checked(
        client.templates.update(name, agent_file_json=changed(client, agent, system="New."))
    )
    assert (told.success, told.message) == (True, "Template helper updated")
    assert [made(client, one).system for one in ("helper", "helper:current", "helper:dev")] == [
        "You help {{who}}.",
        "New.",
        "New.",
    ]

    row = checked(client.templates.save(name, message="Shorter"))

    assert (row.latest_version, row.template_deployment_slug) == ("2", "default-project/helper:2")
    assert [made(client, one).system for one in ("helper", "helper:1")] == [
        "New.",
        "You help {{who}}.",
    ]


@pytest.mark.parametrize(("save", "versions"), [(True, "2"), (False, "1")])
def test_changes_are_saved_before_others_if_wanted(
    client: Letta, agent: AgentState, save: bool, versions: str
) -> None:
    name = template(client, agent)
    client.templates.update(name, agent_file_json=changed(client, agent, system="New."))

    client.templates.update(
        name,
        agent_file_json=changed(client, agent, system="Newer."),
        save_existing_changes=save,
    )

    (row,) = listed(client)
    assert row["latest_version"] == versions


def listed(client: Letta, query: str = "") -> list[dict[str, Any]]:
    answer: Any = client.get(f"/v1/templates{query}", cast_to=object)
    found: list[dict[str, Any]] = answer["templates"]
    return found


def test_a_template_goes_back_to_a_version_and_loses_nothing(
    client: Letta, agent: AgentState
) -> None:
    name = template(client, agent)
    client.templates.update(name, agent_file_json=changed(client, agent, system="New."))

    told = checked(client.templates.rollback(name, version="1"))

    assert (told.success, told.message) == (True, "Template helper rolled back to version 1")
    assert made(client, "helper:current").system == "You help {{who}}."
    assert made(client, "helper:2").system == "New."
    client.templates.rollback(name, version="latest")
    assert made(client, "helper:current").system == "New."


@pytest.mark.parametrize(
    ("version", "error"),
    [("current", BadRequestError), ("dev", BadRequestError), ("7", NotFoundError)],
)
def test_there_is_no_going_back_to_what_is_not_saved(
    client: Letta, agent: AgentState, version: str, error: type[APIStatusError]
) -> None:
    name = template(client, agent)

    with pytest.raises(error):
        client.templates.rollback(name, version=version)


def test_a_template_is_made_of_a_file_and_brings_its_tools_up_to_date(
    client: Letta, agent: AgentState
) -> None:
    file = exported(client, agent.id)
    (tool,) = client.tools.list(name="double")
    client.tools.update(tool.id, tags=["mine"])
    make = client.templates.create

    kept = make(type="agent_file", agent_file=file, name="kept")
    assert client.tools.retrieve(tool.id).tags == ["mine"]
    make(type="agent_file", agent_file=file, name="fresh", update_existing_tools=True)
    assert client.tools.retrieve(tool.id).tags == []

    client.tools.update(tool.id, tags=["mine"])
    client.templates.update("kept", agent_file_json=file, update_existing_tools=True)
    assert client.tools.retrieve(tool.id).tags == []
    assert kept.description == "Counts"


def test_a_template_without_a_name_gets_one(client: Letta, agent: AgentState) -> None:
    row = client.templates.create(type="agent", agent_id=agent.id)

    assert row.name.isalpha()


def test_a_deleted_template_is_gone_and_its_agents_stay(client: Letta, agent: AgentState) -> None:
    name = template(client, agent)
    copy = made(client, name)

    assert checked(client.templates.delete(name)).success is True

    with pytest.raises(NotFoundError, match="Template helper not found"):
        client.templates.delete(name)
    assert client.agents.retrieve(copy.id).name == copy.name


def test_what_cannot_be_a_template_is_refused(client: Letta, agent: AgentState) -> None:
    name = template(client, agent)
    file = exported(client, agent.id)
    create: Any = client.templates.create

    with pytest.raises(BadRequestError, match="There is a template helper already"):
        create(type="agent", agent_id=agent.id, name=name)
    with pytest.raises(BadRequestError, match="has letters, digits"):
        create(type="agent", agent_id=agent.id, name="a b")
    with pytest.raises(BadRequestError, match="not found"):
        create(type="agent", agent_id=UNKNOWN)
    with pytest.raises(BadRequestError, match="needs a file with an agent"):
        create(type="agent_file", agent_file={**file, "agents": []})
    with pytest.raises(BadRequestError, match="Import failed"):
        create(type="agent_file", agent_file={**file, "tools": []})
    with pytest.raises(BadRequestError, match="Legacy"):
        create(type="agent_file", agent_file={})
    with pytest.raises(BadRequestError, match="agent_file is required"):
        client.post("/v1/templates", body={"type": "agent_file"}, cast_to=object)
    assert len(listed(client)) == 1


def test_an_agent_that_cannot_be_made_leaves_nothing(client: Letta, agent: AgentState) -> None:
    template(client, agent)

    with pytest.raises(NotFoundError, match="Version 9 of template helper not found"):
        client.templates.agents.create("helper:9")
    with pytest.raises(UnprocessableEntityError):
        client.templates.agents.create("helper", agent_name="a/b")

    assert len(list(client.agents.list())) == 1


def test_templates_are_listed_newest_first(client: Letta, agent: AgentState) -> None:
    for name in ("one", "two", "three"):
        template(client, agent, name)

    assert [row["name"] for row in listed(client)] == ["three", "two", "one"]
    assert [row["name"] for row in listed(client, "?limit=1&offset=1")] == ["two"]
    assert [row["name"] for row in listed(client, "?search=TW")] == ["two"]
    assert [row["name"] for row in listed(client, "?name=one")] == ["one"]
    assert listed(client, "?project_slug=other") == []


def test_a_template_belongs_to_the_project_of_its_maker(mock: MockLetta, agent: AgentState) -> None:
    with Letta(base_url=mock.base_url, api_key="any", project_id="p1", project="mine") as client:
        row = client.templates.create(type="agent", agent_id=agent.id, name="helper")

    assert (row.project_id, row.template_deployment_slug) == ("p1", "mine/helper:1")


def test_a_client_of_a_project_sees_its_templates_and_their_agents(
    mock: MockLetta, client: Letta, agent: AgentState
) -> None:
    template(client, agent, "other")
    with mock.client(project="shop") as shop:
        row = shop.templates.create(type="agent", agent_id=agent.id, name="helper")
        copy = made(shop, "helper")

        assert [one["name"] for one in listed(shop)] == ["helper"]
        assert [one.id for one in shop.agents.list()] == [copy.id]
    assert (row.project_id, row.project_slug) == ("shop", "shop")
    assert [one["name"] for one in listed(client)] == ["helper", "other"]


def test_there_is_an_end_to_templates_and_their_versions(
    mock: MockLetta, client: Letta, agent: AgentState
) -> None:
    from dataclasses import replace

    name = template(client, agent)
    (row,) = mock.world.store.templates
    mock.world.store.templates.replace(replace(row, versions=row.versions * 1_000))
    with pytest.raises(BadRequestError, match="can have 1000 versions"):
        client.templates.save(name)

    for number in range(999):
        mock.world.store.templates.add(replace(row, id=str(number), name=str(number)))
    with pytest.raises(BadRequestError, match="There can be 1000 templates"):
        template(client, agent, "more")


def test_templates_live_on_in_snapshots_and_files(
    mock: MockLetta,
    client: Letta,
    agent: AgentState,
    tmp_path: Path,
) -> None:
    template(client, agent)
    made(client, "helper", memory_variables={"name": "Nadia"})
    mock.save(tmp_path / "world.jsonl")
    taken = mock.snapshot()
    client.templates.delete("helper")

    mock.restore(taken)
    assert [row["name"] for row in listed(client)] == ["helper"]
    with MockLetta() as other, sync_client(other) as elsewhere:
        other.load(tmp_path / "world.jsonl")
        assert listed(elsewhere) == listed(client)
        assert len(other.world.store.deployments) == 1
        elsewhere.templates.save("helper", migrate_agents=True)


def test_what_is_made_is_answered_as_such(mock: MockLetta, agent: AgentState) -> None:
    url, body = (
        f"{mock.base_url}/v1/templates",
        {"type": "agent", "agent_id": agent.id, "name": "t"},
    )

    assert httpx.post(url, json=body).status_code == 201
    assert httpx.post(f"{url}/t/agents").status_code == 201


def test_an_open_server_has_no_templates(connect: Connect) -> None:
    client = connect(quirks=["no-cloud"])

    with pytest.raises(NotFoundError) as refused:
        client.templates.update("x", agent_file_json={})

    assert refused.value.body == {"detail": "Not Found"}


async def test_templates_are_made_asynchronously(async_client: AsyncLetta) -> None:
    agent = await async_client.agents.create(model=MODEL)
    templates = async_client.templates

    row = await templates.create(type="agent", agent_id=agent.id, name="helper")
    answer = await templates.agents.create(row.name)

    assert len(answer.agent_ids) == 1
    assert (await templates.save(row.name)).latest_version == "2"
    assert (await templates.rollback(row.name, version="1")).success
    assert (await templates.delete(row.name)).success
