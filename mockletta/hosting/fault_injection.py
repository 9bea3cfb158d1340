"""Faults on their way into a request: chosen once, answered, passed on, or struck on the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import CoroutineType
from typing import NoReturn

from starlette.types import Receive, Send

from mockletta.errors import ApiError, BadRequest
from mockletta.faults.answers import ModelAnswer, answer_instead, error_answer
from mockletta.faults.kinds import (
    TURNS,
    DelayFault,
    ErrorEventFault,
    Fault,
    ModelFault,
    ResetFault,
    StatusFault,
)
from mockletta.faults.parsing import BadFault, parse_fault
from mockletta.faults.wire import Wire, strike, strike_rest
from mockletta.hosting.answer_sending import send_answer
from mockletta.http.connection_resets import RESET, reset
from mockletta.http.rendering import Response
from mockletta.http.responses import Answer, ClientDisconnect, answer_of
from mockletta.http.sse import Chunk, encode
from mockletta.http.streams import STREAM_HEAD, EventStream, LastingResponse
from mockletta.state.event_log import Events, count
from mockletta.world.request_context import Injection, RequestContext

NOTHING = Response(0, [], b"")
"""An answer that is never sent, since the connection is reset."""


async def respond(context: RequestContext, model_answer: ModelAnswer) -> Answer:
    """Answer a request that may meet a fault.

    Raises BadRequest, before anything is done, if the header does not spell a fault.
    """
    call = partial(_called, context)
    injection = context.injection = _chosen(context)
    if injection is None:
        return await call()
    fault = injection.fault
    context.entry.fault = str(fault)
    if isinstance(fault, DelayFault):
        return await _delayed(context, injection, fault, call)
    if isinstance(fault, ModelFault) and context.operation in TURNS:
        context.model_fault = fault
        return await call()
    instead = answer_instead(fault, context, model_answer)
    if isinstance(fault, ResetFault) and fault.before_headers:
        instead = NOTHING
    if instead is None:
        context.response_fault = fault
        return await call()
    injection.struck = True
    if isinstance(fault, StatusFault | ResetFault) and fault.processed:
        with suppress(ApiError):
            await call()
    context.response_fault = fault if instead is NOTHING else None
    return instead


async def _called(context: RequestContext) -> Answer:
    result = context.call()
    return answer_of(await result if isinstance(result, CoroutineType) else result)


async def _delayed(
    context: RequestContext,
    injection: Injection,
    fault: DelayFault,
    call: Callable[[], Awaitable[Answer]],
) -> Answer:
    """The answer after a while. A wait that was ended belongs to a world that is no more: nothing
    is done in the one that took its place."""
    injection.struck = True
    if not await _delay(context, fault.delay):
        return await call()
    context.response_fault = ResetFault(reset="before_headers")
    return NOTHING


def _chosen(context: RequestContext) -> Injection | None:
    """The fault of the request's header, else the plan's."""
    if context.headers.fault is not None:
        try:
            return Injection(parse_fault(context.headers.fault))
        except BadFault as error:
            raise BadRequest(f"X-Mockletta-Fault: {error}") from error
    planned = context.world.faults.take(context.operation, context)
    return None if planned is None else Injection(planned.fault, planned)


async def tell_struck(
    context: RequestContext, answer: Answer, model_answer: ModelAnswer, send: Send
) -> None:
    """Send an answer as the fault of its request, or of the rule that made it, leaves it.

    A planned fault that finds nothing to strike goes back to the plan.
    """
    try:
        fault = _asked_for(context.response_fault)
    except BadFault as error:
        await send_answer(context, error_answer(ApiError(_no_fault(error))), send)
        return
    chosen = context.injection
    if chosen is not None and not _has_struck(context, chosen) and chosen.fault is not fault:
        context.miss()
    if fault is None:
        with _resetting(context):
            await send_answer(context, _struck_later(context, answer), send)
        return
    if chosen is None or chosen.fault is not fault:
        context.injection = Injection(fault)
        context.entry.fault = str(fault)
        answer = await _struck_by_rule(context, answer, fault, model_answer)
    await _tell_cut(context, answer, fault, send)


def _asked_for(wire: object) -> Fault | None:
    """The fault of the wire; a rule may have left it as it was spelled."""
    return wire if wire is None or isinstance(wire, Fault) else parse_fault(wire)


def _has_struck(context: RequestContext, chosen: Injection) -> bool:
    """The model provider of a turn fails only if the turn begins."""
    return chosen.struck or (isinstance(chosen.fault, ModelFault) and context.turn_began)


async def _struck_by_rule(
    context: RequestContext, answer: Answer, fault: Fault, model_answer: ModelAnswer
) -> Answer:
    """The answer instead of one that is there already: the request has been processed."""
    if isinstance(fault, DelayFault):
        await _wait(context, fault.delay)
    return answer_instead(fault, context, model_answer) or answer


def _struck_later(context: RequestContext, answer: Answer) -> Answer | LastingResponse:
    """An answer that a rule can still strike, if it is a stream: its turn may go on."""
    if isinstance(answer, Response):
        return answer
    return LastingResponse(STREAM_HEAD, _until_struck(context, answer))


async def _until_struck(context: RequestContext, stream: EventStream) -> AsyncIterator[Chunk]:
    """A stream's chunks until a rule asks for a fault, and what that leaves of the others."""
    sent, groups = 0, stream.follow()
    async for events in groups:
        if context.response_fault is not None:
            async for frame in _rest(context, sent, _together(events, groups)):
                yield frame
            return
        sent += count(events)
        yield Chunk(encode(events), events)


