"""Running a tool outside of any turn, also one that waits for what another agent says."""

from collections.abc import Awaitable, Generator, Mapping

from mockletta.state.event_log import EventLog
from mockletta.tools.agent_messaging import RELAY_TOOLS, run_relay_tool
from mockletta.tools.returns import ToolOutcome
from mockletta.tools.running import run_by_name
from mockletta.turns.driver import next_wait, waited
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import Answered, Moment, TurnState
from mockletta.wire.agents import AgentState
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.world import World


def run_alone(
    world: World, agent: AgentState, name: str, arguments: Mapping[str, object]
) -> ToolOutcome | Awaitable[ToolOutcome]:
    """Run one of an agent's tools; with those that send messages, the outcome is waited for."""
    if name not in RELAY_TOOLS or world.functions.find(name) is not None:
        return run_by_name(world, agent, None, name, arguments)
    state = TurnState(
        world=world,
        request=MessageRequest(messages=[]),
        agent=agent,
        conversation=None,
        run_id="",
        llm=agent.llm_config,
        streaming=False,
        background=False,
        exchange=world.exchange,
        run_turn=run_turn,
    )
    return _outcome(state, run_relay_tool(name, arguments, state))


async def _outcome(
    state: TurnState, sending: Generator[Moment, Answered, ToolOutcome]
) -> ToolOutcome:
    """Move a tool along as a turn is moved along."""
    log = EventLog(numbered=False)
    answer: Answered | Exception = None
    while True:
        with state.world.lock:
            try:
                item = next_wait(state, sending, log, answer)
            except StopIteration as over:
                outcome: ToolOutcome = over.value
                return outcome
            finally:
                state.world.changed()
        answer = await waited(state, log, item)
