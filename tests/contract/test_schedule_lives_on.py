"""Scheduled messages live on: in snapshots, forks and files, and over a stop."""

from pathlib import Path

import pytest
from letta_client import Letta

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import agent_with_memory
from tests.contract.test_schedule import HOUR, NOON, at, every, heard, plan

pytestmark = needs("agents.schedule.create")


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    return serve(freeze=NOON)


def test_what_is_scheduled_lives_on_in_snapshots_and_forks(mock: MockLetta, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    taken = mock.snapshot()
    plan(client, agent_id, at("2026-01-01T13:00:00Z"))
    planned = mock.snapshot()
    mock.restore(taken)
    mock.clock.advance(HOUR)
    assert heard(client, agent_id) == []

    mock.restore(planned)
    with mock.fork() as fork, fork.client() as forked:
        fork.clock.advance(HOUR)
        assert heard(forked, agent_id) == ["Wake up!"]
    assert heard(client, agent_id) == []
    mock.clock.advance(HOUR)

    assert heard(client, agent_id) == ["Wake up!"]


def test_what_is_scheduled_lives_on_in_a_file(serve: Serve, tmp_path: Path) -> None:
    mock = serve(freeze=NOON)
    with sync_client(mock) as client:
        agent_id = agent_with_memory(client)
        plan(client, agent_id, every("0 * * * *"))
    mock.save(tmp_path / "world.jsonl")

    other = MockLetta(freeze=NOON)
    other.load(tmp_path / "world.jsonl")
    with other, sync_client(other) as client:
        other.clock.advance(HOUR)
        assert heard(client, agent_id) == ["Wake up!"]


def test_a_mock_that_was_stopped_goes_on_with_what_is_scheduled(serve: Serve) -> None:
    mock = serve(freeze=NOON)
    with sync_client(mock) as client:
        agent_id = agent_with_memory(client)
        plan(client, agent_id, every("0 * * * *"))

    mock.stop()
    mock.clock.advance(HOUR)
    mock.start()

    with sync_client(mock) as client:
        assert heard(client, agent_id) == ["Wake up!"]
