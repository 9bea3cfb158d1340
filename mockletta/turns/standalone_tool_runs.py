"""Runs a tool outside of turns."""

from collections.abc import Awaitable, Generator, Mapping
from functools import partial

from mockletta.tools.context import ToolContext
from mockletta.tools.returns import ToolOutcome
from mockletta.tools.running import run_tool, sends_messages
from mockletta.turns.agent_relays import relay_messages
from mockletta.turns.driver import next_wait, waited
from mockletta.turns.pacing import Pacing
from mockletta.turns.turn import with_inner_turns
from mockletta.turns.turn_state import Answered, Moment, TurnState, Wait
from mockletta.wire.agents import AgentState
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.request_context import RequestContext


def run_alone(
    context: RequestContext, agent: AgentState, name: str, arguments: Mapping[str, object]
) -> ToolOutcome | Awaitable[ToolOutcome]:
    """Run one of an agent's tools. A tool that sends messages is awaited."""
    world = context.world
    if not sends_messages(world, name):
        return run_tool(ToolContext(world, agent, cause=context.cause), name, arguments)
    state = TurnState(
        world=world,
        request=MessageRequest(messages=[]),
        agent=agent,
        conversation=None,
        run_id="",
        llm=agent.llm_config,
        pacing=Pacing(world),
        context=context,
    )
    return _outcome(state, with_inner_turns(relay_messages(state, name, arguments)))


async def _outcome(
    state: TurnState, sending: Generator[Moment, Answered, ToolOutcome]
) -> ToolOutcome:
    """Drive a tool as a turn is driven."""
    answer: Answered | Exception = None
    while True:
        item = state.world.run(partial(_next, state, sending, answer))
        if isinstance(item, ToolOutcome):
            return item
        answer = await waited(state, item)


def _next(
    state: TurnState,
    sending: Generator[Moment, Answered, ToolOutcome],
    answer: Answered | Exception,
) -> Wait | ToolOutcome:
    """What the tool waits for next, or its outcome."""
    try:
        return next_wait(state, sending, answer)
    except StopIteration as over:
        outcome: ToolOutcome = over.value
        return outcome
