"""A context that gets too big is compacted within the turn, as in recordings 43, 44 and 46."""

import json
import re
from typing import Any

import httpx
import pytest
from letta_client import APIStatusError, BadRequestError, InternalServerError, Letta, RateLimitError

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import (
    MODEL,
    agent_with_memory,
    ask,
    context_of,
    conversation_of,
    ended,
    history,
    kinds,
    oldest_first,
    reply,
    run_of,
    system_of,
)
from tests.contract.undeclared import checked
from tests.replay.stand_in import StandIn

OVERFLOW = "<<overflow>> hello"
ONCE = "<<overflow once here>> hello"
BIG = "<<usage 127000>> hello"
TOO_LARGE = "context_window_overflow_in_system_prompt"
KINDS = re.compile(r'"message_type":"(\w+)"')


@pytest.fixture
def scripted(connect: Connect) -> Letta:
    """The client of a server that tells every compaction, as the recorded one did."""
    return connect(brain=StandIn(), quirks=["compaction-alerts"])


@pytest.fixture
def agent_id(scripted: Letta) -> str:
    return agent_with_memory(scripted)


@pytest.fixture
def conversation_id(scripted: Letta, agent_id: str) -> str:
    return conversation_of(scripted, agent_id)


def alert_of(message: object) -> dict[str, object]:
    alert = json.loads(str(getattr(message, "content", None)))
    assert isinstance(alert, dict)
    return alert


def note_of(message: object) -> str:
    """What a summary's note begins with."""
    return str(alert_of(message)["message"]).partition(" from view")[0]


def previous_messages(client: Letta, conversation_id: str) -> str:
    """How many messages there are out of context, as the system message says it."""
    last = system_of(client, conversation_id).splitlines()[-2]
    return last.removeprefix("- ").partition(" previous")[0]


def test_the_only_message_of_a_context_is_summed_up_and_the_summary_answered(
    scripted: Letta, conversation_id: str
) -> None:
    summary, answer = reply(scripted, conversation_id, input=OVERFLOW).messages

    assert note_of(summary) == "Note: prior messages have been hidden"
    assert str(getattr(answer, "content", None)).startswith("Reply 1 to: ious messages:")
    assert context_of(scripted, conversation_id)[1:] == [summary.id, answer.id]
    assert ("user_message", OVERFLOW) in history(scripted, conversation_id)


def test_a_stream_that_stays_too_big_is_compacted_three_times_and_then_fails(
    scripted: Letta, conversation_id: str
) -> None:
    ask(scripted, conversation_id, "hello")
    stream = scripted.conversations.messages.create(conversation_id, input=OVERFLOW)
    told = checked([next(stream) for _ in range(5)])
    with pytest.raises(APIStatusError, match="CONTEXT_WINDOW_EXCEEDED"):
        list(stream)

    assert kinds(told) == ["ping", "user_message", "user_message", "user_message", "stop_reason"]
    assert [note_of(one) for one in told[1:4]] == [
        "Note: prior messages from the beginning of the conversation have been hidden",
        *["Note: 0 messages from the beginning of the conversation have been hidden"] * 2,
    ]
    run = ended(scripted, run_of(told))
    assert (run.status, run.stop_reason, run.metadata) == (
        "completed",
        "error",
        {"run_type": "send_conversation_message"},
    )


def test_a_failed_turn_leaves_its_summaries_but_not_its_message(
    scripted: Letta, conversation_id: str
) -> None:
    ask(scripted, conversation_id, "hello")
    with pytest.raises(InternalServerError):
        reply(scripted, conversation_id, input=OVERFLOW)

    kinds_left = [kind for kind, _ in history(scripted, conversation_id)]
    assert kinds_left == ["user_message", "assistant_message", *["user_message"] * 3]
    assert OVERFLOW not in [content for _, content in history(scripted, conversation_id)]
    assert len(context_of(scripted, conversation_id)) == 3


def test_a_system_prompt_bigger_than_the_window_cannot_be_helped(scripted: Letta) -> None:
    agent = scripted.agents.create(model=MODEL, context_window_limit=100)
    conversation_id = conversation_of(scripted, agent.id)

    with pytest.raises(BadRequestError, match=r"The system prompt tokens .* window 100"):
        reply(scripted, conversation_id, input=OVERFLOW)
    stream = scripted.conversations.messages.create(conversation_id, input=OVERFLOW)
    ping, stop = checked([next(stream), next(stream)])
    with pytest.raises(APIStatusError, match=TOO_LARGE):
        next(stream)
    assert history(scripted, conversation_id) == []
    run = ended(scripted, run_of([ping]))
    assert stop.to_dict() == {"message_type": "stop_reason", "stop_reason": run.stop_reason}
    assert (run.status, run.stop_reason) == ("failed", TOO_LARGE)


@pytest.mark.parametrize("text", [ONCE, BIG])
def test_compaction_compiles_the_system_message_anew(
    scripted: Letta, agent_id: str, conversation_id: str, text: str
) -> None:
    for number in range(3):
        ask(scripted, conversation_id, f"number {number}")
    scripted.agents.blocks.update("human", agent_id=agent_id, value="Name: Noor.")
    stored = len(oldest_first(scripted, conversation_id)) + 1
    ask(scripted, conversation_id, text)

    assert "Name: Noor." in system_of(scripted, conversation_id)
    assert f"CONVERSATION_ID: {conversation_id}" in system_of(scripted, conversation_id)
    shown = len(context_of(scripted, conversation_id))
    asked_for = 0 if text == ONCE else 2
    answered = 1 if text == ONCE else 0
    assert int(previous_messages(scripted, conversation_id)) == (
        stored + asked_for - (shown - answered)
    )


