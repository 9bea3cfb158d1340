"""An agent's archival memory: by the client and by the agent's own tools."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from letta_client import AsyncLetta, Letta, NotFoundError, UnprocessableEntityError
from letta_client.types import AgentState

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, checked, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps, calling, returns
from tests.contract.talk import MODEL

# The oldest SDK calls all of passages deprecated; the newest does not.
pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore:deprecated")]
NOBODY = "agent-00000000-0000-4000-8000-000000000000"
INSERT, SEARCH = "archival_memory_insert", "archival_memory_search"


@pytest.fixture
def keeper(client: Letta) -> AgentState:
    """An agent with four passages: of 2001, of 2020, and two of now."""
    agent = client.agents.create(model=MODEL)
    passages = client.agents.passages
    passages.create(agent.id, text="Bananas are yellow", tags=["fruit", "fact"])
    passages.create(agent.id, text="The moon is grey", tags=["fact"])
    passages.create(agent.id, text="Ancient", created_at=datetime(2001, 1, 1, tzinfo=UTC))
    passages.create(agent.id, text="Old moon", created_at="2020-01-01T00:00:00")
    return agent


def listed(client: Letta, agent: AgentState, **query: object) -> list[str]:
    found = client.agents.passages.list(agent.id, **query)  # type: ignore[arg-type]
    return [one.text for one in checked(found)]


def found(client: Letta, agent: AgentState, query: str, **more: object) -> list[str]:
    answer = client.agents.passages.search(agent.id, query=query, **more)  # type: ignore[arg-type]
    assert checked(answer).count == len(answer.results)
    return [one.content for one in answer.results]


def test_a_passage_is_kept_as_it_was_sent(client: Letta, agent: AgentState) -> None:
    [passage] = checked(client.agents.passages.create(agent.id, text="A fact.", tags=["x"]))

    assert (passage.text, passage.tags, passage.embedding) == ("A fact.", ["x"], None)
    assert passage.created_at == passage.updated_at
    assert client.agents.passages.list(agent.id) == [passage]
    [other] = client.agents.passages.create(agent.id, text="")
    assert (other.archive_id, other.tags) == (passage.archive_id, None)


def test_passages_are_listed_by_their_time(client: Letta, keeper: AgentState) -> None:
    texts = ["Ancient", "Old moon", "Bananas are yellow", "The moon is grey"]
    ids = [str(one.id) for one in client.agents.passages.list(keeper.id)]

    assert listed(client, keeper) == texts
    assert listed(client, keeper, ascending=False) == texts[::-1]
    assert listed(client, keeper, limit=1) == texts[:1]
    assert listed(client, keeper, after=ids[1]) == texts[2:]
    assert listed(client, keeper, before=ids[1]) == texts[:1]
    assert listed(client, keeper, search="MOON") == ["Old moon", "The moon is grey"]


def test_a_search_shows_the_nearest_first(client: Letta, keeper: AgentState) -> None:
    texts = ["Old moon", "The moon is grey", "Bananas are yellow", "Ancient"]

    assert found(client, keeper, "What about the moon?", top_k=2) == [texts[1], texts[0]]
    assert found(client, keeper, "moon") == texts
    assert found(client, keeper, "moon", top_k=0) == []


def test_a_search_keeps_to_tags_and_times(client: Letta, keeper: AgentState) -> None:
    fruit = ["fruit", "fact"]

    assert found(client, keeper, "moon", tags=fruit) == ["The moon is grey", "Bananas are yellow"]
    assert found(client, keeper, "moon", tags=fruit, tag_match_mode="all") == ["Bananas are yellow"]
    assert found(client, keeper, "x", end_datetime="2010-01-01T00:00:00") == ["Ancient"]
    since, until = datetime(2010, 1, 1, tzinfo=UTC), "2020-01-01T00:00:00Z"
    assert found(client, keeper, "x", start_datetime=since, end_datetime=until) == ["Old moon"]


def test_a_search_shows_times_in_the_agents_timezone(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, timezone="Asia/Tokyo")
    client.agents.passages.create(agent.id, text="Old", created_at="2020-01-01T00:00:00Z")

    [result] = client.agents.passages.search(agent.id, query="old").results

    assert (result.timestamp, result.tags) == ("2020-01-01T09:00:00+09:00", [])


def test_a_deleted_passage_is_gone(client: Letta, keeper: AgentState, agent: AgentState) -> None:
    first = str(client.agents.passages.list(keeper.id)[0].id)

    with pytest.raises(NotFoundError, match="not found in database"):
        client.agents.passages.delete(first, agent_id=agent.id)
    assert client.agents.passages.delete(first, agent_id=keeper.id) == {
        "message": f"Memory id={first} successfully deleted"
    }
    with pytest.raises(NotFoundError, match=f"Passage with id {first} not found"):
        client.agents.passages.delete(first, agent_id=keeper.id)
    assert "Ancient" not in listed(client, keeper)


def test_unknown_agents_have_no_archival_memory(client: Letta) -> None:
    assert client.agents.passages.list(NOBODY) == []
    with pytest.raises(NotFoundError, match=f"Agent with ID {NOBODY} not found"):
        client.agents.passages.create(NOBODY, text="x")
    with pytest.raises(NotFoundError):
        client.agents.passages.search(NOBODY, query="x")


def test_requests_that_make_no_sense_change_nothing(client: Letta, agent: AgentState) -> None:
    passages = client.agents.passages

    with pytest.raises(UnprocessableEntityError, match="text"):
        passages.create(agent.id, text=None)  # type: ignore[arg-type]
    with pytest.raises(UnprocessableEntityError, match="start_datetime"):
        passages.search(agent.id, query="x", start_datetime="x")
    assert passages.list(agent.id) == []


async def test_the_asynchronous_client_has_it_too(
    async_client: AsyncLetta, agent: AgentState
) -> None:
    passages = async_client.agents.passages

    [passage] = checked(await passages.create(agent.id, text="A fact."))

    assert await passages.list(agent.id) == [passage]
    assert checked(await passages.search(agent.id, query="fact")).count == 1


def test_the_agents_own_tools_write_and_read_it(serve: Serve) -> None:
    insert = calling(INSERT, '{"content": "The sky is blue", "tags": ["fact"]}')
    search = calling(SEARCH, '{"query": "sky", "tags": ["fact"], "top_k": 3}')
    with sync_client(serve(brain=Steps(insert, search))) as client:
        agent = client.agents.create(model=MODEL, tools=[INSERT, SEARCH])
        told = client.agents.messages.create(agent.id, input="Go!")
        [passage] = client.agents.passages.list(agent.id)

    assert passage.created_at is not None
    shown = {
        "id": passage.id,
        "timestamp": passage.created_at.isoformat(),
        "content": "The sky is blue",
        "tags": ["fact"],
    }
    assert returns(told.messages) == [("success", "None"), ("success", str([shown]))]


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        ({"top_k": 1}, ["Old moon"]),
        ({"top_k": -1}, []),
        ({"tags": ["fruit", "fact"], "tag_match_mode": "all"}, ["Bananas are yellow"]),
        ({"end_datetime": "2001-01-01"}, ["Ancient"]),
        ({"start_datetime": "2001-01-02", "end_datetime": "2020-01-01T00:00"}, ["Old moon"]),
    ],
)
def test_the_search_tool_has_the_same_filters(
    client: Letta, keeper: AgentState, arguments: dict[str, object], texts: list[str]
) -> None:
    client.agents.tools.attach(client.tools.list(name=SEARCH).items[0].id, agent_id=keeper.id)

    ran = client.agents.tools.run(SEARCH, agent_id=keeper.id, args={"query": "moon", **arguments})

    assert ran.func_return is not None
    for text in ["Ancient", "Old moon", "Bananas are yellow", "The moon is grey"]:
        assert (text in str(ran.func_return)) == (text in texts)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"query": "x", "start_datetime": "soon"}, "Invalid start_datetime format: soon."),
        ({}, "missing 1 required positional argument: 'query'"),
    ],
)
def test_the_search_tool_says_what_was_wrong(
    client: Letta, keeper: AgentState, arguments: dict[str, object], told: str
) -> None:
    client.agents.tools.attach(client.tools.list(name=SEARCH).items[0].id, agent_id=keeper.id)

    ran = client.agents.tools.run(SEARCH, agent_id=keeper.id, args=arguments)

    assert ran.status == "error"
    assert told in str(ran.stderr)


def test_the_default_brain_uses_it(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, tools=[INSERT], include_base_tools=False)

    client.agents.messages.create(agent.id, input="Add to archival memory that tea is green.")

    assert [one.text for one in client.agents.passages.list(agent.id)] == ["Tea is green."]


@needs("agents.recompile")
def test_a_system_message_tells_how_many_passages_there_are(
    client: Letta, keeper: AgentState
) -> None:
    text = client.agents.recompile(keeper.id)

    assert "- 4 total memories you created are stored in archival memory" in text


def test_archival_memory_outlives_its_agent_and_goes_into_files(
    mock: MockLetta, client: Letta, keeper: AgentState, tmp_path: Path
) -> None:
    before = client.agents.passages.list(keeper.id)
    mock.save(tmp_path / "world.jsonl")

    client.agents.delete(keeper.id)
    assert len(list(mock.world.store.passages)) == 4
    assert len(list(mock.world.store.archives)) == 1
    mock.load(tmp_path / "world.jsonl")
    assert client.agents.passages.list(keeper.id) == before
    kinds = [json.loads(one) for one in (tmp_path / "world.jsonl").read_text().splitlines()]
    assert sum(one.get("table") == "passages" for one in kinds) == 4
