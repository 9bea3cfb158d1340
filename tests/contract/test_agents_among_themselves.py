"""Agents that send each other messages."""

import asyncio
import json
from ast import literal_eval
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from letta_client import AsyncLetta, Letta
from letta_client.types import AgentState
from letta_client.types.agents import LettaResponse

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure, ToolCall
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import Serve, async_client_of, sync_client
from tests.contract.steps import returns
from tests.contract.talk import MODEL

pytestmark = pytest.mark.anyio
WAIT, LEAVE = "send_message_to_agent_and_wait_for_reply", "send_message_to_agent_async"
TAGGED = "send_message_to_agents_matching_tags"
ALL = [WAIT, LEAVE, TAGGED, "send_message"]


def make(client: Letta, name: str, *tags: str) -> AgentState:
    return client.agents.create(
        name=name, model=MODEL, tags=list(tags), tools=ALL, include_base_tools=False
    )


def texts(client: Letta, agent: AgentState) -> list[tuple[str, str]]:
    """What was said in an agent's own thread, without the system message."""
    found = client.agents.messages.list(agent.id, order="asc").items
    said: Any = [one for one in found if one.message_type in {"user_message", "assistant_message"}]
    return [(one.message_type.partition("_")[0], one.content) for one in said]


def ask(client: Letta, agent: AgentState, text: str = "Go!") -> LettaResponse:
    return client.agents.messages.create(agent.id, input=text)


def told(answer: LettaResponse) -> Any:  # noqa: ANN401 - it is what the tool said
    [(status, text)] = returns(answer.messages)
    assert status == "success"
    return literal_eval(text)


@pytest.fixture
def pair(client: Letta) -> tuple[AgentState, AgentState]:
    return make(client, "Ada"), make(client, "Bea")


