"""Applies faults to requests: the fault of the header, of the plan, or of a rule."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NoReturn

from starlette.types import Message, Receive, Send

from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError, BadRequest
from mockletta.faults.fault import NO_ANSWER, Frames, SendingFault
from mockletta.faults.frames import apply_to_answer, apply_to_rest, is_done
from mockletta.faults.kinds.fail import FailFault
from mockletta.faults.parsing import BadFault, parse_fault
from mockletta.hosting.answer_sending import send_answer
from mockletta.http.connection_resets import RESET, reset
from mockletta.http.rendering import Response
from mockletta.http.responses import ClientDisconnect, answered, awaited_answer
from mockletta.http.sse import Chunk, encode
from mockletta.http.streaming import STREAM_HEAD, Answer, ChunkedResponse, EventStream
from mockletta.journal.findings.sends import SENDING_OPERATIONS
from mockletta.state.event_log import Events, count
from mockletta.turns.model_failures import as_answered, model_failed
from mockletta.world.request_context import Injection, RequestContext


class FaultyCall:
    """A request as a fault sees it. `process` answers it as if there were no fault."""

    def __init__(
        self, context: RequestContext, process: Callable[[], Awaitable[Answer]], *, done: bool
    ) -> None:
        self.params, self.body = context.params, context.body
        self.process = process
        self._context = context
        self._is_done = done
        self.is_sending = False

    @property
    def applied(self) -> bool:
        injection = self._context.injection
        return injection is not None and injection.applied

    @applied.setter
    def applied(self, applied: bool) -> None:
        assert self._context.injection is not None
        self._context.injection.applied = applied

    async def process_with_failing_model(self, fault: FailFault) -> Answer | None:
        if self._is_done or self._context.operation not in SENDING_OPERATIONS:
            return None
        self._context.model_fault = fault
        try:
            return await self.process()
        finally:
            self.applied = self._context.turn_began

    async def wait(self, seconds: float | None) -> bool:
        waiting = self._context.world.faults.stalls.wait(seconds, self._context.world.clock.sleep)
        if self.is_sending:
            return await waiting
        return await _unless_client_leaves(waiting, self._context.receive)

    async def reset(self) -> NoReturn:
        self._context.entry.left_early = False
        await reset(self._context.scope, self._context.receive)

    def model_error(self, failure: ModelFailure) -> ApiError:
        return as_answered(self._context.world, model_failed(failure).answer)


async def respond(context: RequestContext) -> Answer:
    """Answer a request to which a fault may apply.

    Raises BadRequest, before anything is done, if the header does not spell a fault.
    """
    call = partial(_called, context)
    injection = context.injection = _chosen(context)
    if injection is None:
        return await call()
    context.entry.fault = str(injection.fault)
    return await injection.fault.answer(FaultyCall(context, call, done=False))


async def _called(context: RequestContext) -> Answer:
    return await awaited_answer(context.call())


def _chosen(context: RequestContext) -> Injection | None:
    """Return the fault of the request's header, or else one of the plan."""
    if context.headers.fault is not None:
        try:
            return Injection(parse_fault(context.headers.fault))
        except BadFault as error:
            raise BadRequest(f"X-Mockletta-Fault: {error}") from error
    planned = context.world.faults.take(context.operation, context)
    return None if planned is None else Injection(planned.fault, planned)


async def send_with_faults(context: RequestContext, answer: Answer, send: Send) -> None:
    """Send an answer, changed by the fault of its request or of the rule that made it.

    A planned fault that could not be applied returns to the plan.
    """
    if context.rule_fault is not None:
        try:
            answer = await answered(_answer_of_rule(context, answer), context.scope)
        except ClientDisconnect:
            context.entry.record_left()
            return
    injection = context.injection
    with _resetting(context):
        if answer is NO_ANSWER:
            await FaultyCall(context, partial(_known, answer), done=True).reset()
        if injection is not None and isinstance(injection.fault, SendingFault):
            await send_answer(context, _changed(context, injection.fault, answer), send)
            return
        if injection is not None and not injection.applied:
            context.miss()
        await send_answer(context, _interruptible(context, answer), send)


