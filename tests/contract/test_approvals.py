"""Calls that wait for approval: asked, approved, denied, and what else can be sent meanwhile."""

from typing import Any

import pytest
from letta_client import APIStatusError, BadRequestError, ConflictError, Letta

from mockletta.brain.decisions import Decision, ModelFailure
from tests.contract.conftest import Connect, Serve, async_client_of
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, calling, doubling_agent, guarded, returns
from tests.contract.talk import (
    MODEL,
    agent_with_memory,
    context_of,
    conversation_of,
    history,
    kinds,
    oldest_first,
    plain,
    reply,
    text_of,
)
from tests.contract.undeclared import checked

pytestmark = pytest.mark.anyio


def asked(client: Letta) -> str:
    """A conversation in which a call waits."""
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="Go!")
    return conversation


def test_an_approved_call_is_run_and_the_turn_goes_on(connect: Connect) -> None:
    client = connect(brain=Steps(guarded("May I?"), Decision(text="Thanks.")))
    conversation = conversation_of(client, agent_with_memory(client))

    first = reply(client, conversation, input="Go!")
    second = reply(client, conversation, messages=[approval()])

    assert kinds(first.messages) == ["assistant_message", "approval_request_message"]
    assert first.stop_reason.stop_reason == "requires_approval"
    assert kinds(second.messages) == ["tool_return_message", "assistant_message"]
    assert returns(second.messages) == [("success", "42")]
    assert second.stop_reason.stop_reason == "end_turn"
    assert [kind for kind, _ in history(client, conversation)] == [
        "user_message",
        "assistant_message",
        "approval_request_message",
        "approval_response_message",
        "tool_return_message",
        "assistant_message",
    ]


def test_a_denied_call_returns_the_reason(connect: Connect) -> None:
    client = connect(brain=Steps(guarded(), Decision(text="Fine.")))
    conversation = asked(client)

    told = reply(client, conversation, messages=[approval(approve=False, reason="too late")])

    denied = "Error: request to call tool denied. User reason: too late"
    assert returns(told.messages) == [("error", denied)]
    assert text_of(told.messages) == "Fine."


def test_the_turn_is_the_same_one_before_and_after(connect: Connect) -> None:
    brain = Steps(guarded(), guarded())
    client = connect(brain=brain)
    conversation = asked(client)

    for _ in range(2):
        reply(client, conversation, messages=[approval()])

    assert len({call.run_id for call in brain.calls}) == 1
    assert [(call.turn, call.step) for call in brain.calls] == [(1, 1), (1, 2), (1, 3)]
    assert [message.role for message in brain.calls[-1].messages] == [
        "user",
        *["assistant", "tool"] * 2,
    ]
    assert len(list(client.runs.list())) == 3


def test_a_message_beside_the_answer_begins_a_new_turn(connect: Connect) -> None:
    brain = Steps(guarded(), Decision(text="Both."))
    client = connect(brain=brain)
    conversation = asked(client)

    reply(client, conversation, messages=[approval(), {"role": "user", "content": "And hurry."}])

    assert len({call.run_id for call in brain.calls}) == 2
    assert brain.calls[-1].messages[-1].text == "And hurry."


@pytest.mark.parametrize("options", [{}, {"stream_tokens": True}, {"background": True}])
def test_it_is_asked_for_and_given_in_streams(connect: Connect, options: dict[str, Any]) -> None:
    client = connect(brain=Steps(guarded("May I?"), Decision(text="Thanks.")))
    conversation = conversation_of(client, agent_with_memory(client))
    send = client.conversations.messages.create

    first = checked(list(send(conversation, input="Go!", **options)))
    second = checked(list(send(conversation, messages=[approval()], **options)))

    assert kinds(first)[-3:] == ["approval_request_message", "stop_reason", "usage_statistics"]
    assert kinds(second) == [
        "ping",
        "tool_return_message",
        "assistant_message",
        "stop_reason",
        "usage_statistics",
    ]


def test_a_token_stream_shows_no_denial(connect: Connect) -> None:
    client = connect(brain=Steps(guarded(), Decision(text="Fine.")))
    conversation = asked(client)

    told = list(
        client.conversations.messages.create(
            conversation, messages=[approval(approve=False)], stream_tokens=True
        )
    )

    assert "tool_return_message" not in kinds(told)
    assert "tool_return_message" in kinds(oldest_first(client, conversation))


async def test_it_works_with_the_async_client(serve: Serve) -> None:
    async with async_client_of(serve(brain=Steps(guarded(), Decision(text="Yes.")))) as client:
        agent = await client.agents.create(model=MODEL)

        first = await client.agents.messages.create(agent.id, input="Go!")
        second = await client.agents.messages.create(agent.id, messages=[approval()])

    assert first.stop_reason.stop_reason == "requires_approval"
    assert text_of(checked(second).messages) == "Yes."


