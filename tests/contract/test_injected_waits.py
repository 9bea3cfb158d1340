"""Answers that come late, slowly, or never."""

from threading import Thread

import pytest
from letta_client import APIConnectionError, APITimeoutError

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, sync_client
from tests.contract.faulty_clients import ALL, CREATE, MANNERS, Counter, Victim, listen
from tests.contract.talk import MODEL

SOON = 0.05


@pytest.fixture(params=MANNERS)
def victim(serve: Serve, request: pytest.FixtureRequest) -> Victim:
    tell, speed = MANNERS[request.param]
    return Victim(serve(brain=Counter(speed)), tell)


@pytest.mark.parametrize("fault", ["delay=0.01", "stall=0.01 after_frames=2", "slow=100000"])
def test_a_stream_that_comes_late_or_slowly_comes_whole(victim: Victim, fault: str) -> None:
    heard = victim.hears(fault)
    assert (heard.kinds, heard.text, heard.error) == (ALL, "one two three", None)
    assert victim.has_fired


@pytest.mark.parametrize("fault", ["delay=0.01", "stall=0.01", "slow=1000000"])
def test_json_that_comes_late_or_slowly_comes_whole(mock: MockLetta, fault: str) -> None:
    mock.world.faults.add("agents.create", fault)
    with sync_client(mock) as client:
        assert client.agents.create(model=MODEL).id.startswith("agent-")
    assert mock.world.faults.unfired == []


def test_the_journal_has_a_body_that_came_slowly(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", "slow=1000000")
    with sync_client(mock) as client:
        assert list(client.agents.list()) == []
    (entry,) = mock.world.journal
    assert (entry.response, entry.events) == ([], [])


@pytest.mark.parametrize("fault", ["delay=3600", "stall=3600", "stall=forever"])
def test_a_client_that_does_not_wait_times_out(mock: MockLetta, fault: str) -> None:
    mock.world.faults.add("agents.list", fault)
    with sync_client(mock) as client, pytest.raises(APITimeoutError):
        client.agents.list(timeout=SOON)


def test_a_stalled_stream_has_told_its_beginning_and_ends_when_its_client_leaves(
    serve: Serve,
) -> None:
    victim = Victim(serve(brain=Counter()), listen)
    victim.mock.world.faults.add(CREATE, stall="forever", after_frames=2)
    with sync_client(victim.mock) as client:
        create = client.conversations.messages.create
        stream = create(victim.conversation, input="Count!", stream_tokens=True)
        assert [next(stream).message_type for _ in range(2)] == ALL[:2]
        stream.close()
        while victim.mock.world.faults.stalls.count:
            client.health()
    assert victim.listen(victim.mock, victim.conversation).kinds == ALL


def test_a_request_that_is_late_does_nothing_in_a_world_that_was_reset(mock: MockLetta) -> None:
    mock.faults.add("agents.create", delay=3600)
    raised: list[Exception] = []

    def ask() -> None:
        with sync_client(mock) as client:
            try:
                client.agents.create(model=MODEL)
            except APIConnectionError as error:
                raised.append(error)

    asking = Thread(target=ask)
    asking.start()
    with sync_client(mock) as other:
        while not mock.faults.stalls.count:
            other.health()
    mock.reset()
    asking.join(timeout=60)
    assert len(raised) == 1
    assert len(mock.world.store.agents) == 0


@pytest.mark.parametrize("fault", ["delay=3600", "stall=forever", "slow=0.001"])
def test_a_server_that_stops_waits_for_no_fault(fault: str) -> None:
    mock = MockLetta().start()
    mock.world.faults.add("agents.list", fault)
    raised: list[Exception] = []

    def ask() -> None:
        with sync_client(mock) as client:
            try:
                client.agents.list()
            except Exception as error:  # noqa: BLE001 - whatever the SDK makes of it
                raised.append(error)

    asking = Thread(target=ask)
    asking.start()
    with sync_client(mock) as other:
        while not mock.world.faults.stalls.count:
            other.health()
    mock.stop()
    asking.join(timeout=60)
    assert not asking.is_alive()
