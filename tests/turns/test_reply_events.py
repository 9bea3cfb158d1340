"""How fast a decision is told."""

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.message_targets import agent_target
from mockletta.api.messages.turn_starts import model_for
from mockletta.brain.decisions import Decision
from mockletta.state.ids import Ids
from mockletta.turns.run_records import open_run
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import Delivery, PacedEvents, Pacing, Pause, TurnState
from mockletta.wire.agents import CreateAgent
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.world import World
from tests.contract.steps import Steps


def pauses(decision: Decision, *, tokens: bool = True) -> tuple[list[float], str]:
    """The pauses of a turn, in seconds, and an id that is made after it."""
    world = World(brain=Steps(decision), ids=Ids(7))
    agent = create_agent(world, CreateAgent(model="letta/letta-free"))
    request = MessageRequest(input="x", stream_tokens=tokens)
    run_id = open_run(
        world,
        request,
        at=world.clock.now(),
        agent_id=agent.id,
        conversation_id=None,
        metadata={"run_type": "send_message"},
        delivery=Delivery(streaming=True),
    )
    target = agent_target(world, agent.id)
    state = TurnState(
        world=world,
        request=request,
        agent=agent,
        conversation=None,
        run_id=run_id,
        llm=model_for(world, target, request),
        pacing=Pacing(world),
        delivery=Delivery(streaming=True),
    )
    waited: list[float] = []
    for item in run_turn(state):
        if isinstance(item, Pause):
            waited.append(item.seconds)
        elif isinstance(item, PacedEvents):
            waited += filter(None, item.pauses)
    return waited, world.ids.uuid()


def test_a_pause_stands_before_each_token() -> None:
    decision = Decision(text="a b c", ttft=2.0, tokens_per_second=1)

    assert pauses(decision)[0] == [2.0, 1.0, 1.0]
    assert pauses(decision, tokens=False)[0] == [4.0]


def test_a_chunk_takes_as_long_as_its_tokens() -> None:
    assert pauses(Decision(text="a b c d e", tokens_per_second=1, chunk=2))[0] == [2.0, 2.0]


def test_jitter_is_within_its_share_and_always_the_same() -> None:
    decision = Decision(text="a b c d", ttft=2.0, tokens_per_second=1, jitter=0.5)

    waited, _ = pauses(decision)

    assert pauses(decision)[0] == waited
    assert len(set(waited)) == 4
    assert 1.0 <= waited[0] <= 3.0
    assert all(0.5 <= seconds <= 1.5 for seconds in waited[1:])


def test_jitter_leaves_the_ids_alone() -> None:
    calm = Decision(text="a b", tokens_per_second=1)
    nervous = Decision(text="a b", tokens_per_second=1, jitter=0.9)

    assert pauses(calm)[1] == pauses(nervous)[1]
