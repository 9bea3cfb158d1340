"""Options of agents that are older words for others, or that lead to more than the agent."""

import pytest
from letta_client import Letta, UnprocessableEntityError

from tests.contract.conftest import Connect
from tests.contract.talk import MODEL

EMBEDDING = "openai/text-embedding-3-small"


def names(client: Letta, **query: object) -> list[str]:
    return [agent.name for agent in client.agents.list(extra_query=query)]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({"ascending": True}, ["Ada", "Bea"]),
        ({"ascending": True, "order": "desc"}, ["Bea", "Ada"]),
        ({"sort_by": "updated_at"}, ["Ada", "Bea"]),
        ({"sort_by": "updated_at", "ascending": True}, ["Bea", "Ada"]),
    ],
)
def test_the_older_words_for_the_order_of_agents_count(
    client: Letta, query: dict[str, object], listed: list[str]
) -> None:
    first = client.agents.create(model=MODEL, name="Ada")
    client.agents.create(model=MODEL, name="Bea")
    client.agents.update(first.id, description="changed later")

    assert names(client, **query) == listed


def test_the_recorded_server_ignores_the_older_words(connect: Connect) -> None:
    client = connect(quirks=["ignored-agent-orders"])
    for name in ("Ada", "Bea"):
        client.agents.create(model=MODEL, name=name)

    assert names(client, ascending=True) == ["Bea", "Ada"]


@pytest.mark.parametrize("embedding", [{}, {"embedding": EMBEDDING}])
def test_a_default_source_is_a_folder_of_the_new_agent(
    client: Letta, embedding: dict[str, str]
) -> None:
    agent = client.agents.create(
        model=MODEL, name="Ada", include_default_source=True, extra_body=embedding
    )

    folders = client.agents.folders.list(agent.id)

    assert [folder.name for folder in folders] == ["Ada External Data Source"]


def test_an_agent_of_anthropic_is_summarised_by_anthropic(client: Letta) -> None:
    agent = client.agents.create(model="anthropic/claude-sonnet-4-5-20250929")

    assert agent.model_dump()["compaction_settings"]["model"] == "anthropic/claude-haiku-4-5"


def test_a_whole_embedding_configuration_wins_over_a_handle(client: Letta) -> None:
    config = {
        "embedding_dim": 3,
        "embedding_endpoint_type": "openai",
        "embedding_model": "small",
        "handle": "mine/small",
    }

    agent = client.agents.create(
        model=MODEL, embedding=EMBEDDING, extra_body={"embedding_config": config}
    )

    assert agent.embedding == "mine/small"


@pytest.mark.parametrize("prompt", ["", " \n"])
def test_a_prompt_without_text_is_refused(client: Letta, prompt: str) -> None:
    agent = client.agents.create(model=MODEL)

    with pytest.raises(UnprocessableEntityError):
        client.post(f"/v1/agents/{agent.id}/generate", body={"prompt": prompt}, cast_to=object)


@pytest.mark.parametrize("mode", ["sliding_window", "all"])
def test_a_prompt_of_null_is_the_usual_one_of_its_mode(client: Letta, mode: str) -> None:
    usual, null = (
        client.agents.create(model=MODEL, extra_body={"compaction_settings": settings})
        for settings in ({"mode": mode}, {"mode": mode, "prompt": None})
    )

    assert usual.model_dump()["compaction_settings"]["prompt"]
    assert (
        null.model_dump()["compaction_settings"]["prompt"]
        == usual.model_dump()["compaction_settings"]["prompt"]
    )
