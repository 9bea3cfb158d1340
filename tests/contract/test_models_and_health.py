"""client.models and client.health."""

import pytest
from letta_client import AsyncLetta, Letta, UnprocessableEntityError

from tests.contract.sdk import lists_models
from tests.contract.undeclared import checked


def handles(client: Letta, **query: object) -> list[str | None]:
    return [model.handle for model in checked(client.models.list(**query))]  # type: ignore[arg-type]


def test_the_server_is_healthy_and_tells_the_version_it_answers_like(client: Letta) -> None:
    assert checked(client.health()).to_dict() == {"status": "ok", "version": "0.16.7"}


@lists_models
def test_every_model_that_is_listed_can_be_an_agents(client: Letta) -> None:
    listed = handles(client)
    made = [client.agents.create(model=handle).model for handle in listed]

    assert "letta/letta-free" in listed
    assert "openai/gpt-4o-mini" in listed
    assert (made, len(set(listed))) == (listed, len(listed))


def test_every_embedding_model_that_is_listed_can_be_an_agents(client: Letta) -> None:
    listed = [str(model.handle) for model in checked(client.models.embeddings.list())]
    made = [
        client.agents.create(model="openai/gpt-4o-mini", embedding=handle).embedding
        for handle in listed
    ]

    assert "openai/text-embedding-3-small" in listed
    assert made == listed


@lists_models
def test_models_are_listed_by_their_provider(client: Letta) -> None:
    everything = handles(client)
    openai = handles(client, provider_name="openai")

    assert openai == [handle for handle in everything if str(handle).startswith("openai/")]
    assert handles(client, provider_category=["base"]) == everything
    assert handles(client, provider_type="openai") != []
    assert handles(client, provider_name="") == everything
    assert (
        handles(client, provider_name="nope") == handles(client, provider_category=["byok"]) == []
    )


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (
            {"provider_category": "nope"},
            (
                "[{'type': 'enum', 'loc': ('query', 'provider_category', 0), "
                "'msg': \"Input should be 'base' or 'byok'\", 'input': 'nope', "
                "'ctx': {'expected': \"'base' or 'byok'\"}}]"
            ),
        ),
    ],
)
def test_an_unknown_category_is_refused(
    client: Letta, query: dict[str, object], detail: str
) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        client.models.list(extra_query=query)

    assert refused.value.body == {"trace_id": "", "detail": detail}


@lists_models
@pytest.mark.anyio
async def test_models_and_health_are_told_to_the_async_client(async_client: AsyncLetta) -> None:
    health = checked(await async_client.health())
    models = checked(await async_client.models.list())
    embeddings = checked(await async_client.models.embeddings.list())

    assert (health.status, len(models) > 1, len(embeddings) > 1) == ("ok", True, True)
