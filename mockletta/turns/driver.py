"""Drives turns: sleeps their pauses, logs their events and awaits their ends. Also runs single
tools."""

import asyncio
import logging
from collections.abc import Awaitable, Generator, Mapping, Sequence
from functools import partial

from mockletta.errors import ApiError, BadSettings, InternalError
from mockletta.state.event_log import Burst, Event, EventLog, each
from mockletta.tools.context import ToolContext
from mockletta.tools.returns import ToolOutcome
from mockletta.tools.running import awaited_call, sends_messages
from mockletta.turns.cancelling import end_run
from mockletta.turns.events import error_event, stop_event, usage_event
from mockletta.turns.run_records import close_run
from mockletta.turns.tool_calls import run_own_tool
from mockletta.turns.turn import run_turn
from mockletta.turns.turn_state import (
    Answered,
    AwaitAnswer,
    Moment,
    PacedEvents,
    Pacing,
    Pause,
    StartTurn,
    Turn,
    TurnState,
    Wait,
)
from mockletta.wire.agents import AgentState
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.messages import ErrorMessage
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.request_context import RequestContext
from mockletta.world.world import ActiveRun

logger = logging.getLogger("mockletta")
MOST_AT_ONCE = 100
"""The paced events that are emitted together if they are due at once."""
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
    begun = world.clock.elapsed()
    if later:  # it starts before the next request is answered: tasks run in order
        DrivenTurn(state, turn, begun).go_on_in_task(Pause(0.0))
        return
    try:
        waiting = _advance(state, turn)
    except BaseException as error:
        failure = _failure_of(error)
        _break_off(state, failure)
        if isinstance(error, BadSettings):
            raise failure from error
        raise
    if waiting is not None:
        DrivenTurn(state, turn, begun).wait(waiting)


class DrivenTurn:
    """A turn in progress: it is resumed when its wait is over.

    The timer of the world's clock resumes it after pauses, and emits paced events without resuming
    it. Its pauses add up from the times when they were due, so a late timer delays it only once. A
    task waits for a brain.
    """

    __slots__ = (
        "_burst",
        "_due",
        "_log",
        "_next",
        "_pauses",
        "_state",
        "_turn",
        "_world",
    )

    def __init__(self, state: TurnState, turn: Turn, begun: float) -> None:
        self._state = state
        self._turn = turn
        self._log = state.log
        self._world = state.world
        self._due = begun
        self._burst: Burst | None = None
        self._pauses: Sequence[float] = ()
        self._next = 0

    @property
    def is_over(self) -> bool:
        return self._log.over

    def wait(self, waiting: Wait) -> None:
        """Resume the turn when a wait is over."""
        due = self._due_after(waiting)
        if due is not None:
            self._world.clock.pace(self, due)

    def resume(self, now: float) -> float | None:
        """Do everything that is due, and return when the next thing is due. None if no timer
        resumes it: the turn is over, or waits for a brain."""
        while self._due <= now:
            if self._next < len(self._pauses) and not self._log.finished:
                self._emit_due(now)
                continue
            due = self._world.run(self._go_on)
            self._log.wake()
            if due is None:
                return None
        return self._due

    def go_on_in_task(self, waiting: Wait) -> None:
        """Wait in a task, and resume the turn then."""
        task = asyncio.get_running_loop().create_task(self._go_on_after(waiting))
        self._world.tasks.add(task)
        task.add_done_callback(self._world.tasks.discard)

    async def _go_on_after(self, waiting: Wait) -> None:
        active = self._world.active.get(self._state.run_id)
        if active is None:
            return
        active.is_consulting = isinstance(waiting, AwaitAnswer)
        answer = await waited(self._state, waiting)
        active.is_consulting = False
        self._due = self._world.clock.elapsed()
        following = self._world.run(partial(_resume, self._state, self._turn, answer))
        self._log.wake()
        if following is not None:
            self.wait(following)

    def _emit_due(self, now: float) -> None:
        """Emit the paced events that are due, MOST_AT_ONCE at most."""
        burst, pauses, due = self._burst, self._pauses, self._due
        first = place = self._next
        assert burst is not None
        while due <= now and place < first + MOST_AT_ONCE:
            at = due
            place += 1
            if place == len(pauses):
                break
            due += pauses[place]
        self._log.emit_next(burst, place - first, at)
        self._next, self._due = place, due

    def _go_on(self) -> float | None:
        """Resume the turn, and return when it is due next."""
        waiting = _resume(self._state, self._turn, None)
        return None if waiting is None else self._due_after(waiting)

    def _due_after(self, waiting: Wait) -> float | None:
        if isinstance(waiting, AwaitAnswer):
            self.go_on_in_task(waiting)
            return None
        self._next = 0
        if isinstance(waiting, PacedEvents):
            self._burst, self._pauses = waiting.burst, waiting.pauses
            self._due += waiting.pauses[0]
        else:
            self._pauses = ()
            self._due += waiting.seconds
        return self._due


