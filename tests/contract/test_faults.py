"""Faults of our own: logged with a traceback, and only a sentence is sent."""

import httpx
import pytest
from letta_client import (
    InternalServerError,
    Letta,
)

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from mockletta.world.pace import Pace
from tests.contract.conftest import Connect
from tests.contract.talk import MODEL


class Broken:
    """A brain that fails as code fails; after so many calls."""

    def __init__(self, after: int = 0) -> None:
        self.calls_left = after

    def decide(self, _: ModelCall) -> Decision:
        self.calls_left -= 1
        if self.calls_left >= 0:
            arguments = '{"label": "human", "new_string": "N"}'
            return Decision(tool_calls=(ToolCall("call-1", "memory_insert", arguments),))
        raise RuntimeError("secret")


def logged_faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The exceptions whose tracebacks were logged."""
    ours = [record for record in caplog.records if record.name == "mockletta"]
    return [repr(record.exc_info[1]) for record in ours if record.exc_info]


OPERATIONS = {
    "agents.messages.create": ("/v1/agents/{agent}/messages", {"streaming": False}),
    "agents.messages.stream": ("/v1/agents/{agent}/messages/stream", {}),
    "conversations.messages.create": ("/v1/conversations/{conversation}/messages", {}),
    "without a stream": ("/v1/conversations/{conversation}/messages", {"streaming": False}),
    "in tokens": ("/v1/conversations/{conversation}/messages", {"stream_tokens": True}),
    "in background": ("/v1/conversations/{conversation}/messages", {"background": True}),
}


def post_to_a_fault(client: Letta, operation: str) -> httpx.Response:
    """The answer of an operation whose brain is broken."""
    blocks = [{"label": "human", "value": "H"}]
    agent = client.agents.create(model=MODEL, memory_blocks=blocks)  # type: ignore[arg-type]
    conversation = client.conversations.create(agent_id=agent.id)
    path, body = OPERATIONS[operation]
    with httpx.Client(base_url=str(client.base_url)) as http:
        return http.post(
            path.format(agent=agent.id, conversation=conversation.id), json={"input": "x", **body}
        )


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("after", [0, 1])
def test_a_fault_of_ours_is_logged_and_shows_no_traceback(
    connect: Connect, caplog: pytest.LogCaptureFixture, operation: str, after: int
) -> None:
    answer = post_to_a_fault(connect(brain=Broken(after)), operation)

    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert (answer.status_code == 500) or '"message_type":"error_message"' in answer.text
    assert logged_faults(caplog) == ["RuntimeError('secret')"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("after", [0, 1])
def test_a_fault_of_ours_fails_its_run(connect: Connect, operation: str, after: int) -> None:
    client = connect(brain=Broken(after))

    post_to_a_fault(client, operation)

    assert [run.status for run in client.runs.list()] == ["failed"]
    assert list(client.runs.list(active=True)) == []


def test_a_fault_before_anything_is_told_is_a_500(connect: Connect) -> None:
    client = connect(brain=Broken())
    agent = client.agents.create(model=MODEL)

    with pytest.raises(InternalServerError) as failed:
        client.agents.messages.create(agent.id, input="x")

    assert (failed.value.status_code, failed.value.body) == (
        500,
        {"detail": "An unknown error occurred"},
    )
    assert [item.message_type for item in client.agents.messages.list(agent.id)] == [
        "system_message"
    ]


def test_a_fault_in_the_middle_of_a_slow_stream_ends_it_with_an_error(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(brain=Broken(1), pace=Pace(ttft=0.001))
    blocks = [{"label": "human", "value": "H"}]
    agent = client.agents.create(model=MODEL, memory_blocks=blocks)  # type: ignore[arg-type]

    with httpx.Client(base_url=str(client.base_url)) as http:
        answer = http.post(
            f"/v1/agents/{agent.id}/messages",
            json={"input": "x", "streaming": True},
            headers={"x-stainless-package-version": "1.12.1"},
        )

    assert '"message_type":"error_message"' in answer.text
    assert "secret" not in answer.text
    assert logged_faults(caplog) == ["RuntimeError('secret')"]


def test_a_fault_of_an_async_run_is_logged_and_fails_the_run(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(brain=Broken())
    agent = client.agents.create(model=MODEL)

    run = client.agents.messages.create_async(agent.id, input="x")

    for _ in range(100):
        run = client.runs.retrieve(run.id)
    assert (run.status, "secret" in str(run.metadata)) == ("failed", False)
    assert logged_faults(caplog) == ["RuntimeError('secret')"]


def test_a_conversation_is_not_busy_after_a_fault(connect: Connect) -> None:
    client = connect(brain=Broken())
    agent = client.agents.create(model=MODEL)
    conversation = client.conversations.create(agent_id=agent.id)

    for _ in range(2):
        with pytest.raises(InternalServerError):
            client.conversations.messages.create(conversation.id, input="x")