async def _answer_of_rule(context: RequestContext, answer: Answer) -> Answer:
    """Return the answer that a rule's fault makes of an existing answer."""
    if context.injection is not None and not context.injection.applied:
        context.miss()
    call = _start(context, partial(_known, answer))
    assert context.injection is not None
    return await context.injection.fault.answer(call)


async def _known(answer: Answer) -> Answer:
    return answer


def _start(context: RequestContext, process: Callable[[], Awaitable[Answer]]) -> FaultyCall:
    """Apply the fault of a rule from now on."""
    fault, context.rule_fault = context.rule_fault, None
    assert fault is not None
    context.injection = Injection(fault)
    context.entry.fault = str(fault)
    return FaultyCall(context, process, done=True)


def _changed(
    context: RequestContext, fault: SendingFault, answer: Answer
) -> Response | ChunkedResponse:
    call = FaultyCall(context, partial(_known, answer), done=True)
    call.is_sending = True
    changed = apply_to_answer(fault, answer, call)
    if isinstance(changed, ChunkedResponse):
        return changed._replace(chunks=_noticing_misses(context, call, changed.chunks))
    if not call.applied:
        context.miss()
    return changed


async def _noticing_misses(context: RequestContext, call: FaultyCall, frames: Frames) -> Frames:
    """Yield frames. A fault that was not applied is recorded before the last frame is sent, since
    the reader may continue at once."""
    held: Chunk | None = None
    async for frame in frames:
        if held is not None:
            yield held
        held = frame if is_done(frame) else None
        if held is None:
            yield frame
    if not call.applied:
        context.miss()
    if held is not None:
        yield held


def _interruptible(context: RequestContext, answer: Answer) -> Response | ChunkedResponse:
    """Return an answer. If it is a stream, a rule can still ask for a fault while its turn is in
    progress."""
    if isinstance(answer, Response):
        return answer
    return ChunkedResponse(STREAM_HEAD, _until_fault(context, answer))


async def _until_fault(context: RequestContext, stream: EventStream) -> AsyncIterator[Chunk]:
    sent, groups = 0, stream.pull()
    async for events in groups:
        if context.rule_fault is not None:
            async for frame in _rest(context, sent, _together(events, groups)):
                yield frame
            return
        sent += count(events)
        yield Chunk(encode(events), events)


async def send_rest(context: RequestContext, sent: int, stream: EventStream, send: Send) -> None:
    """Send the rest of a stream that has started, with the fault of a rule."""

    async def send_body(message: Message) -> None:
        if message["type"] != "http.response.start":
            await send(message)

    rest = ChunkedResponse(STREAM_HEAD, _rest(context, sent, stream.pull()))
    with _resetting(context):
        await send_answer(context, rest, send_body)


async def _rest(context: RequestContext, sent: int, groups: AsyncIterator[Events]) -> Frames:
    fault = context.rule_fault
    call = _start(context, partial(_known, NO_ANSWER))
    call.is_sending = True
    if isinstance(fault, SendingFault):
        rest = apply_to_rest(fault, sent, groups, call)
        async for frame in _noticing_misses(context, call, rest):
            yield frame
        return
    context.miss()
    async for events in groups:
        yield Chunk(encode(events), events)


async def _together(events: Events, others: AsyncIterator[Events]) -> AsyncIterator[Events]:
    yield events
    async for other in others:
        yield other


@contextmanager
def _resetting(context: RequestContext) -> Iterator[None]:
    """Complete the journal's entry even if the connection is reset."""
    try:
        yield
    except ConnectionResetError:
        if RESET not in context.scope.get("extensions", {}):
            raise
    finally:
        context.entry.finish()


async def _unless_client_leaves(waiting: Awaitable[bool], receive: Receive) -> bool:
    """Wait. Raises ClientDisconnect if the client leaves meanwhile."""
    over = asyncio.ensure_future(waiting)
    leaving = asyncio.ensure_future(_leaving(receive))
    try:
        done, _ = await asyncio.wait({over, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        over.cancel()
        leaving.cancel()
    if leaving in done:
        raise ClientDisconnect
    return over.result()


async def _leaving(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