def _resume(state: TurnState, turn: Turn, answer: Answered | Exception) -> Wait | None:
    """Advance a turn after a wait, unless it was cancelled meanwhile. A failure is logged before
    the client learns of it."""
    try:
        return None if state.log.over else _advance(state, turn, answer)
    except Exception as error:
        logger.exception("%s failed", state.run_id)
        _break_off(state, _failure_of(error))
        return None


async def waited(state: TurnState, waiting: Wait) -> Answered | Exception:
    """Wait for what a turn needs, and return the value to send into it: the answer, or the failure.

    If the turn is cancelled meanwhile, the wait is cancelled too.
    """
    if not isinstance(waiting, AwaitAnswer):
        if waiting.seconds:
            await state.world.clock.sleep(waiting.seconds)
        return None
    log = state.log
    asked = asyncio.ensure_future(waiting.ask())
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
    """Run a turn up to its next wait and return that wait; None at its end."""
    try:
        return next_wait(state, turn, answer)
    except StopIteration:
        state.log.failure = state.failure
        end_run(state.world, state.run_id, state.log)
        return None


def next_wait(
    state: TurnState,
    steps: Generator[Moment, Answered, object],
    answer: Answered | Exception,
) -> Wait:
    """Run some steps up to their next wait, and return that wait. Raises StopIteration at the end.

    With a frozen clock there are no pauses: a turn ends before another request is processed.
    """
    item = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    while True:
        if isinstance(item, StartTurn):
            start(item.state, later=True)
        elif isinstance(item, AwaitAnswer) or not state.world.clock.frozen:
            return _without_unwanted(state, item)
        elif isinstance(item, PacedEvents):
            state.emit(item.burst)
        item = next(steps)


def _without_unwanted(state: TurnState, wait: Wait) -> Wait:
    """Remove the events that the client does not want from a wait; they still take their time."""
    if isinstance(wait, PacedEvents) and not state.emits(wait.burst.kind):
        return Pause(wait.seconds)
    return wait


def _failure_of(error: BaseException) -> ApiError:
    """Return the error that a client gets for a bug, here or in the code of a rule."""
    if isinstance(error, BadSettings):
        return ApiError(f"A rule asks for an unknown fault: {error}")
    return InternalError()


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
    """Return the messages of a finished turn. Raises the turn's failure."""
    if state.log.failure is not None:
        raise state.log.failure
    return [event for event in each(state.log.events) if event.kind not in _NO_MESSAGES]


def collect(state: TurnState) -> bytes:
    """Return the JSON body of a finished turn. Raises the turn's failure."""
    messages = b",".join([event.json for event in reply_messages(state)])
    newest = {event.kind: event for event in state.log.events if isinstance(event, Event)}
    stop = newest.get("stop_reason") or stop_event(state.stop_reason)
    usage = newest.get("usage_statistics") or usage_event(state.reported_usage)
    return b'{"messages":[%s],"stop_reason":%s,"usage":%s,"logprobs":null,"turns":null}' % (
        messages,
        stop.json,
        usage.json,
    )


def run_single_tool(
    context: RequestContext, agent: AgentState, name: str, arguments: Mapping[str, object]
) -> ToolOutcome | Awaitable[ToolOutcome]:
    """Run one of an agent's tools. A tool that sends messages, that a real MCP server runs, or that
    searches very many messages is awaited."""
    world = context.world
    tool = next(tool for tool in world.store.tools_of(agent.id) if tool.name == name)
    caller = ToolContext(world, agent, cause=context.cause, entry=context.entry)
    awaited = awaited_call(caller, tool, arguments)
    if awaited is not None:
        return awaited()
    if not sends_messages(world, name):
        return run_own_tool(caller, name, arguments)
    from mockletta.turns.agent_relays import relay_messages  # noqa: PLC0415 - few tools send

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
    return _outcome(state, relay_messages(state, name, arguments))


async def _outcome(
    state: TurnState, sending: Generator[Moment, Answered, ToolOutcome]
) -> ToolOutcome:
    """Drive a tool like a turn."""
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
    """Return what the tool waits for next, or its outcome."""
    try:
        return next_wait(state, sending, answer)
    except StopIteration as over:
        outcome: ToolOutcome = over.value
        return outcome