def test_an_async_run_can_wait_too(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    agent_id = agent_with_memory(client)

    run = client.agents.messages.create_async(agent_id, input="Go!")
    while run.status in ("created", "running"):
        run = client.runs.retrieve(run.id)

    assert (run.status, run.stop_reason) == ("completed", "requires_approval")


def test_other_messages_are_refused_while_a_call_waits(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)
    before = history(client, conversation)

    with pytest.raises(ConflictError, match="waiting for approval"):
        reply(client, conversation, input="Hello?")

    assert history(client, conversation) == before


def test_an_agents_own_endpoint_names_the_request_that_waits(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    agent_id = agent_with_memory(client)
    first = client.agents.messages.create(agent_id, input="Go!")

    with pytest.raises(ConflictError) as refused:
        client.agents.messages.create(agent_id, input="Hello?")

    detail = refused.value.body["detail"]  # type: ignore[index]
    assert detail["code"] == "PENDING_APPROVAL"
    assert detail["pending_request_id"] == first.messages[0].id


def test_an_agent_shows_what_waits(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    agent_id = agent_with_memory(client)
    first = client.agents.messages.create(agent_id, input="Go!")

    shown = client.agents.retrieve(agent_id, include=["agent.pending_approval"])
    client.agents.messages.create(agent_id, messages=[approval()])
    later = client.agents.retrieve(agent_id, include=["agent.pending_approval"])

    pending = plain(shown)["pending_approval"]
    assert isinstance(pending, dict)
    assert pending["id"] == first.messages[0].id
    assert later.pending_approval is None


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (approval("nope"), r"Expected '\['call-1'\]', but received '\['nope'\]'"),
        ({"type": "approval", "approvals": []}, "does not contain any approvals"),
        ({"type": "tool_return", "tool_returns": []}, "does not contain any approvals"),
    ],
)
def test_wrong_answers_change_nothing(connect: Connect, message: dict[str, Any], why: str) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)
    before = history(client, conversation)

    with pytest.raises(BadRequestError, match=why):
        reply(client, conversation, messages=[message])

    assert history(client, conversation) == before
    reply(client, conversation, messages=[approval()])


def test_an_answer_to_nothing_is_refused(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))

    with pytest.raises(BadRequestError, match="No tool call is currently awaiting approval"):
        reply(client, conversation, messages=[approval()])


def test_the_same_answer_again_asks_the_model_to_go_on(connect: Connect) -> None:
    brain = Steps(guarded(), Decision(text="Done."), Decision(text="Still here."))
    client = connect(brain=brain)
    conversation = asked(client)
    reply(client, conversation, messages=[approval()])

    again = reply(client, conversation, messages=[approval()])
    other = reply(client, conversation, messages=[approval(), {"role": "user", "content": "Well?"}])

    assert text_of(again.messages) == "Still here."
    assert "keep-alive" in brain.calls[-2].messages[-1].text
    assert (brain.calls[-1].messages[-1].text, text_of(other.messages)) == ("Well?", "Done.")


def test_the_older_form_names_the_request(connect: Connect) -> None:
    client = connect(brain=Steps(guarded(), guarded(), Decision(text="Thanks.")))
    conversation = conversation_of(client, agent_with_memory(client))

    def answer(*, approve: bool) -> Any:  # noqa: ANN401 - the SDK's own type has more in it
        request = oldest_first(client, conversation)[-1].id
        message = {"approve": approve, "approval_request_id": request}
        return reply(client, conversation, messages=[message])

    reply(client, conversation, input="Go!")
    approved, denied = answer(approve=True), answer(approve=False)

    assert kinds(approved.messages) == ["tool_return_message", "approval_request_message"]
    assert (denied.messages, denied.stop_reason.stop_reason) == ([], "invalid_tool_call")


def test_a_tools_rule_makes_it_wait(connect: Connect) -> None:
    call = calling("double", '{"x": 1}')
    client = connect(brain=Steps(call, Decision(text="Done."), call))
    agent_id = doubling_agent(client, default_requires_approval=True)

    waits = client.agents.messages.create(agent_id, input="Go!")
    client.agents.messages.create(agent_id, messages=[approval()])
    client.agents.tools.update_approval("double", agent_id=agent_id, body_requires_approval=False)
    runs = client.agents.messages.create(agent_id, input="Again!")

    assert waits.stop_reason.stop_reason == "requires_approval"
    assert runs.stop_reason.stop_reason == "end_turn"


