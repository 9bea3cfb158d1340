from mockletta.brain.decisions import Decision
from mockletta.resources.agents import create_agent
from mockletta.resources.conversations import agent_target
from mockletta.resources.sending import Manner, send
from mockletta.wire.agent_requests import CreateAgent
from mockletta.wire.message_requests import MessageRequest
from mockletta.world import World
from tests.contract.steps import Steps, calling


def test_a_turn_keeps_the_rules_that_served_and_the_last_wire_fault() -> None:
    first, last = calling("launch", result="up"), Decision(text="Bye.", rule="ends")
    called = Decision(tool_calls=first.tool_calls, rule="calls", wire="drop")
    world = World(brain=Steps(called, last))
    agent = create_agent(world, CreateAgent(model="letta/letta-free"))

    sent = send(world, agent_target(world, agent.id), MessageRequest(input="x"), Manner("m", False))

    assert (sent.state.rules, sent.state.wire) == (["calls", "ends"], "drop")
