"""What stands in context after calls that waited, or of which there were several."""

import json
from pathlib import Path
from typing import Any

from letta_client import Letta

from mockletta.brain.decisions import Decision, ModelCall, ToolCall, ToolResult
from tests.contract.conftest import Serve, checked, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, guarded, returns
from tests.contract.talk import MODEL, oldest_first, reply

PARALLEL: Any = {"provider_type": "openai", "parallel_tool_calls": True}
TWO = Decision(
    tool_calls=(
        ToolCall("call-a", "look", "{}", ToolResult("one")),
        ToolCall("call-b", "look", "{}", ToolResult("two", "error")),
    )
)


def agent_of(client: Letta) -> str:
    return client.agents.create(model=MODEL, model_settings=PARALLEL).id


def read(call: ModelCall) -> list[tuple[str, str | None, str]]:
    """The role, the call and the text of what a model was sent."""
    return [(one.role, one.tool_call_id, _plain(one.text)) for one in call.messages]


def _plain(text: str) -> str:
    return str(json.loads(text)["message"]) if text.startswith("{") else text


def test_a_model_reads_every_return_of_a_step(serve: Serve) -> None:
    brain = Steps(TWO)
    with sync_client(serve(brain=brain)) as client:
        agent = agent_of(client)
        client.agents.messages.create(agent, input="Look!")
        client.agents.messages.create(agent, input="Thanks.")

    returned = [("tool", "call-a", "one"), ("tool", "call-b", "two")]
    begun = [("user", None, "Look!"), ("assistant", None, ""), *returned]
    assert read(brain.calls[1]) == begun
    assert read(brain.calls[2]) == [*begun, ("assistant", None, "Done."), ("user", None, "Thanks.")]
    assert [json.loads(one.text)["status"] for one in brain.calls[1].messages[2:]] == [
        "OK",
        "Failed",
    ]


def test_an_answer_is_in_context_and_no_model_is_sent_it(serve: Serve) -> None:
    brain = Steps(guarded())
    with sync_client(serve(brain=brain)) as client:
        agent = agent_of(client)
        conversation = client.conversations.create(agent_id=agent).id
        reply(client, conversation, input="Go!")
        reply(client, conversation, messages=[approval("call-1")])

        listed = oldest_first(client, conversation)
        context = checked(client.conversations.retrieve(conversation)).in_context_message_ids

    assert context == list(dict.fromkeys(one.id for one in listed))
    assert "approval_response_message" in [one.message_type for one in listed]
    assert read(brain.calls[1]) == [
        ("user", None, "Go!"),
        ("assistant", None, ""),
        ("tool", "call-1", "42"),
    ]


@needs("conversations.fork", "message_id")
def test_in_a_fork_at_an_answer_the_request_still_waits(serve: Serve) -> None:
    with sync_client(serve(brain=Steps(guarded()))) as client:
        conversation = client.conversations.create(agent_id=agent_of(client)).id
        reply(client, conversation, input="Go!")
        reply(client, conversation, messages=[approval("call-1")])
        context = client.conversations.retrieve(conversation).in_context_message_ids or []

        fork = client.conversations.fork(conversation, message_id=context[3])
        told = reply(client, fork.id, messages=[approval("call-1")])

    assert returns(told.messages) == [("success", "42")]


def test_it_is_read_the_same_from_a_file(serve: Serve, tmp_path: Path) -> None:
    brain = Steps(TWO, guarded())
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        agent = agent_of(client)
        client.agents.messages.create(agent, input="Look!")
        client.agents.messages.create(agent, messages=[approval("call-1")])
        mock.save(tmp_path / "world.jsonl")
        client.agents.messages.create(agent, input="Thanks.")
        mock.load(tmp_path / "world.jsonl")
        client.agents.messages.create(agent, input="Thanks.")

    assert read(brain.calls[-1]) == read(brain.calls[-2])
    assert len(read(brain.calls[-1])) == 8