def _rest(
    context: RequestContext, sent: int, groups: AsyncIterator[Events]
) -> AsyncIterator[Chunk]:
    try:
        fault = _asked_for(context.response_fault)
        assert fault is not None
    except BadFault as error:
        fault = ErrorEventFault(error_event=sent, message=_no_fault(error))
    context.injection = Injection(fault)
    context.entry.fault = str(fault)
    return strike_rest(fault, sent, groups, _wire_of(context))


async def _together(events: Events, others: AsyncIterator[Events]) -> AsyncIterator[Events]:
    yield events
    async for other in others:
        yield other


def _no_fault(error: BadFault) -> str:
    return f"A rule asks for a fault that there is not: {error}"


async def _tell_cut(context: RequestContext, answer: Answer, fault: Fault, send: Send) -> None:
    wire = _wire_of(context)
    with _resetting(context):
        if isinstance(fault, ResetFault) and fault.before_headers:
            await wire.reset()
        await send_answer(context, strike(fault, answer, wire), send)


def _wire_of(context: RequestContext) -> Wire:
    async def cut_off() -> NoReturn:
        context.entry.left_early = False
        await reset(context.scope, context.receive)

    return Wire(partial(_wait, context), cut_off, context.miss)


@contextmanager
def _resetting(context: RequestContext) -> Iterator[None]:
    """Around what may reset the connection: the entry is over then."""
    try:
        yield
    except ConnectionResetError:
        if RESET not in context.scope.get("extensions", {}):
            raise
    finally:
        context.entry.finish()


async def _delay(context: RequestContext, seconds: float) -> bool:
    """Wait; True if the wait was ended before its time. ClientDisconnect if the client leaves
    meanwhile."""
    waiting = asyncio.ensure_future(_wait(context, seconds))
    leaving = asyncio.ensure_future(_leaving(context.receive))
    try:
        done, _ = await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        leaving.cancel()
    if leaving in done:
        raise ClientDisconnect
    return waiting.result()


async def _wait(context: RequestContext, seconds: float | None) -> bool:
    """Wait by the world's clock; True if the wait was ended before its time."""
    return await context.world.faults.stalls.wait(seconds, context.world.clock.sleep)


async def _leaving(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
