"""Moving turns along: sleeping their pauses, logging their events, and following the logs."""

import asyncio
import logging
from collections.abc import AsyncIterator

from mockletta.errors import InternalError
from mockletta.state.event_log import EventLog
from mockletta.turns.events import (
    DONE_FRAME,
    Pause,
    error_event,
    json_of,
    ping_event,
    stop_event,
)
from mockletta.turns.runs import close_run
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import Turn, TurnState
from mockletta.wire.replies import ErrorMessage, StopReasonType
from mockletta.world import ActiveRun, World

logger = logging.getLogger("mockletta")


def start(state: TurnState, lock: str | None = None, *, later: bool = False) -> EventLog:
    """Start a turn and run it up to its first pause; a task takes it on from there.

    While it runs, `lock` keeps other turns of its thread out. A `later` one only starts once the
    request that asks for it is answered.
    """
    world = state.world
    log = EventLog(numbered=state.background)
    turn = run_turn(state)
    world.active[state.run_id] = ActiveRun(turn, log, lock, state.background)
    if lock is not None:
        world.busy[lock] = state.run_id
    # what is to start later starts before another request is looked at: tasks take turns in order
    pause = 0.0 if later else _advance(state, turn, log)
    if pause is not None:
        task = asyncio.get_running_loop().create_task(_drive(state, turn, log, pause))
        world.tasks.add(task)
        task.add_done_callback(world.tasks.discard)
    return log


async def _drive(state: TurnState, turn: Turn, log: EventLog, pause: float | None) -> None:
    while pause is not None and not log.finished:
        if pause:
            await state.world.clock.sleep(pause)
        with state.world.lock:
            if not log.finished:
                try:
                    pause = _advance(state, turn, log)
                except Exception:
                    logger.exception("%s failed", state.run_id)
                log.wake()


def _advance(state: TurnState, turn: Turn, log: EventLog) -> float | None:
    """Log events up to the next pause and say how long that is; None at the turn's end.

    While the clock is frozen there are no pauses: a turn is over before another request comes.
    """
    try:
        for item in turn:
            if not isinstance(item, Pause):
                log.extend(item.frames)
            elif not state.world.clock.frozen:
                return item.seconds
    except BaseException:
        _break_off(state, log)
        raise
    log.failure = state.failure
    _end(state.world, state.run_id, log)
    return None


def _break_off(state: TurnState, log: EventLog) -> None:
    """End a turn that failed by a fault of ours: no more is said of it than that."""
    log.failure = InternalError()
    message = str(log.failure)
    told = ErrorMessage(run_id=state.run_id, error_type="internal_error", message=message)
    log.extend(error_event(told).frames)
    if state.completes_run:
        close_run(state.world, state.run_id, "failed", StopReasonType.error, message)
    _end(state.world, state.run_id, log)


def cancel(world: World, run_id: str) -> bool:
    """Cancel a run: its unfinished step is lost [05]. False if it is not active."""
    active = world.active.get(run_id)
    if active is None:
        return False
    active.turn.close()
    active.log.extend(stop_event(StopReasonType.cancelled).frames)
    if active.background:
        active.log.extend([DONE_FRAME])
    _end(world, run_id, active.log)
    close_run(world, run_id, "cancelled", StopReasonType.cancelled)
    return True


def _end(world: World, run_id: str, log: EventLog) -> None:
    active = world.active.pop(run_id, None)
    if active is not None and active.lock is not None and world.busy.get(active.lock) == run_id:
        del world.busy[active.lock]
    log.finish()


async def follow(
    world: World, run_id: str, log: EventLog, *, after: int = 0, pings: bool = True
) -> AsyncIterator[bytes]:
    """A log's frames from a number on, as they come; pings when there is nothing to say for
    `keepalive` seconds of the world's clock."""
    sent = max(after, 0)
    while True:
        if sent < len(log.frames):
            frames = log.joined(sent)
            sent = len(log.frames)
            yield frames
        elif log.finished:
            return
        elif not pings:
            await log.more()
        elif not await log.more_within(world.clock, world.keepalive):
            yield ping_event(world, run_id, sent if log.numbered else None).frames[0]


async def collected(state: TurnState, log: EventLog) -> bytes:
    """The reply of a turn without streaming, once the turn is over."""
    while not log.finished:
        await log.more()
    return collect(state, log)


def collect(state: TurnState, log: EventLog) -> bytes:
    """The JSON body of a finished turn; raises what the turn failed with."""
    if log.failure is not None:
        raise log.failure
    messages, ending = _split(log)
    stop = ending or json_of(stop_event(state.stop_reason).frames[0])
    usage = state.usage.model_dump_json().encode()
    return b'{"messages":[%s],"stop_reason":%s,"usage":%s,"logprobs":null,"turns":null}' % (
        b",".join(messages),
        stop,
        usage,
    )


def _split(log: EventLog) -> tuple[list[bytes], bytes | None]:
    messages: list[bytes] = []
    stop: bytes | None = None
    for frame in log.frames:
        if frame == DONE_FRAME:
            break
        data = json_of(frame)
        if data.startswith(b'{"message_type":"stop_reason"'):
            stop = data
        elif not data.startswith(b'{"message_type":"usage_statistics"'):
            messages.append(data)
    return messages, stop
