"""Sleeptime helpers: when they run, and what they read."""

from mockletta.api.agents.agent_creation import create_agent
from mockletta.turns.sleeptime_helpers import due_helpers
from mockletta.turns.turn_state import TurnState
from mockletta.wire.agents import AgentState, CreateAgent
from mockletta.wire.input_messages import MessageCreate
from mockletta.world.world import World
from tests.worlds import MODEL, say


def sleeper(world: World, frequency: int) -> AgentState:
    """An agent whose helper runs after so many turns, and which has counted none."""
    agent = create_agent(world, CreateAgent(name="main", model=MODEL, enable_sleeptime=True))
    (group,) = world.store.groups
    changes = {"sleeptime_agent_frequency": frequency, "turns_counter": 0}
    world.store.groups.replace(group.changed(changes))
    return agent


def due(world: World, agent: AgentState) -> list[TurnState]:
    return due_helpers(world, agent, world.store.thread(agent.id).context)


def text_of(turn: TurnState) -> str:
    (message,) = list(turn.request.messages or ())
    assert isinstance(message, MessageCreate)
    return str(message.content)


def test_a_helper_is_due_once_in_so_many_turns() -> None:
    world = World()
    agent = sleeper(world, 2)
    assert [len(due(world, agent)) for _ in range(4)] == [0, 1, 0, 1]


def test_a_helper_reads_what_was_said_since_it_last_read() -> None:
    world = World()
    agent = sleeper(world, 1)
    world.store.agents.replace(agent.changed({"enable_sleeptime": False}))
    say(world, agent.id, "first")
    due(world, agent)
    say(world, agent.id, "second")

    (turn,) = due(world, agent)
    assert "user: second\nassistant: " in text_of(turn)
    assert "first" not in text_of(turn)
    run = world.store.runs.get(turn.run_id)
    assert (run.metadata or {})["run_type"] == "sleeptime_agent_send_message_async"
    assert (turn.delivery.by_agent, turn.delivery.is_async) == (True, True)


def test_an_agent_without_a_group_has_no_helper() -> None:
    world = World()
    agent = create_agent(world, CreateAgent(name="main", model=MODEL))
    assert due(world, agent) == []
