"""Tests of an app that share one server: each has an API key, and so a world, of its own."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from letta_client import Letta


@pytest.fixture
def letta() -> Iterator[Letta]:
    """A client with a new API key."""
    with Letta(base_url=os.environ["LETTA_BASE_URL"], api_key=f"test-{uuid4()}") as client:
        yield client


@pytest.mark.parametrize("number", range(8))
def test_a_test_sees_its_own_agents_only(letta: Letta, number: int) -> None:
    agent = letta.agents.create(name=f"agent-{number}", model="openai/gpt-4o-mini")

    assert [one.id for one in letta.agents.list()] == [agent.id]
