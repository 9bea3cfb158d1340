"""Several calls at once, some of which need approval."""

import pytest
from letta_client import Letta

from mockletta.brain.decisions import Decision, ToolCall, ToolResult
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, returns
from tests.contract.talk import (
    MODEL,
    context_of,
    conversation_of,
    history,
    ids_of,
    kinds,
    oldest_first,
    reply,
)
from tests.contract.undeclared import checked

CALLS = ("tool_call_message", "approval_request_message")
BOTH = Decision(
    tool_calls=(
        ToolCall("call-1", "double", "{}", ToolResult("2"), needs_approval=True),
        ToolCall("call-2", "double", "{}", ToolResult("4")),
    )
)


def waiting(client: Letta) -> str:
    """A conversation with a call that waits, and one that waits along."""
    settings = {"provider_type": "openai", "parallel_tool_calls": True}
    agent = client.agents.create(model=MODEL, model_settings=settings)  # type: ignore[arg-type]
    conversation = conversation_of(client, agent.id)
    reply(client, conversation, input="Go!")
    return conversation


def test_calls_that_need_no_approval_wait_along(connect: Connect) -> None:
    both = Decision(
        text="Two at once.",
        tool_calls=(
            ToolCall("call-1", "double", '{"x": 1}', ToolResult("2"), needs_approval=True),
            ToolCall("call-2", "double", '{"x": 2}', ToolResult("4")),
            ToolCall("call-3", "double", '{"x": 3}', ToolResult("6"), needs_approval=True),
        ),
    )
    brain = Steps(both)
    client = connect(brain=brain)
    settings = {"provider_type": "openai", "parallel_tool_calls": True}
    agent = client.agents.create(model=MODEL, model_settings=settings)  # type: ignore[arg-type]

    first = client.agents.messages.create(agent.id, input="Go!")
    answers = [*approval("call-1")["approvals"], *approval("call-3", approve=False)["approvals"]]
    second = client.agents.messages.create(
        agent.id, messages=[{"type": "approval", "approvals": answers}]
    )

    assert kinds(checked(first).messages) == [
        "assistant_message",
        "tool_call_message",
        "approval_request_message",
    ]
    assert [status for status, _ in returns(second.messages)] == ["error", "success", "success"]
    assert [text for _, text in returns(second.messages)][1:] == ["2", "4"]
    assistant = brain.calls[-1].messages[1]
    assert (assistant.text, len(assistant.tool_calls)) == ("Two at once.", 3)


def test_a_token_stream_sends_calls_as_the_model_makes_them(connect: Connect) -> None:
    client = connect(brain=Steps(BOTH))
    settings = {"provider_type": "openai", "parallel_tool_calls": True}
    agent = client.agents.create(model=MODEL, model_settings=settings)  # type: ignore[arg-type]

    told = checked(
        list(
            client.agents.messages.create(agent.id, input="Go!", streaming=True, stream_tokens=True)
        )
    )

    calls = [one for one in told if one.message_type in CALLS]
    assert kinds(calls) == ["approval_request_message"] * 2 + ["tool_call_message"] * 2
    assert len({getattr(one, "id", "") for one in calls}) == 2


def test_calls_that_wait_along_are_in_context(connect: Connect) -> None:
    client = connect(brain=Steps(BOTH))
    conversation = waiting(client)

    assert context_of(client, conversation) == ids_of(oldest_first(client, conversation))

    reply(client, conversation, messages=[approval("call-1")])

    assert context_of(client, conversation) == ids_of(oldest_first(client, conversation))


@needs("conversations.messages.compact")
@pytest.mark.parametrize("mode", ["all", "sliding_window"])
def test_compaction_does_not_part_them(connect: Connect, mode: str) -> None:
    client = connect(brain=Steps(*[Decision(text="Hi.")] * 4, BOTH))
    conversation = waiting(client)
    for _ in range(4):
        reply(client, conversation, input="Go!")
    before = context_of(client, conversation)

    settings = {"mode": mode}
    client.conversations.messages.compact(conversation, compaction_settings=settings)  # type: ignore[arg-type]

    after = context_of(client, conversation)
    assert (len(after) < len(before), after[-2:]) == (True, before[-2:])
    assert len(returns(reply(client, conversation, messages=[approval("call-1")]).messages)) == 2


@needs("conversations.fork")
def test_a_fork_lists_the_calls_that_waited_along(connect: Connect) -> None:
    client = connect(brain=Steps(BOTH))
    conversation = waiting(client)

    fork = client.conversations.fork(conversation).id

    assert history(client, fork) == history(client, conversation)
    assert len(returns(reply(client, fork, messages=[approval("call-1")]).messages)) == 2


@needs("conversations.fork")
def test_a_fork_up_to_them_has_the_request_they_wait_with(connect: Connect) -> None:
    client = connect(brain=Steps(BOTH))
    conversation = waiting(client)
    along = oldest_first(client, conversation)[-2]
    assert along.message_type == "tool_call_message"

    fork = client.conversations.fork(conversation, extra_query={"message_id": along.id}).id

    assert len(returns(reply(client, fork, messages=[approval("call-1")]).messages)) == 2