def test_an_agent_waits_for_what_the_other_says(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    ada, bea = pair
    mock.when("Go!").call(WAIT, message="Two and two?", other_agent_id=bea.id).say("It is four.")
    mock.when("Two and two?").say("Four.")

    answer = ask(client, ada)

    assert told(answer) == {"agent_id": bea.id, "response": ["Four."]}
    assert [one.message_type for one in answer.messages] == [
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
    ]
    incoming = (
        f"[Incoming message from agent with ID '{ada.id}' - your reply to this message is sent "
        "back to it] Two and two?"
    )
    assert texts(client, bea) == [("user", incoming), ("assistant", "Four.")]
    assert {(run.agent_id, run.status) for run in client.runs.list()} == {
        (ada.id, "completed"),
        (bea.id, "completed"),
    }
    [entry] = [one for one in mock.journal if one.operation == "agents.messages.create"]
    assert len(entry.rules) == 2


async def test_a_stream_of_the_asynchronous_client_tells_nothing_of_the_others_turn(
    serve: Serve,
) -> None:
    mock = serve(pace=Pace(ttft=0.001))
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")
    mock.when("Go!").call(WAIT, message="Ping", other_agent_id=bea.id).say("Done.")
    mock.when("Ping").think("Hm.").say("Pong")

    async with async_client_of(mock) as other:
        events = await _events(other, ada.id)

    assert events == [
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
        "stop_reason",
        "usage_statistics",
    ]


async def _events(client: AsyncLetta, agent_id: str) -> list[str | None]:
    stream = await client.agents.messages.create(agent_id, input="Go!", streaming=True)
    return [event.message_type async for event in stream if event.message_type != "ping"]


def test_an_agent_that_speaks_with_a_tool_is_heard(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    ada, bea = pair
    mock.when("Go!").call(WAIT, message="Ping", other_agent_id=bea.id).say("Done.")
    mock.when("Ping").call("send_message", message="Pong")

    assert told(ask(client, ada))["response"][0] == "Pong"


def test_an_agent_that_says_nothing_is_not_waited_for(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    ada, bea = pair
    mock.when("Go!").call(WAIT, message="Ping", other_agent_id=bea.id).say("Done.")
    mock.when("Ping").call(LEAVE, message="x", other_agent_id="y", approve=True)

    assert told(ask(client, ada)) == {"agent_id": bea.id, "response": ["<no response>"]}
    error = told(ask(client, ada))
    assert (error["agent_id"], error["type"]) == (bea.id, "PendingApproval")
    assert "waiting for approval" in error["error"]


def test_an_unknown_agent_is_an_error_of_the_tool(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    ada, _ = pair
    nobody = "agent-00000000-0000-4000-8000-000000000000"
    for name in (WAIT, LEAVE):
        mock.when(name).call(name, message="Ping", other_agent_id=nobody).say("Nobody there.")
        [(status, text)] = returns(ask(client, ada, name).messages)
        assert status == "error"
        assert text.startswith(f"Agent not found with id='['{nobody}']'")


def test_arguments_that_are_missing_are_told(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    mock.when("Go!").call(WAIT, message="Ping").say("Done.")

    [(status, text)] = returns(ask(client, pair[0]).messages)

    assert status == "error"
    assert "missing 1 required positional argument: 'other_agent_id'" in text


def test_a_message_can_be_left_without_waiting(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    ada, bea = pair
    mock.when("Go!").call(LEAVE, message="Ping", other_agent_id=bea.id).say("Left it.")
    mock.when("Ping").say("Pong")

    assert returns(ask(client, ada).messages) == [("success", "Successfully sent message")]
    [first, _] = texts(client, bea)
    assert first[1].endswith("or the agent will not receive your message] Ping")
    assert texts(client, bea)[1] == ("assistant", "Pong")


def test_all_agents_with_certain_tags_are_asked(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    asker = make(client, "Eve", "red")
    red, both = make(client, "Red", "red"), make(client, "Both", "red", "green")
    mock.when("all").call(TAGGED, message="Ping", match_all=["red"], match_some=[]).say("Done.")
    mock.when("some").call(
        TAGGED, message="Ping", match_all=["red"], match_some=["green", "x"]
    ).say("Done.")
    mock.when("none").call(TAGGED, message="Ping", match_all=["x"], match_some=[]).say("Done.")
    mock.when("Ping").say("Pong")

    assert told(ask(client, asker, "all")) == [
        {"agent_id": red.id, "response": ["Pong"]},
        {"agent_id": both.id, "response": ["Pong"]},
    ]
    assert told(ask(client, asker, "some")) == [{"agent_id": both.id, "response": ["Pong"]}]
    assert told(ask(client, asker, "none")) == []
    assert texts(client, pair[0]) == []


def test_an_agent_that_waits_gets_no_message(
    mock: MockLetta, client: Letta, pair: tuple[AgentState, AgentState]
) -> None:
    ada, bea = pair
    mock.when("Go!").call(WAIT, message="Ping", other_agent_id=bea.id).say("Done.")
    mock.when("Ping").call(WAIT, message="Back", other_agent_id=ada.id).say("He waits.")

    assert told(ask(client, ada))["response"] == ["He waits."]
    [failed] = [
        one
        for one in client.agents.messages.list(bea.id).items
        if one.message_type == "tool_return_message"
    ]
    assert "The agent waits for a reply itself." in str(failed.tool_return)


def writing(tool: str, **arguments: object) -> ToolCall:
    return ToolCall("call-1", tool, json.dumps({"message": "Ping", **arguments}))


class Passing:
    """Agents that pass every message on to the agent their own name says."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.made: dict[str, str] = {}

    def decide(self, call: ModelCall) -> Decision:
        if call.step > 1:
            return Decision(text="Passed on.")
        return Decision(tool_calls=(writing(self.tool, other_agent_id=self.made[call.agent_id]),))


def test_not_more_than_ten_agents_wait_for_each_other(serve: Serve) -> None:
    brain = Passing(WAIT)
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        agents = [make(client, f"A{number}") for number in range(12)]
        brain.made = {
            one.id: other.id for one, other in zip(agents, [*agents[1:], agents[0]], strict=True)
        }
        ask(client, agents[0])
        last = client.agents.messages.list(agents[10].id).items

    [failed] = [one for one in last if one.message_type == "tool_return_message"]
    assert failed.status == "error"
    assert "at most 10 wait for each other" in str(failed.tool_return)
    assert len(mock.world.store.thread(agents[11].id).context) == 1


def test_messages_do_not_go_to_and_fro_for_ever(serve: Serve) -> None:
    brain = Passing(LEAVE)
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")
        brain.made = {ada.id: bea.id, bea.id: ada.id}
        ask(client, ada)
        while mock.world.active:
            client.health()
    assert len(mock.world.store.runs) == 1 + 100


class Cross:
    """Bea's model fails, and takes its time to."""

    call = ToolCall("call-1", WAIT, "{}")

    def decide(self, call: ModelCall) -> Decision:
        raise AssertionError(call)

    async def consult(self, call: ModelCall) -> Decision:
        if call.agent_name == "Bea":
            raise ModelFailure(message="Bea is cross.")
        if call.step > 1:
            return Decision(text="Too bad.")
        return Decision(tool_calls=(self.call,))


def test_a_failure_of_the_other_agents_model_is_what_the_tool_returns(serve: Serve) -> None:
    brain = Cross()
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")
        brain.call = writing(WAIT, other_agent_id=bea.id)
        answer = ask(client, ada)

    error = told(answer)
    assert (error["agent_id"], error["type"]) == (bea.id, "ModelError")
    assert answer.stop_reason.stop_reason == "end_turn"


class Held:
    """Ada writes somebody; the others answer once they may."""

    def __init__(self) -> None:
        self.go = Event()
        self.call = ToolCall("call-1", WAIT, "{}")

    def decide(self, call: ModelCall) -> Decision:
        raise AssertionError(call)

    async def consult(self, call: ModelCall) -> Decision:
        if call.agent_name == "Ada":
            return Decision(text="Done.") if call.step > 1 else Decision(tool_calls=(self.call,))
        await asyncio.to_thread(self.go.wait)
        return Decision(text="Pong")


def start(client: Letta, mock: MockLetta, ada: AgentState) -> tuple[str, str]:
    """Start Ada's turn in the background, up to where another's stands still: the runs of both."""
    run = client.agents.messages.create_async(ada.id, input="Go!")
    while len(mock.world.active) < 2:
        client.health()
    return run.id, next(one for one in mock.world.active if one != run.id)


def finish(client: Letta, mock: MockLetta, brain: Held) -> None:
    brain.go.set()
    while mock.world.active:
        client.health()


@pytest.fixture
def brain() -> Iterator[Held]:
    brain = Held()
    yield brain
    brain.go.set()


def test_a_turn_that_is_cancelled_cancels_the_one_it_waits_for(serve: Serve, brain: Held) -> None:
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")
        brain.call = writing(WAIT, other_agent_id=bea.id)
        runs = start(client, mock, ada)

        client.agents.messages.cancel(ada.id, run_ids=[runs[0]])

        assert {client.runs.retrieve(one).status for one in runs} == {"cancelled"}
        assert texts(client, bea) == []
    assert not mock.world.active


def test_a_turn_goes_on_when_the_one_it_waits_for_is_cancelled(serve: Serve, brain: Held) -> None:
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")
        brain.call = writing(WAIT, other_agent_id=bea.id)
        mine, others = start(client, mock, ada)

        client.agents.delete(bea.id)
        finish(client, mock, brain)

        assert client.runs.retrieve(mine).status == "completed"
        assert others not in mock.world.store.runs
        assert ("assistant", "Done.") in texts(client, ada)


def test_an_agent_that_is_deleted_meanwhile_gets_no_message(serve: Serve, brain: Held) -> None:
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        ada, bea, cid = make(client, "Ada"), make(client, "Bea", "x"), make(client, "Cid", "x")
        brain.call = writing(TAGGED, match_all=["x"], match_some=[])
        start(client, mock, ada)

        client.agents.delete(cid.id)
        finish(client, mock, brain)

        found: Any = client.agents.messages.list(ada.id).items
    [returned] = [one.tool_return for one in found if one.message_type == "tool_return_message"]
    assert literal_eval(returned) == [{"agent_id": bea.id, "response": ["Pong"]}]


def test_a_fork_has_neither_of_two_turns_under_way(serve: Serve, brain: Held) -> None:
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")
        brain.call = writing(WAIT, other_agent_id=bea.id)
        start(client, mock, ada)

        forked = mock.fork()
        finish(client, mock, brain)

    assert {run.status for run in forked.world.store.runs} == {"cancelled"}
    assert {run.status for run in mock.world.store.runs} == {"completed"}
