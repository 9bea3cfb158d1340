"""How fast a turn is told: whose pace counts, jitter and chunks."""

from collections.abc import Sequence
from itertools import chain, pairwise

import pytest

from mockletta.api.agents.agent_creation import create_agent
from mockletta.brain.decisions import Decision
from mockletta.catalogue.model_catalogue import llm_config
from mockletta.state.event_log import count
from mockletta.state.ids import Ids
from mockletta.turns.reply_events import ReplyEmitter, in_chunks
from mockletta.turns.tool_calls import StepCalls
from mockletta.turns.turn_state import Delivery, PacedEvents, Pacing, Pause, TurnState
from mockletta.wire.agents import CreateAgent
from mockletta.wire.message_content import ToolCall
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.pace import Pace
from mockletta.world.world import World

MODEL = "openai/gpt-4o-mini"
WORDS = "one two three four five"


def turn(
    usual: Pace | None = None,
    own: Pace | None = None,
    *,
    tokens: bool = True,
    world: World | None = None,
) -> TurnState:
    """A turn that is about to be told; `own` is the request's pace, `usual` the world's."""
    world = world or World(pace=usual)
    agent = create_agent(world, CreateAgent(model=MODEL))
    return TurnState(
        world=world,
        request=MessageRequest(input="Hello!", stream_tokens=tokens),
        agent=agent,
        conversation=None,
        run_id="run-1",
        llm=llm_config(MODEL),
        pacing=Pacing(world, own),
        delivery=Delivery(streaming=True),
    )


def told(state: TurnState, decision: Decision, calls: Sequence[ToolCall] = ()) -> list[object]:
    """The pauses of a decision, in seconds, and the number of frames between them."""
    message_id = "message-00000000-0000-4000-8000-000000000001"
    teller = ReplyEmitter(state, message_id, "step-1", "now", message_id)
    shown: list[object] = []
    seen = 0
    stated = StepCalls(tuple(calls), tuple(call.arguments for call in calls))
    for item in chain(teller.emit(decision, stated), [None]):
        shown += [f"{count([one])} frames" for one in state.log.events[seen:]]
        seen = len(state.log.events)
        if isinstance(item, Pause):
            shown.append(item.seconds)
        elif isinstance(item, PacedEvents):
            shown += [one for pause in item.pauses for one in (pause, "1 frames") if one]
    return shown


def pauses(state: TurnState, decision: Decision) -> list[float]:
    return [item for item in told(state, decision) if isinstance(item, float)]


def test_the_world_sets_the_pace_where_nobody_else_does() -> None:
    usual = Pace(1, 1 / 2, 0.5, 3)

    assert turn(usual).pacing.pace_of(Decision()) == usual
    assert turn().pacing.pace_of(Decision()) == Pace()


def test_a_decision_wins_over_the_world_in_what_it_sets() -> None:
    state = turn(Pace(1, 1 / 2, 0.5, 3))

    assert state.pacing.pace_of(Decision(ttft=9)) == Pace(9, 1 / 2, 0.5, 3)
    assert state.pacing.pace_of(Decision(tokens_per_second=1 / 9, jitter=0.1, chunk=7)) == Pace(
        1, 1 / 9, 0.1, 7
    )


def test_a_request_wins_over_both_as_a_whole() -> None:
    state = turn(Pace(1, 1 / 2, 0.5, 3), own=Pace(ttft=4))

    assert state.pacing.pace_of(Decision(tokens_per_second=1 / 9, chunk=7)) == Pace(ttft=4)


def test_tokens_come_one_by_one() -> None:
    assert told(turn(Pace(3, 1 / 2)), Decision(text="one two three")) == [
        3, "1 frames", 2, "1 frames", 2, "1 frames",
    ]  # fmt: skip


def test_a_chunk_takes_the_time_of_its_tokens() -> None:
    assert told(turn(Pace(3, 1 / 2, chunk=2)), Decision(text=WORDS)) == [
        3, "1 frames", 4, "1 frames", 4, "1 frames",
    ]  # fmt: skip


def test_chunks_also_come_where_nothing_pauses() -> None:
    assert told(turn(Pace(chunk=2)), Decision(text=WORDS)) == ["3 frames"]


def test_arguments_of_a_tool_call_come_in_larger_pieces_too() -> None:
    call = ToolCall(name="t", arguments="x" * 64, tool_call_id="c")

    single, chunked = (told(turn(Pace(chunk=size)), Decision(), [call]) for size in (1, 2))

    assert (len(single), len(chunked)) == (1 + 4, 1 + 2)


def test_whole_parts_come_when_all_their_tokens_would_have() -> None:
    state = turn(Pace(3, 1 / 2), tokens=False)

    assert told(state, Decision(text=WORDS)) == [3 + 4 * 2, "1 frames"]


@pytest.mark.parametrize("share", [0.2, 1])
def test_jitter_makes_each_delay_longer_or_shorter_up_to_a_share(share: float) -> None:
    delays = pauses(turn(Pace(10, 1 / 10, share)), Decision(text="x " * 200))

    assert len(set(delays)) == 200
    assert all(10 * (1 - share) <= delay <= 10 * (1 + share) for delay in delays)
    assert min(delays) < 10 < max(delays)


def test_jitter_is_the_same_in_every_run_whatever_the_ids() -> None:
    pace, decision = Pace(1, 1, 0.5), Decision(text=WORDS)
    runs = [pauses(turn(pace), decision) for _ in range(2)]
    seeded = turn(pace, world=World(pace=pace, ids=Ids(7)))

    assert runs[0] == runs[1]
    assert pauses(seeded, decision) not in runs


def test_ids_do_not_depend_on_jitter() -> None:
    made = []
    for pace in (Pace(), Pace(1, 1, 0.5)):
        state = turn(pace, world=World(pace=pace, ids=Ids(7)))
        told(state, Decision(text=WORDS))
        made.append(state.world.ids.uuid())

    assert made[0] == made[1]


def test_turns_side_by_side_do_not_disturb_each_others_jitter() -> None:
    pace, decision = Pace(1, 1, 0.5), Decision(text=WORDS)
    state, other = turn(pace), turn(pace)
    alone = [pauses(state, decision), pauses(state, decision)]
    between = [pauses(other, decision)]
    pauses(turn(pace, world=other.world), decision)
    between.append(pauses(other, decision))

    assert alone == between
    assert all(one != two for one, two in pairwise(alone[0]))


def test_chunks_joined_are_the_text() -> None:
    tokens = ["a ", "b ", "c ", "d ", "e"]

    assert in_chunks(tokens, 1) == tokens
    assert in_chunks(tokens, 2) == ["a b ", "c d ", "e"]
    assert in_chunks(tokens, 99) == ["a b c d e"]
    assert in_chunks([], 2) == []
