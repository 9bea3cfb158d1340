"""Conversations that stay busy, runs that expire and ids that disappear."""

import pytest
from letta_client import APIStatusError, ConflictError, NotFoundError

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, sync_client
from tests.contract.faulty_clients import (
    ALL,
    CREATE,
    Counter,
    Victim,
    attempts,
    listen,
    trying_again,
)
from tests.contract.sdk import needs
from tests.contract.talk import MODEL, ask, conversation_of, run_of, say

GONE = "EXPIRED: Run was created more than 3 hours ago, and is now expired."


@pytest.fixture
def victim(serve: Serve) -> Victim:
    return Victim(serve(brain=Counter()), listen)


def test_a_busy_conversation_is_a_conflict_that_names_a_run(victim: Victim) -> None:
    error = victim.hears("busy").error
    assert isinstance(error, ConflictError)
    body = error.body
    assert isinstance(body, dict)
    assert f"Another request (run_id={body['run_id']}) is currently being processed" in str(error)
    assert victim.listen(victim.mock, victim.conversation).kinds == ALL


def test_the_sdk_outwaits_a_busy_conversation(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letta_client._base_client.INITIAL_RETRY_DELAY", 0.0)
    victim.mock.world.faults.add(CREATE, busy=True, times=2)
    with trying_again(victim.mock) as client:
        assert say(client, victim.conversation, "Count!") == "one two three"
    assert attempts(victim.mock, CREATE) == [409, 409, 200]


@needs("conversations.messages.stream", "run_id")
def test_an_expired_run_can_be_neither_resumed_nor_found(victim: Victim) -> None:
    faults = victim.mock.world.faults
    with sync_client(victim.mock) as client:
        stream = client.conversations.messages.create(
            victim.conversation, input="Count!", background=True
        )
        run_id = run_of(stream)
        list(stream)
        faults.add("runs.messages.stream", "expired_run")
        faults.add("conversations.messages.stream", "expired_run", times=2)
        resumes = client.conversations.messages
        with pytest.raises(APIStatusError, match=GONE) as raised:
            client.runs.messages.stream(run_id)
        assert raised.value.status_code == 410
        with pytest.raises(APIStatusError, match=GONE):
            resumes.stream(victim.conversation, run_id=run_id)
        with pytest.raises(NotFoundError, match="No run found for otid=x"):
            resumes.stream(victim.conversation, otid="x")
        assert len(list(client.runs.messages.stream(run_id))) > 0


def test_a_run_that_is_asked_for_without_a_body_expires_too(victim: Victim) -> None:
    victim.mock.world.faults.add("runs.messages.stream", "expired_run")
    with sync_client(victim.mock) as client, pytest.raises(APIStatusError, match=GONE):
        client.post("/v1/runs/run-00000000-0000-4000-8000-000000000000/stream", cast_to=object)


@pytest.mark.parametrize(("operation", "noun"), [("agents", "Agent"), ("runs", "Run")])
def test_an_id_disappears(victim: Victim, operation: str, noun: str) -> None:
    victim.mock.world.faults.add(f"{operation}.retrieve", "missing")
    with sync_client(victim.mock) as client:
        agent = client.agents.create(model=MODEL).id
        found = agent if operation == "agents" else run_of(ask(client, victim.conversation, "Hi"))
        namespace = getattr(client, operation)
        with pytest.raises(NotFoundError, match=rf"{noun} not found with id='\['{found}'\]'"):
            namespace.retrieve(found)
        assert namespace.retrieve(found).id == found


def test_only_the_one_agent_is_missing_and_for_ever(mock: MockLetta) -> None:
    with sync_client(mock) as client:
        lost, kept = client.agents.create(model=MODEL).id, client.agents.create(model=MODEL).id
        where = {"path": {"agent_id": lost}}
        mock.world.faults.add("agents.*", missing=True, times="always", where=where)
        assert client.agents.retrieve(kept).id == kept
        for _ in range(2):
            with pytest.raises(NotFoundError):
                client.agents.retrieve(lost)
        with pytest.raises(NotFoundError):
            client.agents.blocks.list(lost)
        assert conversation_of(client, kept).startswith("conv-")


def test_a_path_without_an_id_is_simply_not_found(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", "missing")
    with sync_client(mock) as client, pytest.raises(NotFoundError) as raised:
        client.agents.list()
    assert raised.value.body == {"detail": "Not Found"}
