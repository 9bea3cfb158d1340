"""Drives turns: sleeps their pauses, logs their events and awaits their ends."""

import asyncio
import logging
from collections.abc import Generator
from functools import partial
from typing import cast

from mockletta.brain.decisions import SlowBrain
from mockletta.errors import ApiError, BadSettings, InternalError
from mockletta.state.event_log import Burst, Event, EventLog, each
from mockletta.turns.cancelling import end_run
from mockletta.turns.events import error_event, stop_event
from mockletta.turns.paced_events import emit_spread
from mockletta.turns.run_records import close_run
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import (
    Answered,
    Begin,
    Consult,
    Moment,
    Pause,
    Spread,
    Turn,
    TurnState,
    Wait,
)
from mockletta.wire.replies import ErrorMessage, StopReasonType
from mockletta.world.world import ActiveRun

logger = logging.getLogger("mockletta")
_NO_MESSAGES = ("stop_reason", "usage_statistics", "done")


def start(state: TurnState, lock: str | None = None, *, later: bool = False) -> None:
    """Start a turn and run it up to its first pause. A task runs the rest.

    While it runs, `lock` excludes other turns of its thread. A `later` turn starts after its
    request is answered.
    """
    world, log = state.world, state.log
    turn = run_turn(state)
    delivery = state.delivery
    finishes_step = delivery.is_async or (delivery.streaming and not state.tokens)
    world.active[state.run_id] = ActiveRun(turn, log, lock, delivery.background, finishes_step)
    if lock is not None:
        world.busy[lock] = state.run_id
    # A later turn starts before the next request is answered: tasks run in order.
    waiting = Pause(0.0) if later else _advance(state, turn)
    if waiting is not None:
        task = asyncio.get_running_loop().create_task(_drive(state, turn, waiting))
        world.tasks.add(task)
        task.add_done_callback(world.tasks.discard)


async def _drive(state: TurnState, turn: Turn, waiting: Wait | None) -> None:
    log, active = state.log, state.world.active[state.run_id]
    while waiting is not None and not log.over:
        active.is_consulting = isinstance(waiting, Consult)
        answer = await waited(state, waiting)
        waiting = state.world.run(partial(_resume, state, turn, answer))
        log.wake()


def _resume(state: TurnState, turn: Turn, answer: Answered | Exception) -> Wait | None:
    """Advance a turn after a wait, unless it was cancelled meanwhile."""
    try:
        return None if state.log.over else _advance(state, turn, answer)
    except Exception:
        logger.exception("%s failed", state.run_id)
        return None


async def waited(state: TurnState, waiting: Wait) -> Answered | Exception:
    """Wait for what a turn waits for, and return what to send into it: a brain's decision or its
    failure. If the turn is cancelled meanwhile, so is the call of the brain."""
    if isinstance(waiting, Pause):
        if waiting.seconds:
            await state.world.clock.sleep(waiting.seconds)
        return None
    if isinstance(waiting, Spread):
        await emit_spread(state, waiting)
        return None
    log = state.log
    brain = cast("SlowBrain", state.world.brain)
    asked = asyncio.ensure_future(brain.consult(waiting.call))
    asked.add_done_callback(lambda _: log.wake())
    try:
        while not asked.done() and not log.over:
            await log.more()
        return asked.result() if asked.done() else None
    except Exception as error:  # noqa: BLE001 - it is raised in the turn
        return error
    finally:
        asked.cancel()


def _advance(state: TurnState, turn: Turn, answer: Answered | Exception = None) -> Wait | None:
    """Run a turn up to its next wait and return that; None at its end."""
    log = state.log
    try:
        item = next_wait(state, turn, answer)
    except StopIteration:
        log.failure = state.failure
        end_run(state.world, state.run_id, log)
        return None
    except BadSettings as error:
        failure = ApiError(f"A rule asks for an unknown fault: {error}")
        _break_off(state, failure)
        raise failure from error
    except BaseException:
        _break_off(state, InternalError())
        raise
    return item


def next_wait(
    state: TurnState,
    steps: Generator[Moment, Answered, object],
    answer: Answered | Exception,
) -> Wait:
    """Log the events of some steps up to their next wait, and return that wait. Raises
    StopIteration at the end.

    With a frozen clock there are no pauses: a turn ends before another request comes.
    """
    item = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    emits_all = state.request.include_return_message_types is None
    while True:
        if isinstance(item, Event | Burst):
            if emits_all or state.emits(item.kind):
                state.log.append(item)
        elif isinstance(item, Begin):
            start(item.state, later=True)
        elif isinstance(item, Consult) or not state.world.clock.frozen:
            return _without_unwanted(state, item)
        elif isinstance(item, Spread) and state.emits(item.burst.kind):
            state.log.append(item.burst)
        item = next(steps)


def _without_unwanted(state: TurnState, wait: Wait) -> Wait:
    """Remove the events that the client does not want from a wait; they still take their time."""
    if isinstance(wait, Spread) and not state.emits(wait.burst.kind):
        return Pause(sum(wait.pauses))
    return wait


def _break_off(state: TurnState, failure: ApiError) -> None:
    """End a turn that failed because of a bug, here or in the code of a rule."""
    log = state.log
    log.failure = failure
    message = str(failure)
    error = ErrorMessage(run_id=state.run_id, error_type="internal_error", message=message)
    log.append(error_event(log, error))
    if state.closes_run:
        close_run(state.world, state.run_id, "failed", StopReasonType.error, message)
    end_run(state.world, state.run_id, log)


async def finished(log: EventLog) -> None:
    """Wait for the end of a run."""
    while not log.finished:
        await log.more()


def reply_messages(state: TurnState) -> list[Event]:
    """The messages of a finished turn; raises what the turn failed with."""
    if state.log.failure is not None:
        raise state.log.failure
    return [event for event in each(state.log.events) if event.kind not in _NO_MESSAGES]


def collect(state: TurnState) -> bytes:
    """The JSON body of a finished turn; raises what the turn failed with."""
    messages = b",".join([event.json for event in reply_messages(state)])
    stops = [
        event.json
        for event in state.log.events
        if isinstance(event, Event) and event.kind == "stop_reason"
    ]
    usage = state.usage.model_dump_json().encode()
    return b'{"messages":[%s],"stop_reason":%s,"usage":%s,"logprobs":null,"turns":null}' % (
        messages,
        stops[-1] if stops else stop_event(state.stop_reason).json,
        usage,
    )