def test_after_a_step_in_mode_all_nothing_is_left_but_the_summary(scripted: Letta) -> None:
    agent = scripted.agents.create(model=MODEL, compaction_settings={"mode": "all"})
    conversation_id = conversation_of(scripted, agent.id)
    summary = ask(scripted, conversation_id, BIG)[2]

    assert note_of(summary) == "Note: prior messages have been hidden"
    assert alert_of(summary).keys() == {"type", "message", "time", "compaction_stats"}
    assert len(context_of(scripted, conversation_id)) == 2


@pytest.mark.parametrize(("included", "has_otid"), [(True, False), (False, True)])
def test_a_summary_that_could_be_a_message_of_its_own_has_no_otid(
    scripted: Letta, conversation_id: str, *, included: bool, has_otid: bool
) -> None:
    ask(scripted, conversation_id, "hello")
    told = reply(scripted, conversation_id, input=ONCE, include_compaction_messages=included)

    [listed] = [
        one for one in oldest_first(scripted, conversation_id) if one.id == told.messages[0].id
    ]
    assert (told.messages[0].otid is not None) is (listed.otid is not None) is has_otid


@needs("agents.messages.create", "include_compaction_messages")
def test_streams_of_agents_tell_of_an_overflow_in_messages_of_their_own(
    scripted: Letta, agent_id: str
) -> None:
    scripted.agents.messages.create(agent_id, input="hello")
    body = {"input": ONCE, "include_compaction_messages": True}
    path = f"/v1/agents/{agent_id}/messages/stream"
    told = scripted.post(path, body=body, cast_to=httpx.Response).text

    kinds = KINDS.findall(told)
    assert (kinds.count("event_message"), kinds.count("summary_message")) == (1, 1)
    assert '"trigger":"context_window_exceeded"' in told
    assert '"compaction_stats":null' in told


def test_answers_of_agents_tell_of_an_overflow_in_an_alert(scripted: Letta, agent_id: str) -> None:
    scripted.agents.messages.create(agent_id, input="hello")
    told = scripted.agents.messages.create(agent_id, input=ONCE, include_compaction_messages=True)

    assert [one.message_type for one in told.messages] == ["user_message", "assistant_message"]


class Acknowledging:
    """A brain whose summaries say how many messages it was given."""

    def decide(self, call: ModelCall) -> Decision:
        return Decision(text=f"{len(call.messages)} given, {call.messages[0].role} first.")


@needs("conversations.messages.compact")
def test_the_prompt_of_a_summary_can_be_acknowledged(connect: Connect) -> None:
    client = connect(brain=Acknowledging())
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="One.")

    settings: Any = {"mode": "all", "prompt_acknowledgement": True}
    done = client.conversations.messages.compact(conversation, compaction_settings=settings)

    assert done.summary == "3 given, assistant first."


@needs("agents.messages.compact", answer=True)
def test_a_window_that_would_not_get_shorter_is_refused(scripted: Letta, agent_id: str) -> None:
    for text in ("one", "two"):
        scripted.agents.messages.create(agent_id, input=text)

    with pytest.raises(BadRequestError, match="failed to reduce the number of messages"):
        scripted.agents.messages.compact(agent_id)


def test_a_reply_cut_off_in_the_background_fails_its_run(
    scripted: Letta, conversation_id: str
) -> None:
    stream = scripted.conversations.messages.create(
        conversation_id, input="<<length>> hello", background=True
    )
    run = ended(scripted, run_of(list(stream)))

    assert (run.status, run.stop_reason) == ("failed", "max_tokens_exceeded")


class NoSummaries:
    """A brain whose model fails when it is to sum up, and once has too long a context."""

    def decide(self, call: ModelCall) -> Decision:
        if call.purpose == "summary":
            raise ModelFailure(429)
        if call.messages[-1].text == OVERFLOW:
            raise ModelFailure(kind="overflow")
        return Decision(text="Yes.")


@needs("conversations.messages.compact")
def test_a_summary_that_fails_changes_nothing(connect: Connect) -> None:
    client = connect(brain=NoSummaries())
    agent_id = agent_with_memory(client)
    conversation = conversation_of(client, agent_id)
    reply(client, conversation, input="One.")
    client.agents.blocks.update("human", agent_id=agent_id, value="New.")
    before = oldest_first(client, conversation)

    with pytest.raises(RateLimitError, match="llm_rate_limit"):
        reply(client, conversation, input=OVERFLOW)
    with pytest.raises(RateLimitError, match="llm_rate_limit"):
        client.conversations.messages.compact(conversation)
    with pytest.raises(APIStatusError, match="RATE_LIMIT_EXCEEDED"):
        ask(client, conversation, OVERFLOW)

    assert oldest_first(client, conversation) == before


def test_a_context_that_sums_itself_up_is_sent_to_the_agents_own_model(connect: Connect) -> None:
    calls: list[tuple[str, str]] = []

    class Summing(StandIn):
        def decide(self, call: ModelCall) -> Decision:
            calls.append((call.mode, call.model))
            return super().decide(call)

    client = connect(brain=Summing())
    agent_id = client.agents.create(model="openai/gpt-4o").id
    client.agents.messages.create(agent_id, input="Hello!")
    settings: dict[str, object] = {"model": "openai/gpt-5-mini"}
    for mode in ("self_compact_all", "all"):
        body = {"compaction_settings": {**settings, "mode": mode}}
        client.post(f"/v1/agents/{agent_id}/summarize", body=body, cast_to=object)
        client.agents.messages.create(agent_id, input="Hello!")

    asked = [call for call in calls if call[0]]
    assert asked == [("self_compact_all", "openai/gpt-4o"), ("all", "openai/gpt-5-mini")]
