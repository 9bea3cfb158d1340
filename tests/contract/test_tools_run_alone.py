"""Tools with which agents write to each other, run outside of any turn."""

from typing import Any

import pytest
from letta_client import AsyncLetta, Letta
from letta_client.types import AgentState

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import Serve, async_client_of, checked, sync_client
from tests.contract.sdk import needs
from tests.contract.talk import MODEL, text_of

pytestmark = [pytest.mark.anyio, needs("agents.tools.run")]
WAIT, LEAVE = "send_message_to_agent_and_wait_for_reply", "send_message_to_agent_async"


def make(client: Letta, name: str) -> AgentState:
    return client.agents.create(name=name, model=MODEL, tools=[WAIT, LEAVE])


def run(client: Letta, agent: AgentState, tool: str, **args: object) -> Any:  # noqa: ANN401
    return checked(client.agents.tools.run(tool, agent_id=agent.id, args=args))


def test_the_other_agents_reply_is_what_the_tool_returns(mock: MockLetta, client: Letta) -> None:
    ada, bea = make(client, "Ada"), make(client, "Bea")
    mock.when("Two and two?").say("Four.")

    result = run(client, ada, WAIT, message="Two and two?", other_agent_id=bea.id)

    assert (result.status, "'response': ['Four.']" in result.func_return) == ("success", True)
    assert text_of(client.agents.messages.list(bea.id)) == "Four."
    assert [(one.agent_id, one.status) for one in client.runs.list()] == [(bea.id, "completed")]


def test_a_message_that_is_left_is_delivered_too(mock: MockLetta, client: Letta) -> None:
    ada, bea = make(client, "Ada"), make(client, "Bea")
    mock.when("Ping").say("Pong")

    result = run(client, ada, LEAVE, message="Ping", other_agent_id=bea.id)
    while mock.world.active:
        client.health()

    assert result.func_return == "Successfully sent message"
    assert text_of(client.agents.messages.list(bea.id)) == "Pong"


def test_what_is_missing_is_an_error_of_the_tool(client: Letta) -> None:
    result = run(client, make(client, "Ada"), WAIT, message="Ping")

    assert (result.status, result.func_return) == ("error", None)
    assert "missing 1 required positional argument: 'other_agent_id'" in result.stderr[0]


class Slow:
    """It takes its time to say something, and to fail."""

    def decide(self, call: ModelCall) -> Decision:
        raise AssertionError(call)

    async def consult(self, call: ModelCall) -> Decision:
        if call.agent_name == "Bea":
            return Decision(text="Well.")
        raise ModelFailure(message="I am cross.")


async def test_a_slow_reply_is_waited_for_between_pauses(serve: Serve) -> None:
    mock = serve(brain=Slow(), pace=Pace(ttft=0.01))
    with sync_client(mock) as client:
        ada, bea = make(client, "Ada"), make(client, "Bea")

    async with async_client_of(mock) as patient:
        replied = await _run(patient, ada, bea)
        failed = await _run(patient, bea, ada)

    assert ("['Well.']" in replied, "ModelError" in failed) == (True, True)


async def _run(client: AsyncLetta, sender: AgentState, other: AgentState) -> str:
    args: dict[str, object] = {"message": "Ping", "other_agent_id": other.id}
    result = await client.agents.tools.run(WAIT, agent_id=sender.id, args=args)
    return str(checked(result).func_return)
