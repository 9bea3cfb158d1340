"""The journal after the real SDK has talked."""

import re

import httpx
import pytest
from letta_client import Letta
from letta_client.types import AgentState, Conversation

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from mockletta.errors import ApiError, BadSettings
from mockletta.http.sse import encode
from mockletta.journal.entry_text import many_lines
from mockletta.journal.mismatches import JournalMismatch
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import MODEL, Serve, sync_client
from tests.contract.talk import ask


def test_a_message_is_found_by_what_was_sent(
    mock: MockLetta, client: Letta, conversation: Conversation
) -> None:
    ask(client, conversation.id, "Hello!")

    entry = mock.world.journal.one("conversations.messages.create")

    assert entry.body["input"] == "Hello!"
    assert entry.params == {"conversation_id": conversation.id}
    assert (entry.status, entry.retry_count, entry.sdk_language) == (200, 0, "python")
    assert entry.events[-1].data == "[DONE]"


def test_what_came_can_be_expected(mock: MockLetta, client: Letta, agent: AgentState) -> None:
    client.agents.create(name="support", model=MODEL, tags=["a", "b"])
    client.agents.list(limit=2, tags=["a"])
    journal = mock.world.journal

    journal.expect("agents.create", times=1, name="support", tags=["a", "b"])
    journal.expect("agents.list", limit=2, tags="a", key="any", response__0__name="support")
    journal.expect_sequence("agents.create", "agents.create", "agents.list", strict=True)
    with pytest.raises(JournalMismatch, match=re.escape("name: expected 'suport', was 'support'")):
        journal.expect("agents.create", name="suport")


def test_the_times_of_a_slow_stream_are_kept(serve: Serve) -> None:
    mock = serve(pace=Pace(ttft=600))
    with sync_client(mock) as client:
        conversation = client.conversations.create(agent_id=client.agents.create(model=MODEL).id)
        stream = client.conversations.messages.create(conversation.id, input="Hello!")
        next(stream)
        mock.clock.freeze()
        list(stream)

    entry = mock.world.journal.wait_for("conversations.messages.create")

    times = [event.at for event in entry.events]
    assert times == sorted(times)
    assert times[0] < times[-1]
    assert mock.world.journal.bytes >= sum(len(encode(part.events)) for part in entry.stream) > 0


def test_keys_are_nowhere_in_full(mock: MockLetta, client: Letta) -> None:
    with client.with_options(api_key="sk-let-1234567890", max_retries=0) as other:
        other.agents.list()

    entry = mock.world.journal.one("agents.list", key="sk-let-1234567890")

    assert entry.api_key == "sk-l…"
    assert "1234567890" not in many_lines(entry.to_dict()) + str(entry.to_dict())


class Scripted:
    """A brain with two rules, which says which one decided."""

    def decide(self, call: ModelCall) -> Decision:
        if call.messages[-1].role == "tool":
            return Decision(text="Done.", rule="report")
        if call.messages[-1].text == "Remember":
            arguments = '{"label": "human", "new_string": "N"}'
            return Decision(
                tool_calls=(ToolCall("call-1", "memory_insert", arguments),), rule="tool"
            )
        if call.messages[-1].text == "Hello!":
            return Decision(text="Hi.")
        raise Unscripted


class Unscripted(ApiError):
    """What a strict script answers."""

    explanation = "no rule is for this"

    def __init__(self) -> None:
        super().__init__("unscripted")


def test_the_rules_that_decided_are_noted(serve: Serve) -> None:
    mock = serve(brain=Scripted())
    with sync_client(mock) as client:
        agent = client.agents.create(model=MODEL, memory_blocks=[{"label": "human", "value": ""}])
        client.agents.messages.create(agent.id, input="Remember")
        client.agents.messages.create(agent.id, input="Hello!")

    first, second = mock.world.journal.all("agents.messages.create")

    assert (first.rules, first.rule) == (["tool", "report"], "tool, report")
    assert (second.rules, second.rule) == ([], None)
    assert mock.world.journal.unscripted == []


@pytest.mark.parametrize("streaming", [True, False])
def test_a_message_that_no_rule_matched_is_noted(serve: Serve, *, streaming: bool) -> None:
    mock = serve(brain=Scripted())
    with sync_client(mock) as client:
        agent = client.agents.create(model=MODEL)
        with pytest.raises(Exception, match="unscripted"):
            list(client.agents.messages.create(agent.id, input="What?", streaming=streaming))

    (entry,) = mock.world.journal.unscripted

    assert (entry.unscripted, entry.body["input"]) == ("no rule is for this", "What?")


def test_a_question_about_an_unknown_operation_is_refused(mock: MockLetta, client: Letta) -> None:
    client.agents.list()
    journal = mock.journal
    for question in (
        lambda: journal.count("agents.lst"),
        lambda: journal.since(0).expect_none("agents.lst"),
        lambda: journal.wait_for("agents.lst"),
        lambda: journal.expect_sequence("agents.list", "agents.lst"),
        lambda: mock.fork().journal.all("agents.lst"),
    ):
        with pytest.raises(BadSettings, match=r"`agents\.lst`; did you mean `agents\.list`"):
            question()

    assert journal.count("agents.*") == 1
    assert (journal.count("conversations.*"), journal.count("runs.delete")) == (0, 0)


def test_the_control_api_refuses_it_too(mock: MockLetta) -> None:
    asked = {"operation": "agents.lst"}
    answers = [
        httpx.get(f"{mock.base_url}/_mockletta/journal", params=asked),
        httpx.post(f"{mock.base_url}/_mockletta/journal/expect", json=asked),
    ]

    told = {"detail": "no operation is called `agents.lst`; did you mean `agents.list`?"}
    assert [(one.status_code, one.json()) for one in answers] == [(422, told)] * 2
