"""client.agents.messages.cancel: runs that wait for an approval, that are over, or in a step."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from letta_client import APIStatusError, ConflictError, Letta, omit
from letta_client.types import ToolReturnMessage
from letta_client.types.agents import ApprovalResponseMessage

from mockletta.testing.mock_letta import MockLetta
from mockletta.turns.approvals import CANCELLED, KEEP_ALIVE
from mockletta.world.pace import Pace
from tests.contract.conftest import Connect, Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, doubling_agent, guarded
from tests.contract.talk import MODEL, kinds, text_of
from tests.replay.stand_in import StandIn

FREED = ["-cancelled-requests-stay-pending"]
DENIED = f"Error: request to call tool denied. User reason: {CANCELLED}"


Held = tuple[MockLetta, Letta]


@pytest.fixture
def held(serve: Serve) -> Iterator[Held]:
    """A server whose model does as the messages tell it, and a client."""
    mock = serve(brain=StandIn())
    with sync_client(mock) as client:
        yield mock, client


def waiting(client: Letta) -> tuple[str, str]:
    """An agent whose own run waits for an approval, and that run."""
    agent_id = doubling_agent(client)
    client.agents.messages.create(agent_id, input="Double 21.")
    return agent_id, client.runs.list(agent_id=agent_id).items[0].id


def waiting_conversation(client: Letta) -> tuple[str, str, str]:
    agent_id = doubling_agent(client)
    conversation_id = client.conversations.create(agent_id=agent_id).id
    list(client.conversations.messages.create(conversation_id, input="Double 21."))
    return agent_id, conversation_id, client.runs.list(agent_id=agent_id).items[0].id


def status(client: Letta, run_id: str) -> tuple[str | None, str | None]:
    run = client.runs.retrieve(run_id)
    return run.status, run.stop_reason


@pytest.mark.parametrize("named", ["by id", "by nothing", "by an empty list"])
def test_cancelling_what_waits_denies_it(connect: Connect, named: str) -> None:
    client = connect(brain=Steps(guarded()))
    agent_id, run_id = waiting(client)
    ids: Any = {"by id": [run_id], "by nothing": omit, "by an empty list": list[str]()}[named]

    assert client.agents.messages.cancel(agent_id, run_ids=ids) == {run_id: "cancelled"}

    assert status(client, run_id) == ("cancelled", "cancelled")
    response, returned = client.agents.messages.list(agent_id, order="asc").items[-2:]
    assert isinstance(response, ApprovalResponseMessage)
    assert (response.approve, response.reason, response.run_id) == (False, CANCELLED, run_id)
    assert isinstance(returned, ToolReturnMessage)
    assert (returned.status, returned.tool_return) == ("error", DENIED)
    assert text_of(client.agents.messages.create(agent_id, input="Hello.").messages) == "Done."


def test_an_answer_that_is_late_is_a_retry(connect: Connect) -> None:
    brain = Steps(guarded())
    client = connect(brain=brain)
    agent_id, run_id = waiting(client)
    client.agents.messages.cancel(agent_id, run_ids=[run_id])

    client.agents.messages.create(agent_id, messages=[approval()])

    assert brain.calls[-1].messages[-1].text == KEEP_ALIVE


@needs("conversations.cancel")
def test_in_a_conversation_the_request_stays_pending(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    agent_id, conversation_id, run_id = waiting_conversation(client)

    with pytest.raises(ConflictError):
        client.conversations.cancel(conversation_id)
    client.agents.messages.cancel(agent_id, run_ids=[run_id])

    assert status(client, run_id) == ("cancelled", "cancelled")
    with pytest.raises(APIStatusError, match="waiting for approval"):
        list(client.conversations.messages.create(conversation_id, input="Hello."))
    told = list(client.conversations.messages.create(conversation_id, messages=[approval()]))
    assert text_of(told) == "Done."


def test_without_the_quirk_a_conversation_is_free_too(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()), quirks=FREED)
    agent_id, conversation_id, run_id = waiting_conversation(client)

    client.agents.messages.cancel(agent_id, run_ids=[run_id])

    told = list(client.conversations.messages.create(conversation_id, input="Hello."))
    assert text_of(told) == "Done."


def test_only_the_run_that_waits_denies_what_waits(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    agent_id, _ = waiting(client)
    other = client.agents.create(model=MODEL).id
    client.agents.messages.create(other, input="Hello.")
    foreign = client.runs.list(agent_id=other).items[0].id

    assert client.agents.messages.cancel(agent_id, run_ids=[foreign]) == {foreign: "cancelled"}

    assert status(client, foreign) == ("cancelled", "cancelled")
    with pytest.raises(ConflictError, match="waiting for approval"):
        client.agents.messages.create(agent_id, input="Hello.")


def test_a_step_under_way_is_stored_after_its_stream_has_ended(held: Held) -> None:
    mock, client = held
    agent_id = client.agents.create(model=MODEL).id
    told = client.agents.messages.create(agent_id, input="<<hang 30>>", streaming=True)
    begun = list(islice(told, 1))
    [run] = client.runs.list(agent_id=agent_id, active=True).items

    client.agents.messages.cancel(agent_id)

    assert kinds([*begun, *told]) == ["ping", "stop_reason"]
    mock.clock.advance(60)
    client.agents.messages.create(agent_id, input="Hello.")
    assert "assistant_message" in kinds(client.runs.messages.list(run.id).items)
    assert status(client, run.id) == ("cancelled", "cancelled")


def test_a_step_of_a_token_stream_is_lost_and_stays_pending(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=30))
    agent_id = client.agents.create(model=MODEL).id
    told = client.agents.messages.create(
        agent_id, input="Hello.", streaming=True, stream_tokens=True
    )
    next(iter(told))
    [run] = client.runs.list(agent_id=agent_id, active=True).items

    client.agents.messages.cancel(agent_id, run_ids=[run.id])

    assert client.runs.messages.list(run.id).items == []
    assert [step.status for step in client.runs.steps.list(run.id).items] == ["pending"]


def test_an_async_run_ends_with_its_step_all_the_same(held: Held) -> None:
    mock, client = held
    agent_id = client.agents.create(model=MODEL).id
    run = client.agents.messages.create_async(agent_id, input="<<hang 30>>")

    client.agents.messages.cancel(agent_id, run_ids=[run.id])

    cancelled = client.runs.retrieve(run.id)
    assert (cancelled.status, cancelled.stop_reason) == ("cancelled", "cancelled")
    mock.clock.advance(60)
    client.agents.messages.create(agent_id, input="Hello.")
    assert status(client, run.id) == ("completed", "end_turn")
    assert client.runs.retrieve(run.id).completed_at == cancelled.completed_at


@needs("conversations.cancel")
def test_a_cancelled_step_that_ends_leaves_the_next_turn_its_conversation(held: Held) -> None:
    mock, client = held
    conversation_id = client.conversations.create(agent_id=client.agents.create(model=MODEL).id).id
    create = client.conversations.messages.create
    first = create(conversation_id, input="<<hang 30>>")
    begun = list(islice(first, 1))
    client.conversations.cancel(conversation_id)
    second = create(conversation_id, input="<<hang 300>>")
    begun += islice(second, 1)

    mock.clock.advance(60)

    with pytest.raises(ConflictError):
        create(conversation_id, input="Hello.")


@pytest.mark.parametrize("recorded", [False, True])
def test_an_async_run_is_cancelled_unnamed_though_not_by_the_recorded_server(
    connect: Connect, recorded: bool
) -> None:
    """The recorded server cancels the newest other run, which has ended [70x agent cancel]."""
    client = connect(brain=StandIn(), quirks=["recorded"] if recorded else [])
    agent_id = client.agents.create(model=MODEL).id
    ended = client.agents.messages.create(agent_id, input="Hello.").messages[0].run_id
    waiting = client.agents.messages.create_async(agent_id, input="<<hang 30>>").id

    cancelled = client.agents.messages.cancel(agent_id)

    assert cancelled == {ended if recorded else waiting: "cancelled"}


@needs("runs.retrieve")
def test_a_turn_that_would_go_on_ends_after_the_step_in_which_it_is_cancelled(
    mock: MockLetta, client: Letta
) -> None:
    mock.when("go").wait(0.1).call("look", returns="Nothing.").say("Done.")
    agent = client.agents.create(model=MODEL)
    run = client.agents.messages.create_async(agent.id, input="go")
    client.agents.messages.cancel(agent.id, run_ids=[run.id])
    while mock.world.active:
        mock.clock.peek()
    kinds = [message.message_type for message in client.runs.messages.list(run.id)]
    assert (client.runs.retrieve(run.id).status, "assistant_message" in kinds) == (
        "cancelled",
        False,
    )
