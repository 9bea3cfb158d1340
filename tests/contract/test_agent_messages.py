"""client.agents.messages: talking to an agent outside any conversation."""

import pytest
from letta_client import (
    AsyncLetta,
    Letta,
    NotFoundError,
    RateLimitError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState
from letta_client.types.agents import Run

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from mockletta.world.pace import Pace
from tests.contract.agent_talk import Caller, make_agent, told
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import MODEL, ended, kinds, run_of, text_of
from tests.contract.undeclared import checked

pytestmark = pytest.mark.filterwarnings("ignore:deprecated")  # the SDK's word on `stream`

NOBODY = "agent-00000000-0000-4000-8000-000000000000"
UNKNOWN_RUN = "run-00000000-0000-4000-8000-000000000000"
ECHO = "Say 'ping' back to me"


class Failing:
    """A brain whose provider is out of order."""

    def decide(self, _: ModelCall) -> Decision:
        raise ModelFailure(status=429, message="Too fast")


def test_a_message_is_answered_with_what_is_new(client: Letta, agent: AgentState) -> None:
    answer = checked(client.agents.messages.create(agent.id, input=ECHO))

    assert (kinds(answer.messages), text_of(answer.messages)) == (["assistant_message"], "ping")
    assert answer.stop_reason.stop_reason == "end_turn"
    assert (answer.usage.step_count, answer.usage.completion_tokens) == (1, 1)


def test_input_is_a_message_of_the_user(client: Letta, agent: AgentState) -> None:
    client.agents.messages.create(agent.id, input=ECHO)
    client.agents.messages.create(agent.id, messages=[{"role": "user", "content": ECHO}])

    turn = [("user_message", ECHO), ("assistant_message", "ping")]
    assert told(client, agent.id, order="asc") == [*turn, *turn]


def test_steps_with_tools_are_told_in_order(connect: Connect) -> None:
    client = connect(brain=Caller())

    answer = checked(client.agents.messages.create(make_agent(client), input="Go!"))

    expected = ["assistant_message", "tool_call_message", "tool_return_message"]
    assert kinds(answer.messages) == [*expected, "assistant_message"]
    assert answer.usage.step_count == 2


def test_a_turn_ends_at_its_last_step(connect: Connect) -> None:
    client = connect(brain=Caller())

    answer = client.agents.messages.create(make_agent(client), input="Go!", max_steps=1)

    assert (answer.stop_reason.stop_reason, answer.usage.step_count) == ("max_steps", 1)


@needs("agents.messages.list", "include_return_message_types")
def test_types_of_messages_are_chosen(connect: Connect) -> None:
    client = connect(brain=Caller())
    agent_id = make_agent(client)

    answer = checked(
        client.agents.messages.create(
            agent_id, input="Go!", include_return_message_types=["tool_call_message"]
        )
    )
    listed = told(client, agent_id, include_return_message_types=["user_message"])

    assert (kinds(answer.messages), listed) == (["tool_call_message"], [("user_message", "Go!")])


def test_a_run_tells_how_it_went(client: Letta, agent: AgentState) -> None:
    answer = client.agents.messages.create(agent.id, input=ECHO)

    [run] = checked(client.runs.list(agent_id=agent.id)).items
    assert (run.status, run.stop_reason, run.conversation_id) == ("completed", "end_turn", None)
    assert (run.metadata, answer.messages[0].run_id) == ({"run_type": "send_message"}, run.id)


@pytest.mark.parametrize("tokens", [False, True])
def test_a_reply_is_streamed_on_request(client: Letta, agent: AgentState, tokens: bool) -> None:
    stream = client.agents.messages.create(
        agent.id, input="Say 'one two' back to me", streaming=True, stream_tokens=tokens
    )

    events = checked(list(stream))

    said = ["assistant_message"] * (2 if tokens else 1)
    assert kinds(events) == ["ping", *said, "stop_reason", "usage_statistics"]
    assert text_of(events) == "one two"


def test_pings_are_left_out_on_request(client: Letta, agent: AgentState) -> None:
    stream = client.agents.messages.create(
        agent.id, input=ECHO, streaming=True, include_pings=False
    )

    assert kinds(list(stream)) == ["assistant_message", "stop_reason", "usage_statistics"]


def test_the_stream_operation_streams_whatever_is_said(client: Letta, agent: AgentState) -> None:
    events = checked(list(client.agents.messages.stream(agent.id, input=ECHO)))
    again = list(client.agents.messages.stream(agent.id, input=ECHO, streaming=False))

    assert kinds(events) == ["ping", "assistant_message", "stop_reason", "usage_statistics"]
    assert kinds(again) == kinds(events)
    types = {str(run.metadata) for run in client.runs.list(agent_id=agent.id)}
    assert types == {"{'run_type': 'send_message_streaming'}"}


def test_a_background_stream_is_numbered_and_can_be_followed_again(
    client: Letta, agent: AgentState
) -> None:
    stream = client.agents.messages.create(agent.id, input=ECHO, streaming=True, background=True)
    events = checked(list(stream))

    again = checked(list(client.runs.messages.stream(run_of(events), starting_after=1)))

    assert [getattr(event, "seq_id", None) for event in events[:2]] == [1, 2]
    assert [event.to_dict() for event in again] == [event.to_dict() for event in events[1:]]


def test_a_background_request_with_known_otids_is_a_run_of_its_own(
    client: Letta, agent: AgentState
) -> None:
    other = client.agents.create(model=MODEL)
    runs = [in_background(client, one.id, otid="mine") for one in (agent, other)]

    assert [client.runs.retrieve(run).agent_id for run in runs] == [agent.id, other.id]
    conversation = client.conversations.create(agent_id=agent.id)
    assert list(client.conversations.messages.stream(conversation.id, otid="mine")) == list(
        client.runs.messages.stream(runs[1])
    )


def in_background(client: Letta, agent_id: str, otid: str) -> str:
    stream = client.agents.messages.create(
        agent_id,
        messages=[{"role": "user", "content": ECHO, "otid": otid}],
        streaming=True,
        background=True,
    )
    return run_of(list(stream))


def test_options_of_streams_are_refused_without_one(client: Letta, agent: AgentState) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        client.agents.messages.create(
            agent.id, input=ECHO, background=True, stream_tokens=True, include_pings=False
        )

    assert refused.value.body == {
        "detail": "Streaming options set without streaming enabled. stream_tokens can only be true "
        "when streaming=true; include_pings can only be set to false when streaming=true; "
        "background can only be true when streaming=true. Either set streaming=true or use default "
        "values for streaming options."
    }
    assert (told(client, agent.id), list(client.runs.list())) == ([], [])


def test_an_agent_takes_several_turns_at_once(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    agent_id = make_agent(client)

    streams = [client.agents.messages.stream(agent_id, input=ECHO) for _ in range(2)]

    assert [next(stream).message_type for stream in streams] == ["ping", "ping"]
    assert len(client.runs.list(agent_id=agent_id, active=True).items) == 2


def test_an_async_request_is_answered_with_its_run(client: Letta, agent: AgentState) -> None:
    run = checked(
        client.agents.messages.create_async(
            agent.id, input=ECHO, callback_url="https://example.org/done"
        )
    )

    over = ended(client, run.id)
    assert (run.status, run.agent_id, run.callback_url) == (
        "created",
        agent.id,
        "https://example.org/done",
    )
    assert (over.status, over.stop_reason) == ("completed", "end_turn")
    assert told(client, agent.id, order="asc") == [
        ("user_message", ECHO),
        ("assistant_message", "ping"),
    ]


def test_a_failed_async_request_is_told_by_its_run(connect: Connect) -> None:
    client = connect(brain=Failing())
    agent_id = make_agent(client)

    run = ended(client, client.agents.messages.create_async(agent_id, input=ECHO).id)

    assert (run.status, run.stop_reason) == ("failed", "error")
    assert run.metadata is not None
    assert "error" in run.metadata
    assert told(client, agent_id) == []


def test_a_failing_provider_leaves_no_messages(connect: Connect) -> None:
    client = connect(brain=Failing())
    agent_id = make_agent(client)

    with pytest.raises(RateLimitError):
        client.agents.messages.create(agent_id, input=ECHO)

    assert told(client, agent_id) == []


def test_an_unknown_agent_is_not_talked_to(client: Letta) -> None:
    messages = client.agents.messages
    for answer, detail in (
        (lambda: messages.create(NOBODY, input="x"), f"Agent with ID {NOBODY} not found"),
        (lambda: messages.stream(NOBODY, input="x"), f"Agent with ID {NOBODY} not found"),
        (lambda: messages.create_async(NOBODY, input="x"), "Agent not found"),
        (lambda: messages.list(NOBODY), "Agent not found"),
        (lambda: messages.compact(NOBODY), f"Agent with ID {NOBODY} not found"),
        (lambda: messages.reset(NOBODY), f"Agent not found with id='['{NOBODY}']'"),
    ):
        with pytest.raises(NotFoundError) as refused:
            answer()
        assert isinstance(refused.value.body, dict)
        assert refused.value.body["detail"].startswith(detail)


def test_messages_must_not_be_empty(client: Letta, agent: AgentState) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        client.agents.messages.create(agent.id, messages=[])

    assert refused.value.body == {"detail": "Messages must not be empty"}
    assert list(client.runs.list()) == []


@pytest.mark.anyio
@needs("agents.messages.compact", answer=True)
async def test_an_agent_is_talked_to_through_the_async_client(async_client: AsyncLetta) -> None:
    agent = await async_client.agents.create(model=MODEL)
    messages = async_client.agents.messages

    answer = checked(await messages.create(agent.id, input=ECHO))
    events = [event async for event in await messages.stream(agent.id, input=ECHO)]
    run = checked(await messages.create_async(agent.id, input=ECHO))
    listed = [item async for item in await messages.list(agent.id, limit=2, order="asc")]
    cancelled = await messages.cancel(agent.id, run_ids=[UNKNOWN_RUN])
    compacted = checked(await messages.compact(agent.id, compaction_settings={"mode": "all"}))
    reset = checked(await messages.reset(agent.id))

    assert (text_of(answer.messages), text_of(checked(events))) == ("ping", "ping")
    assert (isinstance(run, Run), cancelled) == (True, {UNKNOWN_RUN: "failed"})
    assert (len(listed) >= 5, compacted.num_messages_before >= 5) == (True, True)
    assert reset is not None
    assert reset.message_ids == agent.message_ids
