"""client.agents.list: orders, cursors, limits and filters."""

from collections.abc import Iterator

import pytest
from letta_client import (
    Letta,
)
from letta_client.types import AgentState

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import sync_client
from tests.contract.sdk import needs
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

USER = "user-00000000-0000-4000-8000-000000000000"
UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def several() -> Iterator[Letta]:
    """A client of a server with three agents that differ; the newest has been talked to."""
    with MockLetta() as mock, sync_client(mock) as client:
        client.agents.create(
            model=MODEL,
            name="Alpha",
            tags=["red"],
            project_id="p",
            template_id="t",
            base_template_id="b",
        )
        client.agents.create(model=MODEL, name="Beta", tags=["red", "blue"])
        gamma = client.agents.create(model=MODEL, name="Gamma", tags=["blue"])
        client.agents.messages.create(gamma.id, input="Hello!")
        yield client


def names(client: Letta, **query: object) -> list[str]:
    page = client.agents.list(**query)  # type: ignore[arg-type]
    return [agent.name for agent in checked(page.items)]


def make_named(client: Letta, *chosen: str) -> list[AgentState]:
    return [client.agents.create(model=MODEL, name=name) for name in chosen]


def test_agents_are_listed_newest_first(client: Letta) -> None:
    make_named(client, "Alpha", "Beta", "Gamma")

    assert names(client) == ["Gamma", "Beta", "Alpha"]
    assert names(client, order="asc") == ["Alpha", "Beta", "Gamma"]


def test_agents_are_paged_by_cursors_in_the_requested_order(client: Letta) -> None:
    alpha, beta, gamma = (agent.id for agent in make_named(client, "Alpha", "Beta", "Gamma"))

    assert names(client, after=beta) == ["Alpha"]
    assert names(client, before=beta) == ["Gamma"]
    assert names(client, order="asc", after=alpha, limit=1) == ["Beta"]
    assert names(client, order="asc", before=gamma, limit=1) == ["Beta"]
    assert names(client, after=UNKNOWN) == names(client, before="nope") == names(client)


def test_every_page_of_agents_is_reached_once(client: Letta) -> None:
    chosen = [f"A{number}" for number in range(7)]
    make_named(client, *chosen)

    assert [agent.name for agent in client.agents.list(limit=3, order="asc")] == chosen


def test_a_list_of_agents_has_fifty_unless_a_limit_says_otherwise(client: Letta) -> None:
    make_named(client, *(["A"] * 51))

    assert len(client.agents.list().items) == 50
    assert [len(client.agents.list(limit=limit).items) for limit in (0, 1, 100)] == [51, 1, 51]


def test_agents_are_ordered_by_what_was_changed_or_run_last(client: Letta) -> None:
    alpha, beta, gamma = make_named(client, "Alpha", "Beta", "Gamma")
    client.agents.messages.create(alpha.id, input="Hello!")
    client.agents.messages.create(gamma.id, input="Hello!")
    client.agents.update(beta.id, description="changed")

    assert names(client, order_by="updated_at") == ["Beta", "Gamma", "Alpha"]
    assert names(client, order_by="last_run_completion") == ["Gamma", "Alpha", "Beta"]
    assert names(client, order_by="last_run_completion", order="asc") == ["Alpha", "Gamma", "Beta"]
    assert names(client, order_by="updated_at", after=beta.id) == ["Gamma", "Alpha"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "Alpha"}, ["Alpha"]),
        ({"name": "alpha"}, []),
        ({"query_text": "ALPH"}, ["Alpha"]),
        ({"query_text": "et"}, ["Beta"]),
        ({"query_text": ""}, ["Gamma", "Beta", "Alpha"]),
        ({"tags": ["red"]}, ["Beta", "Alpha"]),
        ({"tags": ["red", "blue"]}, ["Gamma", "Beta", "Alpha"]),
        ({"tags": ["red", "blue"], "match_all_tags": True}, ["Beta"]),
        ({"tags": ["nope"]}, []),
        ({"project_id": "p"}, ["Alpha"]),
        ({"template_id": "t"}, ["Alpha"]),
        ({"base_template_id": "b"}, ["Alpha"]),
        ({"identity_id": "identity-1"}, []),
        ({"identifier_keys": ["nope"]}, []),
        ({"created_by_id": USER}, ["Gamma", "Beta", "Alpha"]),
        ({"created_by_id": "user-1"}, []),
        ({"last_stop_reason": "end_turn"}, ["Gamma"]),
        ({"last_stop_reason": "error"}, []),
        ({"ascending": True, "sort_by": "updated_at"}, ["Alpha", "Beta", "Gamma"]),
    ],
)
@needs("agents.list", "created_by_id")
def test_agents_are_filtered(several: Letta, query: dict[str, object], found: list[str]) -> None:
    assert names(several, **query) == found


def test_two_agents_can_have_one_name(client: Letta) -> None:
    make_named(client, "Twin", "Twin")

    assert names(client) == ["Twin", "Twin"]
