"""A turn's steps, and what others learn of them."""

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.message_targets import agent_target
from mockletta.api.messages.turn_starts import RequestMode, send
from mockletta.brain.decisions import Decision
from mockletta.turns.turn_state import Delivery
from mockletta.wire.agents import CreateAgent
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.world import World
from tests.contract.steps import Steps, calling
from tests.world.contexts import a_context


def test_a_request_learns_which_rules_served_and_the_last_wire_fault() -> None:
    first, last = calling("launch", result="up"), Decision(text="Bye.", rule="ends")
    called = Decision(tool_calls=first.tool_calls, rule="calls", wire="no_done")
    world = World(brain=Steps(called, last))
    agent = create_agent(world, CreateAgent(model="letta/letta-free"))
    context = a_context(world)

    send(
        world,
        agent_target(world, agent.id),
        MessageRequest(input="x"),
        RequestMode("m", Delivery()),
        context,
    )

    assert (context.entry.rules, str(context.rule_fault)) == (["calls", "ends"], "no_done")
