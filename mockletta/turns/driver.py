"""Moving turns along: sleeping their pauses, logging their events, and following the logs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Generator
from functools import partial
from typing import cast

from mockletta.brain.decisions import SlowBrain
from mockletta.errors import InternalError
from mockletta.state.event_log import EventLog
from mockletta.turns.events import (
    DONE_FRAME,
    Event,
    Pause,
    error_event,
    json_of,
    ping_event,
    stop_event,
)
from mockletta.turns.run_records import close_run
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import Answered, Begin, Consult, Moment, Turn, TurnState
from mockletta.wire.replies import ErrorMessage, StopReasonType
from mockletta.world.world import ActiveRun, World

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
    waiting = Pause(0.0) if later else _advance(state, turn, log)
    if waiting is not None:
        task = asyncio.get_running_loop().create_task(_drive(state, turn, log, waiting))
        world.tasks.add(task)
        task.add_done_callback(world.tasks.discard)
    return log


async def _drive(
    state: TurnState, turn: Turn, log: EventLog, waiting: Pause | Consult | None
) -> None:
    while waiting is not None and not log.finished:
        answer = await waited(state, log, waiting)
        waiting = state.world.run(partial(_resume, state, turn, log, answer))
        log.wake()


def _resume(
    state: TurnState, turn: Turn, log: EventLog, answer: Answered | Exception
) -> Pause | Consult | None:
    """Advance a turn that waited, unless it was cancelled meanwhile."""
    try:
        return None if log.finished else _advance(state, turn, log, answer)
    except Exception:
        logger.exception("%s failed", state.run_id)
        return None


async def waited(state: TurnState, log: EventLog, waiting: Pause | Consult) -> Answered | Exception:
    """What a turn is told once what it waits for is over: a brain's decision or its failure. A
    brain that is asked for a turn that was cancelled meanwhile is cancelled too."""
    if isinstance(waiting, Pause):
        if waiting.seconds:
            await state.world.clock.sleep(waiting.seconds)
        return None
    brain = cast("SlowBrain", state.world.brain)
    asked = asyncio.ensure_future(brain.consult(waiting.call))
    asked.add_done_callback(lambda _: log.wake())
    try:
        while not asked.done() and not log.finished:
            await log.more()
        return asked.result() if asked.done() else None
    except Exception as error:  # noqa: BLE001 - raised in the turn, which tells of it
        return error
    finally:
        asked.cancel()


def _advance(
    state: TurnState, turn: Turn, log: EventLog, answer: Answered | Exception = None
) -> Pause | Consult | None:
    """Log events up to what the turn waits for next and say what that is; None at its end."""
    try:
        item = next_wait(state, turn, log, answer)
    except StopIteration:
        log.failure = state.failure
        _end(state.world, state.run_id, log)
        return None
    except BaseException:
        _break_off(state, log)
        raise
    log.keepalive = state.keepalive
    return item


def next_wait(
    state: TurnState,
    steps: Generator[Moment, Answered, object],
    log: EventLog,
    answer: Answered | Exception,
) -> Pause | Consult:
    """What steps wait for next, with the events before it logged; StopIteration at their end.

    While the clock is frozen there are no pauses: a turn is over before another request comes.
    """
    item = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    while True:
        if isinstance(item, Event):
            if state.tells(item.kind):
                log.extend(item.frames)
        elif isinstance(item, Begin):
            start(item.state, later=True)
        elif isinstance(item, Consult) or not state.world.clock.frozen:
            return item
        item = next(steps)


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
    `keepalive` seconds of the world's clock, the log's own or else the world's."""
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
        elif not await log.more_within(world.clock, log.keepalive or world.keepalive):
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
