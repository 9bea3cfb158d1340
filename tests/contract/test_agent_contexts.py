"""client.agents.messages: reset, cancel and compact."""

import pytest
from letta_client import (
    ConflictError,
    Letta,
)
from letta_client.types import AgentState, Conversation

from mockletta.world.pace import Pace
from tests.contract.agent_talk import make_agent, told
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import text_of
from tests.contract.undeclared import checked

pytestmark = pytest.mark.filterwarnings("ignore:deprecated")  # the SDK's word on `stream`

UNKNOWN_RUN = "run-00000000-0000-4000-8000-000000000000"
ECHO = "Say 'ping' back to me"


def test_a_reset_empties_the_context_but_not_the_list(client: Letta, agent: AgentState) -> None:
    client.agents.messages.create(agent.id, input=ECHO)

    reset = checked(client.agents.messages.reset(agent.id, add_default_initial_messages=False))

    assert reset is not None
    assert (reset.id, reset.message_ids) == (agent.id, agent.message_ids)
    assert len(told(client, agent.id)) == 2
    answer = client.agents.messages.create(agent.id, input="What did I say?")
    assert "ping" not in text_of(answer.messages)


def test_a_reset_leaves_conversations_alone(client: Letta, conversation: Conversation) -> None:
    list(client.conversations.messages.create(conversation.id, input=ECHO))
    before = client.conversations.retrieve(conversation.id).in_context_message_ids

    client.agents.messages.reset(conversation.agent_id)

    assert client.conversations.retrieve(conversation.id).in_context_message_ids == before
    assert len(before or []) == 3


def test_a_reset_compiles_the_system_message_anew(client: Letta, agent: AgentState) -> None:
    client.agents.update(agent.id, system="New.")

    client.agents.messages.reset(agent.id)

    [system] = client.agents.messages.list(agent.id)
    assert str(getattr(system, "content", "")).startswith("New.\n")


def test_a_cancelled_run_ends_its_stream(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    agent_id = make_agent(client)
    stream = client.agents.messages.stream(agent_id, input=ECHO)
    run_id = str(next(stream).run_id)  # type: ignore[union-attr]

    cancelled = checked(client.agents.messages.cancel(agent_id))

    assert cancelled == {run_id: "cancelled"}
    assert [event.to_dict() for event in stream] == [
        {"message_type": "stop_reason", "stop_reason": "cancelled"}
    ]
    run = client.runs.retrieve(run_id)
    assert (run.status, run.stop_reason, told(client, agent_id)) == ("cancelled", "cancelled", [])


def test_runs_are_cancelled_by_their_ids(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    agent_id = make_agent(client)
    first, second = (client.agents.messages.stream(agent_id, input=ECHO) for _ in range(2))
    one, two = (str(next(stream).run_id) for stream in (first, second))  # type: ignore[union-attr]

    cancelled = client.agents.messages.cancel(agent_id, run_ids=[one, UNKNOWN_RUN])

    assert cancelled == {one: "cancelled", UNKNOWN_RUN: "failed"}
    assert client.runs.retrieve(two).status == "running"
    assert client.agents.messages.cancel(agent_id) == {two: "cancelled"}


def test_a_run_that_is_over_becomes_cancelled(client: Letta, agent: AgentState) -> None:
    client.agents.messages.create(agent.id, input=ECHO)
    [run] = client.runs.list(agent_id=agent.id)

    assert client.agents.messages.cancel(agent.id) == {run.id: "cancelled"}
    changed = run.model_copy(update={"status": "cancelled", "stop_reason": "cancelled"})
    assert client.runs.retrieve(run.id) == changed


def test_an_agent_without_runs_has_none_to_cancel(client: Letta, agent: AgentState) -> None:
    with pytest.raises(ConflictError) as refused:
        client.agents.messages.cancel(agent.id)

    assert refused.value.body == {
        "detail": f"CONFLICT: No active runs to cancel for agent {agent.id}"
    }


@needs("agents.messages.compact", "compaction_settings", answer=True)
def test_a_compacted_context_is_the_system_message_and_a_summary(
    client: Letta, agent: AgentState
) -> None:
    for _ in range(2):
        client.agents.messages.create(agent.id, input=ECHO)

    compacted = checked(
        client.agents.messages.compact(agent.id, compaction_settings={"mode": "all"})
    )

    assert (compacted.num_messages_before, compacted.num_messages_after) == (5, 2)
    assert len(client.agents.retrieve(agent.id).message_ids or []) == 2
    assert len(told(client, agent.id)) == 5


@needs("agents.messages.compact", "compaction_settings", answer=True)
def test_a_compacted_context_compacted_again_is_answered_with_its_summary(
    client: Letta, agent: AgentState
) -> None:
    for _ in range(2):
        client.agents.messages.create(agent.id, input=ECHO)
    settings = {"mode": "all"}
    compact = client.agents.messages.compact
    first = compact(agent.id, compaction_settings=settings)  # type: ignore[arg-type]

    again = compact(agent.id, compaction_settings=settings)  # type: ignore[arg-type]

    assert first.summary in again.summary
    assert (again.num_messages_before, again.num_messages_after) == (2, 2)
