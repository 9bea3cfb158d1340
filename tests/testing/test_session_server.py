"""One server, and on it a world of its own for each test."""

from collections.abc import Iterator

import pytest

from mockletta.errors import BadSettings
from mockletta.testing.mock_letta import SessionServer
from tests.contract.conftest import MODEL


@pytest.fixture
def server() -> Iterator[SessionServer]:
    server = SessionServer()
    yield server
    server.close()


def test_whose_turn_it_is_has_the_server_whatever_key_is_used(server: SessionServer) -> None:
    with server.new_mock().client(api_key="anybody's") as client:
        client.agents.create(model=MODEL)
        second = server.new_mock()
        assert client.agents.list().items == []
        assert len(second.journal) == 1


def test_with_tenancy_each_key_has_a_world_of_its_own(server: SessionServer) -> None:
    mock = server.new_mock(tenancy="key")
    with mock.client() as own, mock.client(api_key="another") as other:
        own.agents.create(model=MODEL)
        assert other.agents.list().items == []
        assert [agent.id for agent in mock.world.store.agents] == [own.agents.list().items[0].id]


def test_forks_are_gone_with_the_next_turn(server: SessionServer) -> None:
    with server.new_mock().fork().client() as fork:
        fork.agents.create(model=MODEL)
        server.new_mock()
        assert fork.agents.list().items == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [("port", "expected `"), ("sed", "did you mean `seed`?")],
)
def test_settings_that_are_none_of_a_world_are_refused(
    server: SessionServer, name: str, hint: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        server.new_mock(**{name: 1})
    assert str(refused.value).startswith(f"{name}: unknown setting; {hint}")
