"""Hidden agents and blocks: only listed and counted for who asks for them [73]."""

from letta_client import Letta

from tests.contract.conftest import Connect
from tests.contract.talk import MODEL


def names(client: Letta, **query: object) -> list[str]:
    return [one.name for one in client.agents.list(order="asc", extra_query=query)]


def test_hidden_agents_are_listed_and_counted_for_who_asks(client: Letta) -> None:
    client.agents.create(model=MODEL, name="open", tags=["a"])
    client.agents.create(model=MODEL, name="hidden", hidden=True, tags=["a"])

    assert names(client) == ["open"]
    assert names(client, tags=["a"], query_text="hid") == []
    assert names(client, show_hidden_agents=True) == ["open", "hidden"]
    count = client.get("/v1/agents/count", cast_to=int, options={"params": {"tags": ["a"]}})
    assert count == 1


def test_a_subagent_is_hidden_by_its_tag(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, name="sub", hidden=False, tags=["role:subagent"])

    assert agent.hidden is True
    assert names(client) == []


def test_hidden_blocks_are_listed_for_who_asks_and_counted_always(client: Letta) -> None:
    block = client.blocks.create(label="a", value="", extra_body={"hidden": True})

    assert client.blocks.list().items == []
    shown = client.blocks.list(extra_query={"show_hidden_blocks": True}).items
    assert [one.id for one in shown] == [block.id]
    assert client.get("/v1/blocks/count", cast_to=int) == 1
    client.blocks.update(block.id, hidden=False)
    assert [one.id for one in client.blocks.list().items] == [block.id]


def test_an_update_hides_an_agent_but_not_with_the_quirk(connect: Connect) -> None:
    documented, recorded = connect(), connect(quirks=["hidden-never-updated"])
    for client, hidden in ((documented, True), (recorded, None)):
        agent_id = client.agents.create(model=MODEL).id
        assert client.agents.update(agent_id, hidden=True).hidden is hidden
