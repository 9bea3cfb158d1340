"""What a decision can ask for beside words: returns, raw events, paces, ends, faults."""

import json
from dataclasses import replace

import httpx
import pytest
from letta_client import Letta
from letta_client.types import ToolReturnMessage

from mockletta.brain.decisions import Decision, ToolCall, ToolResult
from tests.contract.conftest import Connect, Serve, sync_client
from tests.contract.steps import Steps, calling
from tests.contract.talk import MODEL, agent_with_memory, conversation_of, reply
from tests.contract.undeclared import checked


def frames(client: Letta, **body: object) -> list[str]:
    """The data of every event that a message is answered with."""
    conversation = conversation_of(client, agent_with_memory(client))
    with httpx.Client(base_url=str(client.base_url)) as http:
        answer = http.post(
            f"/v1/conversations/{conversation}/messages", json={"input": "x", **body}
        )
    return [frame for frame in answer.text.split("\n\n") if frame]


def contents(told: list[str]) -> list[str]:
    parsed = [json.loads(one[len("data: ") :]) for one in told if one.startswith('data: {"id')]
    return [one["content"] for one in parsed if one["message_type"] == "assistant_message"]


def test_a_laid_down_return_needs_no_tool(connect: Connect) -> None:
    result = ToolResult("lift-off", "error", ("3", "2", "1"), ("smoke",))
    decision = Decision(tool_calls=(ToolCall("call-1", "launch", "{}", result),))
    client = connect(brain=Steps(decision))
    agent = client.agents.create(model=MODEL)

    told = client.agents.messages.create(agent.id, input="Go!")

    [found] = [one for one in checked(told).messages if isinstance(one, ToolReturnMessage)]
    assert (found.tool_return, found.status) == ("lift-off", "error")
    assert (found.stdout, found.stderr) == (["3", "2", "1"], ["smoke"])


def test_a_laid_down_return_of_our_own_tool_has_no_output(connect: Connect) -> None:
    client = connect(brain=Steps(calling("conversation_search", result="nothing")))
    agent = client.agents.create(model=MODEL)

    told = client.agents.messages.create(agent.id, input="Go!")

    [found] = [one for one in told.messages if isinstance(one, ToolReturnMessage)]
    assert (found.tool_return, found.stdout, found.stderr) == ("nothing", None, None)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("max_steps", "completed"),
        ("llm_api_error", "failed"),
        ("invalid_llm_response", "failed"),
        ("cancelled", "cancelled"),
    ],
)
def test_a_stop_reason_ends_the_turn(connect: Connect, reason: str, status: str) -> None:
    client = connect(brain=Steps(replace(calling("launch"), stop_reason=reason)))
    agent = client.agents.create(model=MODEL)

    told = client.agents.messages.create(agent.id, input="Go!")

    assert told.stop_reason.stop_reason == reason
    [run] = client.runs.list()
    assert (run.status, run.stop_reason) == (status, reason)


def test_raw_events_follow_the_steps_own(connect: Connect) -> None:
    events = ('{"message_type": "beep", "seq_id": null}', "not JSON\nat all")
    client = connect(brain=Steps(Decision(text="Hello.", events=events)))

    told = frames(client)

    assert contents(told[1:2]) == ["Hello."]
    assert told[2:4] == [
        'data: {"message_type": "beep", "seq_id": null}',
        "data: not JSON\ndata: at all",
    ]


def test_a_reply_without_a_stream_has_raw_messages_only(connect: Connect) -> None:
    message = '{\n"message_type": "assistant_message"\n}'
    client = connect(brain=Steps(Decision(text="Hi.", events=(message, "not JSON", "[1]"))))
    conversation = conversation_of(client, agent_with_memory(client))

    with httpx.Client(base_url=str(client.base_url)) as http:
        answer = http.post(
            f"/v1/conversations/{conversation}/messages", json={"input": "x", "streaming": False}
        )

    messages = answer.json()["messages"]
    assert messages[1:] == [{"message_type": "assistant_message"}]


def test_tokens_can_come_in_chunks(connect: Connect) -> None:
    call = ToolCall("call-1", "launch", '{"where": "to the moon and back"}', ToolResult("ok"))
    decision = Decision(text="one two three four five", tool_calls=(call,), chunk=2)
    client = connect(brain=Steps(decision, Decision(text="end")))

    told = frames(client, stream_tokens=True)

    assert contents(told) == ["one two ", "three four ", "five", "end"]
    assert sum("tool_call_message" in one for one in told) == 3


def test_paces_and_jitter_change_neither_words_nor_ids(serve: Serve) -> None:
    def told(jitter: float) -> list[str]:
        slow = Decision(text="one two three", ttft=0.001, tokens_per_second=1000, jitter=jitter)
        mock = serve(brain=Steps(slow))
        with sync_client(mock) as client:
            return contents(frames(client, stream_tokens=True))

    assert told(0.0) == told(0.9) == ["one ", "two ", "three"]


def test_a_reply_without_words_can_break_off_too(connect: Connect) -> None:
    client = connect(brain=Steps(Decision(breaks_after_tokens=0)))

    told = frames(client, stream_tokens=True)

    assert '"stop_reason":"llm_api_error"' in told[-2]
    assert 'message_type":"error_message' in told[-1]


def test_arguments_that_are_no_json_are_shown_as_none(connect: Connect) -> None:
    call = calling("launch", "{bad")
    client = connect(brain=Steps(call, Decision(text="Oh."), call))
    conversation = conversation_of(client, agent_with_memory(client))

    whole = reply(client, conversation, input="x").messages[0]
    pieces = frames(client, stream_tokens=True)

    assert whole.tool_call.arguments == "{}"  # type: ignore[union-attr]
    assert any('"arguments":"{bad"' in one for one in pieces)


def test_raw_events_are_told_whatever_kinds_are_wanted(connect: Connect) -> None:
    decision = Decision(text="Hello.", events=("raw",))
    client = connect(brain=Steps(decision))

    told = frames(client, include_return_message_types=["tool_call_message"])

    assert (contents(told), told[1]) == ([], "data: raw")
