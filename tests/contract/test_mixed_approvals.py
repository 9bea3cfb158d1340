"""Several calls at once, some of which need approval."""

import pytest
from letta_client import BadRequestError, Letta

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


def test_returns_come_from_the_client_then_denials_then_tools_that_were_approved(
    connect: Connect,
) -> None:
    names = ("local", "double", "double", "double", "other")
    calls = tuple(
        ToolCall(
            id=f"call-{n}",
            name=name,
            arguments="{}",
            result=ToolResult(f"ran {n}") if name == "double" else None,
            needs_approval=n in (1, 3),
        )
        for n, name in enumerate(names)
    )
    client = connect(brain=Steps(Decision(tool_calls=calls)))
    settings = {"provider_type": "openai", "parallel_tool_calls": True}
    agent = client.agents.create(model=MODEL, model_settings=settings)  # type: ignore[arg-type]
    conversation = conversation_of(client, agent.id)
    tools: list[dict[str, object]] = [
        {"name": name, "parameters": {}} for name in ("local", "other")
    ]
    reply(client, conversation, input="Go!", client_tools=tools)
    denied, approved = approval("call-1", approve=False), approval("call-3")
    answers = [*denied["approvals"], returned("call-4", "4"), *approved["approvals"]]
    message = {"type": "approval", "approvals": [*answers, returned("call-0", "0")]}

    told = reply(client, conversation, messages=[message])

    assert [text.removeprefix("Error: ")[:5] for _, text in returns(told.messages)] == [
        *("4", "0"),
        "reque",
        *("ran 3", "ran 2"),
    ]
    response = oldest_first(client, conversation)[-3]
    assert (getattr(response, "approve", None), getattr(response, "approval_request_id", None)) == (
        False,
        "call-1",
    )


def returned(call_id: str, text: str) -> dict[str, str]:
    return {"type": "tool", "tool_call_id": call_id, "tool_return": text, "status": "success"}


def test_each_change_of_kind_is_a_part_of_its_own_in_a_token_stream(connect: Connect) -> None:
    client = connect(brain=Steps(BOTH))
    settings = {"provider_type": "openai", "parallel_tool_calls": True}
    agent = client.agents.create(model=MODEL, model_settings=settings)  # type: ignore[arg-type]

    told = client.agents.messages.create(agent.id, input="Go!", streaming=True, stream_tokens=True)

    free = [str(one.otid) for one in told if one.message_type == "tool_call_message"]
    assert {int(otid[-2:], 16) & 0x7F for otid in free} == {1}


def test_denied_calls_return_in_the_order_of_the_request(connect: Connect) -> None:
    three = Decision(
        tool_calls=tuple(
            ToolCall(f"call-{number}", "double", "{}", needs_approval=True) for number in (1, 2, 3)
        )
    )
    client = connect(brain=Steps(three))
    conversation = waiting(client)
    answers = [
        one
        for number in (3, 1, 2)
        for one in approval(f"call-{number}", approve=False)["approvals"]
    ]

    answered = reply(client, conversation, messages=[{"type": "approval", "approvals": answers}])

    calls = [one["tool_call_id"] for one in answered.messages[0].model_dump()["tool_returns"]]
    assert calls == ["call-1", "call-2", "call-3"]


def test_cancelling_denies_the_calls_that_waited_along_last(connect: Connect) -> None:
    calls = (
        ToolCall("call-1", "double", "{}", ToolResult("2")),
        ToolCall("call-2", "double", "{}", needs_approval=True),
    )
    client = connect(brain=Steps(Decision(tool_calls=calls)))
    settings = {"provider_type": "openai", "parallel_tool_calls": True}
    agent = client.agents.create(model=MODEL, model_settings=settings)  # type: ignore[arg-type]
    client.agents.messages.create(agent.id, input="Go!")

    client.agents.messages.cancel(agent.id)

    returned = client.agents.messages.list(agent.id, order="asc").items[-1].model_dump()
    assert [one["tool_call_id"] for one in returned["tool_returns"]] == ["call-2", "call-1"]


def test_an_answer_is_a_repeated_one_only_with_all_that_returned_with_it(connect: Connect) -> None:
    client = connect(brain=Steps(BOTH))
    conversation = waiting(client)
    reply(client, conversation, messages=[approval("call-1")])

    with pytest.raises(BadRequestError, match="No tool call is currently awaiting approval"):
        reply(client, conversation, messages=[approval("call-1")])


def test_a_call_that_waits_shows_its_arguments_as_they_were_written(connect: Connect) -> None:
    broken = ToolCall("call-1", "double", "{broken", ToolResult("2"), needs_approval=True)
    client = connect(brain=Steps(Decision(tool_calls=(broken,))))
    agent = client.agents.create(model=MODEL)

    [request] = client.agents.messages.create(agent.id, input="Go!").messages

    assert request.model_dump()["tool_call"]["arguments"] == "{broken"