def test_an_approved_call_of_a_tool_that_is_gone_is_not_found(connect: Connect) -> None:
    client = connect(brain=Steps(calling("double", '{"x": 1}'), Decision(text="Pity.")))
    agent_id = doubling_agent(client, default_requires_approval=True)
    client.agents.messages.create(agent_id, input="Go!")
    [tool] = client.agents.tools.list(agent_id)
    client.tools.delete(tool.id)

    told = client.agents.messages.create(agent_id, messages=[approval()])

    assert returns(told.messages) == [("error", "Tool not found")]


def test_a_rule_can_end_the_turn_after_an_approved_call(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    rules = [{"type": "exit_loop", "tool_name": "double"}]
    agent = client.agents.create(model=MODEL, tool_rules=rules)  # type: ignore[arg-type]
    client.agents.messages.create(agent.id, input="Go!")

    told = client.agents.messages.create(agent.id, messages=[approval()])

    assert (kinds(told.messages), told.stop_reason.stop_reason) == (
        ["tool_return_message"],
        "tool_rule",
    )


def test_running_what_was_approved_is_a_step(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)

    told = reply(client, conversation, messages=[approval()], max_steps=1)

    assert (kinds(told.messages), told.stop_reason.stop_reason) == (
        ["tool_return_message"],
        "max_steps",
    )


def test_a_failing_model_loses_no_return(connect: Connect) -> None:
    class Fails(Steps):
        def decide(self, call: Any) -> Decision:  # noqa: ANN401
            if self.left:
                return super().decide(call)
            raise ModelFailure

    client = connect(brain=Fails(guarded()))
    conversation = asked(client)

    with pytest.raises(APIStatusError):
        list(client.conversations.messages.create(conversation, messages=[approval()]))

    assert history(client, conversation)[-1][0] == "tool_return_message"


@needs("conversations.messages.compact")
def test_compaction_keeps_what_waits(connect: Connect) -> None:
    client = connect(brain=Steps(Decision(text="One."), guarded(), Decision(text="Thanks.")))
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="First.")
    reply(client, conversation, input="Go!")
    request = context_of(client, conversation)[-1]

    client.conversations.messages.compact(conversation, compaction_settings={"mode": "all"})

    assert context_of(client, conversation)[-1] == request
    assert kinds(reply(client, conversation, messages=[approval()]).messages)[0] == (
        "tool_return_message"
    )


@needs("conversations.fork")
def test_a_fork_waits_for_itself(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)
    fork = client.conversations.fork(conversation).id

    reply(client, conversation, messages=[approval()])

    assert returns(reply(client, fork, messages=[approval()]).messages) == [("success", "42")]


def test_both_answers_to_one_call_are_stored_and_the_first_is_shown(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)
    answers = [
        {"type": "tool", "tool_call_id": "call-1", "tool_return": text, "status": "success"}
        for text in ("first", "second")
    ]

    told = reply(client, conversation, messages=[{"type": "approval", "approvals": answers}])

    assert [text for _, text in returns(told.messages)] == ["first"]
    assert [text for _, text in returns(oldest_first(client, conversation))] == ["first", "second"]


def test_only_the_first_message_with_answers_counts(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)

    reply(client, conversation, messages=[approval(), approval(approve=False)])

    [response] = [
        one
        for one in oldest_first(client, conversation)
        if one.message_type == "approval_response_message"
    ]
    assert [one.to_dict()["approve"] for one in response.approvals or ()] == [True]


def test_answers_behind_a_message_are_refused(connect: Connect) -> None:
    client = connect()
    conversation = conversation_of(client, agent_with_memory(client))
    messages = [{"role": "user", "content": "Hi."}, approval()]

    with pytest.raises(BadRequestError, match="Expected MessageCreate, got ApprovalCreate"):
        reply(client, conversation, messages=messages)


def test_a_message_before_the_answers_is_refused_while_they_are_due(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = asked(client)

    with pytest.raises(ConflictError, match="waiting for approval"):
        reply(client, conversation, messages=[{"role": "user", "content": "Hi."}, approval()])


@needs("conversations.messages.compact")
def test_an_answer_can_be_repeated_once_after_a_compaction(connect: Connect) -> None:
    client = connect(brain=Steps(guarded(), Decision(text="Thanks."), Decision(text="All of it.")))
    conversation = asked(client)
    reply(client, conversation, messages=[approval()])
    client.conversations.messages.compact(conversation, compaction_settings={"mode": "all"})

    assert text_of(reply(client, conversation, messages=[approval()]).messages) == "Done."

    with pytest.raises(BadRequestError, match="No tool call is currently awaiting approval"):
        reply(client, conversation, messages=[approval()])
