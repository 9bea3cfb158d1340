"""Projects: what is made in one is not listed in another."""

from typing import Any

import pytest
from letta_client import Letta

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import MODEL


def of(client: Letta, **project: str) -> Letta:
    """A client of a project."""
    return client.with_options(**project)  # type: ignore[arg-type]


def test_agents_and_blocks_are_of_the_project_of_the_client(client: Letta) -> None:
    shop = of(client, project="shop")

    agent = shop.agents.create(model=MODEL, memory_blocks=[{"label": "human", "value": "H"}])
    block = shop.blocks.create(label="facts", value="F")

    assert (agent.project_id, block.project_id) == ("shop", "shop")
    assert [one.project_id for one in agent.blocks] == ["shop"]
    assert client.agents.create(model=MODEL).project_id is None


def test_an_open_server_has_no_projects(connect: Connect) -> None:
    client = connect(quirks=["no-cloud"])

    shop = of(client, project="shop").agents.create(model=MODEL)
    labelled = client.agents.create(
        model=MODEL, project_id="p-1", memory_blocks=[{"label": "human", "value": "H"}]
    )

    assert (shop.project_id, labelled.project_id) == (None, "p-1")
    assert [block.project_id for block in labelled.blocks] == [None]


def test_a_project_lists_and_counts_what_is_its_own(client: Letta) -> None:
    shop, bank = of(client, project="shop"), of(client, project_id="bank")
    made = [one.agents.create(model=MODEL).id for one in (shop, bank, client)]
    blocks = [one.blocks.create(label="a", value="").id for one in (shop, bank, client)]

    listed = [[agent.id for agent in one.agents.list(order="asc")] for one in (shop, bank, client)]

    assert listed == [[made[0]], [made[1]], made]
    assert [block.id for block in shop.blocks.list()] == [blocks[0]]
    assert [block.id for block in client.blocks.list()] == blocks
    assert shop.get("/v1/agents/count", cast_to=int) == 1


def test_the_id_of_a_project_goes_before_its_name(client: Letta) -> None:
    both = of(client, project="shop", project_id="p-1")

    assert both.agents.create(model=MODEL).project_id == "p-1"


@pytest.mark.parametrize("body", [{"project_id": "bank"}, {"project": "bank"}])
def test_what_a_request_says_goes_before_its_headers(client: Letta, body: Any) -> None:  # noqa: ANN401
    shop = of(client, project="shop")

    agent = client.agents.create(model=MODEL, extra_body=body)

    assert agent.project_id == "bank"
    assert shop.agents.list(project_id="bank").items[0].id == agent.id


def test_a_change_does_not_move_what_it_changes(client: Letta) -> None:
    agent = of(client, project="shop").agents.create(model=MODEL)

    changed = of(client, project="bank").agents.update(agent.id, name="New")

    assert (changed.name, changed.project_id) == ("New", "shop")


@needs("agents.import_file")
def test_an_imported_agent_is_of_the_project_of_the_client(client: Letta) -> None:
    text = client.agents.export_file(client.agents.create(model=MODEL).id)

    made = of(client, project="shop").agents.import_file(file=text.encode())

    assert client.agents.retrieve(made.agent_ids[0]).project_id == "shop"


def test_tools_are_listed_in_every_project(mock: MockLetta, client: Letta) -> None:
    shop = of(client, project="shop")

    tool = shop.tools.create(source_code="def roll() -> int:\n    '''Roll a die.'''")

    assert tool.project_id == "shop"
    assert len(shop.tools.list(limit=100).items) == len(mock.world.store.tools)
