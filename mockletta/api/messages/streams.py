"""The answers to messages: the stream of a run, or its reply."""

from typing import Annotated

from mockletta.errors import Expired, InvalidArgument, InvalidId, NoRunOfOtid
from mockletta.http.rendering import Rendered
from mockletta.http.response_declarations import EVENTS, CallsModel, DeclaredResponse
from mockletta.http.streaming import Answer, EventStream, finished_stream
from mockletta.state.event_log import EventLog
from mockletta.turns.driver import collect, finished
from mockletta.turns.streams_and_pings import EVENTS_AT_ONCE, LogFollower
from mockletta.turns.turn_state import TurnState
from mockletta.wire.conversations import CompactionResponse
from mockletta.wire.fields import is_run_id
from mockletta.wire.message_requests import ResumeRequest
from mockletta.wire.messages import LettaResponse, StreamEvent
from mockletta.world.world import World

Streamed = Annotated[object, DeclaredResponse(StreamEvent, media=EVENTS)]
Replied = Annotated[
    object,
    DeclaredResponse(LettaResponse),
    DeclaredResponse(StreamEvent, media=EVENTS),
    CallsModel(),
]
"""The answer to a message: its reply, or its stream."""
Compacted = Annotated[CompactionResponse, CallsModel()]
NOT_BACKGROUND = "Run was not created in background mode, so it cannot be retrieved."


def stream(
    world: World, run_id: str, log: EventLog, *, after: int = 0, pings: bool = True
) -> Answer:
    """Stream the events of a run: one body if the run has ended with few events, else live."""
    if log.finished and len(log) - after <= EVENTS_AT_ONCE:
        return finished_stream(log.after(after))
    follower = LogFollower(world, run_id, log, after=after, pings=pings)
    return EventStream(follower.pull, follower.push)


def answer(turn: TurnState, *, streaming: bool) -> object:
    """Answer a message with the turn's stream, or with its reply at the end."""
    if streaming:
        return stream(turn.world, turn.run_id, turn.log, pings=turn.request.include_pings)
    if turn.log.finished:
        return Rendered(collect(turn))
    return _once_over(turn)


async def _once_over(turn: TurnState) -> Rendered:
    await finished(turn.log)
    return Rendered(collect(turn))


def resume(world: World, run_id: str, request: ResumeRequest) -> Answer:
    """Stream a background run after the event `starting_after` [21]. Raises Expired if its events
    have been dropped."""
    if not is_run_id(run_id):
        raise InvalidId("run", "run", run_id)
    world.store.runs.get(run_id)
    log = world.logs.by_run.get(run_id)
    if log is None and run_id in world.logs.dropped:
        raise Expired
    if log is None:
        raise InvalidArgument(NOT_BACKGROUND)
    pings = request.include_pings is not False
    return stream(world, run_id, log, after=request.starting_after, pings=pings)


def run_of_otid(world: World, otid: str) -> str:
    """Return the background run that a message with this otid started."""
    run_id = world.logs.by_otid.get(otid)
    if run_id is None:
        raise NoRunOfOtid(otid)
    return run_id
