"""Why a turn stops: every reason that there is, as a reply and as a stream tell it."""

from typing import Any

import pytest
from letta_client import APIStatusError, Letta

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, calling, doubling_agent, guarded
from tests.contract.talk import MODEL, ask, conversation_of, ended, reply, run_of
from tests.contract.undeclared import checked

END: Any = {"type": "exit_loop", "tool_name": "double"}
CALL = calling("double", '{"x": 1}')
GIVEN = ["error", "invalid_llm_response", "no_tool_call", "insufficient_credits", "cancelled"]


def reasons(
    client: Letta, conversation_id: str, body: dict[str, Any]
) -> tuple[object, object, object]:
    """Why two turns stop: one that is not streamed, and one that is, by its event and its run."""
    plain = reply(client, conversation_id, **body).stop_reason.stop_reason
    create = client.conversations.messages.create
    told = checked(list(create(conversation_id, **body)))
    [stop] = [one for one in told if one.message_type == "stop_reason"]
    return plain, stop.stop_reason, ended(client, run_of(told)).stop_reason


@needs("environments.list")
@pytest.mark.parametrize(
    ("decision", "body", "reason"),
    [
        (Decision(text="Well."), {}, "end_turn"),
        (Decision(), {}, "end_turn"),
        (CALL, {"max_steps": 1}, "max_steps"),
        (CALL, {}, "tool_rule"),
        (calling("launch"), {}, "end_turn"),
        (calling("double", "not JSON"), {"max_steps": 1}, "tool_rule"),
        (Decision(text="We", finish="length"), {}, "max_tokens_exceeded"),
        *[(Decision(text="Oh", stop_reason=reason), {}, reason) for reason in GIVEN],
    ],
)
def test_a_turn_stops_for_a_reason(
    connect: Connect, decision: Decision, body: dict[str, Any], reason: str
) -> None:
    done = Decision(text="Done.")
    again = [decision, done] if decision.tool_calls and reason == "end_turn" else [decision]
    client = connect(brain=Steps(*again, *again))
    rules = [] if reason == "max_steps" else [END]
    agent_id = doubling_agent(client)
    client.agents.update(agent_id, tool_rules=rules)

    told = reasons(client, conversation_of(client, agent_id), {"input": "Go!", **body})

    assert told == (reason, reason, reason)


def test_a_call_that_waits_stops_a_turn(connect: Connect) -> None:
    client = connect(brain=Steps(guarded(), guarded(), guarded()))
    conversation = conversation_of(client, client.agents.create(model=MODEL).id)
    reply(client, conversation, input="Go!")

    told = reasons(client, conversation, {"messages": [approval()]})

    assert told == ("requires_approval",) * 3


def test_a_denial_in_the_older_form_stops_a_turn(connect: Connect) -> None:
    client = connect(brain=Steps(guarded()))
    conversation = conversation_of(client, client.agents.create(model=MODEL).id)
    request = reply(client, conversation, input="Go!").messages[-1].id
    denial = {"type": "approval", "approve": False, "approval_request_id": request}

    assert reasons(client, conversation, {"messages": [denial]}) == ("invalid_tool_call",) * 3


class Failing:
    """A brain that fails as the message says."""

    def decide(self, call: ModelCall) -> Decision:
        kind: Any = call.messages[-1].text
        raise ModelFailure(429, kind=kind)


@pytest.mark.parametrize(("kind", "reason"), [("status", "llm_api_error"), ("overflow", "error")])
def test_a_model_that_fails_stops_a_turn(connect: Connect, kind: str, reason: str) -> None:
    client = connect(brain=Failing())
    conversation = conversation_of(client, client.agents.create(model=MODEL).id)

    with pytest.raises(APIStatusError):
        reply(client, conversation, input=kind)
    with pytest.raises(APIStatusError):
        ask(client, conversation, kind)

    assert {run.stop_reason for run in client.runs.list()} == {reason}


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("error", "failed"),
        ("llm_api_error", "failed"),
        ("invalid_llm_response", "failed"),
        pytest.param("insufficient_credits", "failed", marks=needs("environments.list")),
        ("no_tool_call", "completed"),
        ("end_turn", "completed"),
    ],
)
def test_a_stop_reason_fails_a_run_or_completes_it(
    connect: Connect, reason: str, status: str
) -> None:
    client = connect(brain=Steps(Decision(text="Oh", stop_reason=reason)))
    conversation_id = conversation_of(client, client.agents.create(model=MODEL).id)

    told = list(client.conversations.messages.create(conversation_id, input="Go!"))

    assert ended(client, run_of(told)).status == status
