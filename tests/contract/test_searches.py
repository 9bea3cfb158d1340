"""Searches of a whole world: its passages, its messages and its tools."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Archive

from mockletta.brain.decisions import Decision
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import MODEL, Connect, Serve, checked, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps, calling, doubling_agent

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:deprecated"),
    needs("messages.search", "conversation_id"),
    needs("passages.search", "start_date"),
    needs("tools.search", "search_mode"),
]
STORAGE = "/v1/embeddings/total_storage_size"
EMBEDDING = "openai/text-embedding-3-small"
NOBODY = "agent-00000000-0000-4000-8000-000000000000"
NOTHING = "archive-00000000-0000-4000-8000-000000000000"


@pytest.fixture
def archive(client: Letta) -> Archive:
    """An archive with three passages, besides another with one."""
    other = client.archives.create(name="other")
    client.archives.passages.create(other.id, text="Another moon")
    archive = client.archives.create(name="sky", embedding=EMBEDDING)
    passages: Any = [
        {"text": "The sky is blue", "tags": ["sky", "colour"]},
        {"text": "The moon is grey", "tags": ["colour"]},
        {"text": "Bananas are yellow", "created_at": "2001-01-01T00:00:00Z"},
    ]
    client.archives.passages.create_many(archive.id, passages=passages)
    return archive


@pytest.fixture
def talker(client: Letta) -> AgentState:
    """An agent that was told of the moon and of bananas."""
    agent = client.agents.create(model=MODEL, system="You are kind.", include_base_tools=False)
    for text in ("The moon is grey.", "Bananas are yellow."):
        client.agents.messages.create(agent.id, input=f"Say '{text}' back to me")
    return agent


def passages(client: Letta, **asked: Any) -> list[str]:  # noqa: ANN401 - any filter
    return [match.passage.text for match in checked(client.passages.search(**asked))]


def messages(client: Letta, query: str, **asked: Any) -> list[tuple[str | None, object]]:  # noqa: ANN401
    found = checked(client.messages.search(query=query, **asked))
    return [(one.message_type, getattr(one, "content", None)) for one in found]


def tools(client: Letta, **asked: Any) -> list[str | None]:  # noqa: ANN401 - any filter
    return [match.tool.name for match in checked(client.tools.search(**asked))]


def stored(client: Letta, **asked: Any) -> list[Any]:  # noqa: ANN401 - beyond the SDK
    found: Any = client.post("/v1/agents/messages/search", body=asked, cast_to=object)
    return list(found)


def test_all_passages_are_searched_for_those_that_share_a_word(
    client: Letta,
    archive: Archive,
) -> None:
    assert passages(client, query="What is the moon?") == [
        "The moon is grey",
        "The sky is blue",
        "Another moon",
    ]
    assert passages(client, query="nothing of that") == []
    assert passages(client, query="moon", limit=1) == ["Another moon"]


def test_the_passages_of_an_archive_or_agent_are_ranked_to_the_last(
    client: Letta, archive: Archive, agent: AgentState
) -> None:
    texts = ["The moon is grey", "The sky is blue", "Bananas are yellow"]
    client.agents.archives.attach(archive.id, agent_id=agent.id)

    assert passages(client, query="moon", archive_id=archive.id) == texts
    assert passages(client, query="moon", agent_id=agent.id) == texts
    assert passages(client, query="moon", agent_id=agent.id, archive_id=NOTHING) == texts


def test_passages_are_found_by_tags_and_times(client: Letta, archive: Archive) -> None:
    both = ["sky", "colour"]

    assert passages(client, tags=both) == ["The sky is blue", "The moon is grey"]
    assert passages(client, tags=both, tag_match_mode="all") == ["The sky is blue"]
    assert passages(client, end_date="2001-01-01") == ["Bananas are yellow"]
    assert "Bananas are yellow" not in passages(client, start_date=datetime(2001, 1, 2, tzinfo=UTC))
    assert passages(client, archive_id=archive.id)[0] == "Bananas are yellow"


def test_a_passage_that_is_found_has_a_score_and_its_vector(
    client: Letta, archive: Archive
) -> None:
    best, *_, last = client.passages.search(query="grey moon", archive_id=archive.id)

    assert best.score > last.score == 0
    assert best.metadata == {}
    assert best.passage.embedding is not None
    assert len(best.passage.embedding) == 1536


def test_what_there_is_not_cannot_be_searched(client: Letta) -> None:
    with pytest.raises(NotFoundError, match=f"Agent with ID {NOBODY} not found"):
        client.passages.search(query="x", agent_id=NOBODY)
    with pytest.raises(NotFoundError, match="Archive not found"):
        client.passages.search(query="x", archive_id=NOTHING)
    with pytest.raises(UnprocessableEntityError, match="limit"):
        client.passages.search(limit=101)
    assert client.messages.search(query="x", agent_id=NOBODY) == []


def test_messages_are_found_by_what_was_said(client: Letta, talker: AgentState) -> None:
    asked, told = "Say 'The moon is grey.' back to me", "The moon is grey."

    assert messages(client, "grey moon", search_mode="fts") == [
        ("assistant_message", told),
        ("user_message", asked),
    ]
    first = client.messages.search(query="grey moon")[0]
    assert (first.agent_id, first.conversation_id) == (talker.id, None)
    [record] = checked(client.messages.retrieve(first.message_id))
    assert (record.id, first.created_at.microsecond > 0) == (first.message_id, True)


def test_the_nearest_messages_are_of_all_kinds(client: Letta, talker: AgentState) -> None:
    found = messages(client, "grey moon")

    assert found[0] == ("assistant_message", "The moon is grey.")
    assert [kind for kind, _ in found].count("system_message") == 1
    assert len(found) == 5
    assert messages(client, "grey moon", search_mode="vector")[0] == found[0]
    assert messages(client, "grey moon", limit=1) == found[:1]
    assert messages(client, "grey moon", agent_id=talker.id) == found


def test_messages_are_found_by_conversation_and_time(client: Letta, talker: AgentState) -> None:
    conversation = client.conversations.create(agent_id=talker.id)
    list(client.conversations.messages.create(conversation.id, input="Say 'moon' back to me"))
    [newest, *_] = client.messages.search(query="moon", conversation_id=conversation.id)
    moment = newest.created_at

    def found(**asked: object) -> list[object]:
        return [text for _, text in messages(client, "moon", search_mode="fts", **asked)]

    assert found(conversation_id=conversation.id) == ["moon", "Say 'moon' back to me"]
    assert "moon" not in found(conversation_id="default")
    assert found(start_date=moment) == ["moon"]
    assert "moon" not in found(end_date=moment - timedelta(microseconds=1))


def test_reasoning_is_found_with_what_was_said(serve: Serve) -> None:
    brain = Steps(Decision(text="It is grey.", reasoning="The moon, they ask."))
    with sync_client(serve(brain=brain)) as client:
        agent = client.agents.create(model=MODEL)
        client.agents.messages.create(agent.id, input="Go!")

        thought, said = checked(client.messages.search(query="moon", search_mode="fts"))

    assert thought.message_type == "reasoning_message"
    assert thought.reasoning == "The moon, they ask."
    assert (said.message_type, said.message_id) == ("assistant_message", thought.message_id)


def test_stored_messages_are_found_with_their_ranks(client: Letta, talker: AgentState) -> None:
    best, second = stored(client, query="grey moon", search_mode="fts")
    hybrid = stored(client, query="grey moon")

    assert (best["embedded_text"], best["message"]["role"]) == ("The moon is grey.", "assistant")
    assert best["message"]["content"] == [
        {"type": "text", "text": "The moon is grey.", "signature": None}
    ]
    assert (best["message"]["agent_id"], best["message"]["model"]) == (talker.id, "gpt-4o-mini")
    assert (best["fts_rank"], best["vector_rank"]) == (1, None)
    assert best["rrf_score"] > second["rrf_score"] > 0
    assert (hybrid[0]["fts_rank"], hybrid[0]["vector_rank"]) == (1, 1)
    assert hybrid[0]["rrf_score"] == round(2 / 61, 6)


def test_stored_messages_are_found_by_role(serve: Serve) -> None:
    with sync_client(serve(brain=Steps(calling("double", '{"x": 21}', result="a moon")))) as client:
        client.agents.messages.create(doubling_agent(client), input="A moon?")

        [tool] = stored(client, query="moon", roles=["tool"])
        everything = stored(client)

    assert (tool["embedded_text"], tool["message"]["tool_call_id"]) == ("a moon", "call-1")
    assert tool["message"]["tool_returns"][0]["status"] == "success"
    assert [match["message"]["role"] for match in everything] == [
        "assistant",
        "tool",
        "user",
        "system",
    ]
    assert everything[0]["rrf_score"] == 0


def test_tools_are_found_by_name_description_and_parameters(client: Letta) -> None:
    doubling_agent(client)

    assert tools(client, query="double a number")[0] == "double"
    assert tools(client, query="conversation_search", limit=1) == ["conversation_search"]
    assert tools(client, query="number", search_mode="fts", tool_types=["custom"]) == ["double"]
    [match] = client.tools.search(query="double", tool_types=["custom"], search_mode="vector")
    assert (match.vector_rank, match.fts_rank) == (1, None)
    assert match.embedded_text == "double\nDouble a number.\nx"
    assert 0 < match.combined_score < 1


def test_tools_are_found_without_a_query_too(client: Letta) -> None:
    tool_id = client.agents.tools.list(doubling_agent(client)).items[0].id
    client.tools.update(tool_id, tags=["maths"], json_schema={"name": "double", "parameters": 1})

    assert tools(client, tags=["maths", "other"]) == ["double"]
    assert tools(client, tags=["other"]) == []
    assert len(tools(client)) == len(list(client.tools.list()))
    with pytest.raises(UnprocessableEntityError, match="Extra inputs"):
        client.tools.search(extra_body={"querry": "x"})


def test_a_server_without_embeddings_refuses_searches(connect: Connect) -> None:
    client = connect(quirks=["search-without-embeddings"])

    with pytest.raises(BadRequestError, match="Message search requires message embedding"):
        client.messages.search(query="x")
    with pytest.raises(BadRequestError, match="Message search requires message embedding"):
        stored(client)
    with pytest.raises(BadRequestError, match="requires tool embedding"):
        client.tools.search(query="x")
    assert client.passages.search(query="x") == []


@pytest.mark.parametrize(("quirks", "found"), [([], []), (["search-without-embeddings"], ["Hi."])])
def test_without_embeddings_a_conversation_is_searched_whatever_the_dates(
    connect: Connect, quirks: list[str], found: list[str]
) -> None:
    client = connect(quirks=quirks)
    agent = client.agents.create(model=MODEL).id
    client.agents.messages.create(agent, input="Hi.")
    args: dict[str, object] = {"query": "Hi.", "roles": ["user"], "end_date": "2001-01-01"}

    outcome: Any = client.agents.tools.run("conversation_search", agent_id=agent, args=args)

    assert [one["content"] for one in outcome.func_return["results"]] == found


@pytest.mark.parametrize("quirks", [[], ["search-without-embeddings"]])
def test_a_search_refuses_what_is_no_date(connect: Connect, quirks: list[str]) -> None:
    client = connect(quirks=quirks)
    agent = client.agents.create(model=MODEL).id

    outcome = client.agents.tools.run(
        "conversation_search", agent_id=agent, args={"start_date": "nope"}
    )

    assert outcome.status == "error"
    assert "Invalid start_date format: nope" in str(outcome.stderr)


def test_a_search_says_that_it_could_be_refused(mock: MockLetta, client: Letta) -> None:
    client.tools.search(query="x")

    *_, entry = mock.journal
    [told] = entry.quirks
    assert told.quirk == "search-without-embeddings"
    assert mock.verdict()


@pytest.mark.parametrize(("unit", "bytes_of_it"), [(None, 1024**3), ("KB", 1024), ("B", 1)])
def test_embeddings_take_room(
    client: Letta,
    archive: Archive,
    unit: str | None,
    bytes_of_it: int,
) -> None:
    headers = {"storage-unit": unit} if unit else {}

    size: Any = client.get(STORAGE, cast_to=object, options={"headers": headers})

    assert size == 3 * 4096 * 4 / bytes_of_it
    with pytest.raises(BadRequestError, match="Invalid storage unit: XB"):
        client.get(STORAGE, cast_to=object, options={"headers": {"storage-unit": "XB"}})


async def test_the_asynchronous_client_searches_too(
    async_client: AsyncLetta,
    talker: AgentState,
    archive: Archive,
) -> None:
    said = checked(await async_client.messages.search(query="grey moon", limit=1))
    found = checked(await async_client.passages.search(query="grey moon"))
    tool = checked(await async_client.tools.search(query="conversation_search", limit=1))

    assert [getattr(one, "content", None) for one in said] == ["The moon is grey."]
    assert found[0].passage.text == "The moon is grey"
    assert tool[0].tool.name == "conversation_search"
