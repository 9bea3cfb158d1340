"""Tags of agents and blocks."""

import pytest
from letta_client import AsyncLetta, Letta, UnprocessableEntityError

from tests.contract.conftest import checked
from tests.contract.sdk import needs
from tests.contract.talk import MODEL

pytestmark = [pytest.mark.anyio, needs("blocks.create", "tags")]


@pytest.fixture
def tagged(client: Letta) -> Letta:
    """A client of a server with four tags: two of an agent's, two of a block's, one of both."""
    client.agents.create(model=MODEL, tags=["red", "Blue"])
    client.blocks.create(label="x", value="", tags=["blue-green", "amber", "red"])
    return client


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        ({}, ["Blue", "amber", "blue-green", "red"]),
        ({"order": "desc", "limit": 2}, ["red", "blue-green"]),
        ({"name": "BLUE"}, ["Blue", "blue-green"]),
        ({"query_text": "re"}, ["blue-green", "red"]),
        ({"after": "amber"}, ["blue-green", "red"]),
        ({"after": "b"}, ["blue-green", "red"]),
        ({"before": "red", "limit": 1}, ["blue-green"]),
        ({"before": "c", "order": "desc"}, ["red"]),
        ({"limit": 0}, []),
    ],
)
def test_tags_are_listed_by_the_alphabet(
    tagged: Letta, query: dict[str, object], tags: list[str]
) -> None:
    assert checked(tagged.tags.list(**query)) == tags  # type: ignore[arg-type]


def test_a_tag_goes_with_the_last_that_had_it(tagged: Letta) -> None:
    [agent] = tagged.agents.list().items

    tagged.agents.delete(agent.id)

    assert tagged.tags.list() == ["amber", "blue-green", "red"]


def test_tags_have_no_other_order(tagged: Letta) -> None:
    with pytest.raises(UnprocessableEntityError, match="order_by"):
        tagged.tags.list(order_by="id")  # type: ignore[arg-type]


async def test_the_asynchronous_client_lists_them_too(
    tagged: Letta,
    async_client: AsyncLetta,
) -> None:
    assert await async_client.tags.list(limit=1) == ["Blue"]
