"""Faults on their way into a request: chosen once, answered, passed on, or struck on the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
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
from mockletta.faults.wire import END, Wire, strike, strike_rest
from mockletta.hosting.visits import Injection, Visit
from mockletta.http.connection_resets import RESET, reset
from mockletta.http.endpoints import RawRequest
from mockletta.http.rendering import Response
from mockletta.http.responses import Answer, ClientDisconnect

NOTHING = Response(0, [], b"")
"""An answer that is never sent, since the connection is reset."""


async def respond(
    visit: Visit,
    request: RawRequest,
    call: Callable[[], Awaitable[Answer]],
    model_answer: ModelAnswer,
) -> Answer:
    """The answer to a request that may meet a fault. `call` is what answers it otherwise.

    BadRequest if the header asks for no fault that there is; nothing is done then.
    """
    injection = visit.injection = _chosen(visit, request)
    if injection is None:
        return await call()
    fault = injection.fault
    visit.entry.fault = str(fault)
    if isinstance(fault, DelayFault):
        return await _delayed(visit, injection, fault, call)
    if isinstance(fault, ModelFault) and visit.entry.operation in TURNS:
        visit.exchange.fault = fault
        return await call()
    instead = answer_instead(fault, request, model_answer)
    if isinstance(fault, ResetFault) and fault.before_headers:
        instead = NOTHING
    if instead is None:
        visit.exchange.wire = fault
        return await call()
    injection.struck = True
    if isinstance(fault, StatusFault | ResetFault) and fault.processed:
        with suppress(ApiError):
            await call()
    visit.exchange.wire = fault if instead is NOTHING else None
    return instead


async def _delayed(
    visit: Visit, injection: Injection, fault: DelayFault, call: Callable[[], Awaitable[Answer]]
) -> Answer:
    """The answer after a while. A wait that was ended belongs to a world that is no more: nothing
    is done in the one that took its place."""
    injection.struck = True
    if not await _delay(visit, fault.delay):
        return await call()
    visit.exchange.wire = ResetFault(reset="before_headers")
    return NOTHING


def _chosen(visit: Visit, request: RawRequest) -> Injection | None:
    """The fault of the request's header, else the plan's."""
    if visit.head.fault is not None:
        try:
            return Injection(parse_fault(visit.head.fault))
        except BadFault as error:
            raise BadRequest(f"X-Mockletta-Fault: {error}") from error
    assert visit.entry.operation is not None
    planned = visit.world.faults.take(visit.entry.operation, request)
    return None if planned is None else Injection(planned.fault, planned)


async def tell_struck(visit: Visit, answer: Answer, model_answer: ModelAnswer, send: Send) -> None:
    """Send an answer as the fault of its request, or of the rule that made it, leaves it.

    A planned fault that finds nothing to strike goes back to the plan.
    """
    try:
        fault = _asked_for(visit.exchange.wire)
    except BadFault as error:
        await visit.tell(error_answer(ApiError(_no_fault(error))), send)
        return
    chosen = visit.injection
    if chosen is not None and not _has_struck(visit, chosen) and chosen.fault is not fault:
        visit.miss()
    if fault is None:
        with _resetting(visit):
            await visit.tell(_struck_later(visit, answer), send)
        return
    if chosen is None or chosen.fault is not fault:
        visit.injection = Injection(fault)
        visit.entry.fault = str(fault)
        answer = await _struck_by_rule(visit, answer, fault, model_answer)
    await _tell_cut(visit, answer, fault, send)


def _asked_for(wire: object) -> Fault | None:
    """The fault of the wire; a rule may have left it as it was spelled."""
    return wire if wire is None or isinstance(wire, Fault) else parse_fault(wire)


def _has_struck(visit: Visit, chosen: Injection) -> bool:
    """The model provider of a turn fails only if the turn begins."""
    return chosen.struck or (isinstance(chosen.fault, ModelFault) and visit.exchange.began)


async def _struck_by_rule(
    visit: Visit, answer: Answer, fault: Fault, model_answer: ModelAnswer
) -> Answer:
    """The answer instead of one that is there already: the request has been processed."""
    if isinstance(fault, DelayFault):
        await _wait(visit, fault.delay)
    request = RawRequest(visit.entry.params, b"", b"", None, visit.head.client)
    return answer_instead(fault, request, model_answer) or answer


def _struck_later(visit: Visit, answer: Answer) -> Answer:
    """An answer that a rule can still strike, if it is a stream: its turn may go on."""
    if isinstance(answer, Response):
        return answer
    return answer._replace(follow=partial(_until_struck, visit, answer.follow))


async def _until_struck(
    visit: Visit, follow: Callable[[], AsyncIterator[bytes]]
) -> AsyncIterator[bytes]:
    """A stream's chunks until a rule asks for a fault, and what that leaves of the others."""
    sent, chunks = 0, follow()
    async for chunk in chunks:
        if visit.exchange.wire is not None:
            async for frame in _rest(visit, sent, _together(chunk, chunks)):
                yield frame
            return
        sent += chunk.count(END)
        yield chunk


def _rest(visit: Visit, sent: int, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        fault = _asked_for(visit.exchange.wire)
        assert fault is not None
    except BadFault as error:
        fault = ErrorEventFault(error_event=sent, message=_no_fault(error))
    visit.injection = Injection(fault)
    visit.entry.fault = str(fault)
    return strike_rest(fault, sent, chunks, _wire_of(visit))


async def _together(chunk: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield chunk
    async for other in others:
        yield other


def _no_fault(error: BadFault) -> str:
    return f"A rule asks for a fault that there is not: {error}"


async def _tell_cut(visit: Visit, answer: Answer, fault: Fault, send: Send) -> None:
    wire = _wire_of(visit)
    with _resetting(visit):
        if isinstance(fault, ResetFault) and fault.before_headers:
            await wire.reset()
        await visit.tell(strike(fault, answer, wire), send)


def _wire_of(visit: Visit) -> Wire:
    async def cut_off() -> NoReturn:
        visit.entry.left_early = False
        await reset(visit.scope, visit.receive)

    return Wire(partial(_wait, visit), cut_off, visit.miss)


@contextmanager
def _resetting(visit: Visit) -> Iterator[None]:
    """Around what may reset the connection: the entry is over then."""
    try:
        yield
    except ConnectionResetError:
        if RESET not in visit.scope.get("extensions", {}):
            raise
    finally:
        visit.entry.finish()


async def _delay(visit: Visit, seconds: float) -> bool:
    """Wait; True if the wait was ended before its time. ClientDisconnect if the client leaves
    meanwhile."""
    waiting = asyncio.ensure_future(_wait(visit, seconds))
    leaving = asyncio.ensure_future(_leaving(visit.receive))
    try:
        done, _ = await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        leaving.cancel()
    if leaving in done:
        raise ClientDisconnect
    return waiting.result()


async def _wait(visit: Visit, seconds: float | None) -> bool:
    """Wait by the world's clock; True if the wait was ended before its time."""
    return await visit.world.faults.stalls.wait(seconds, visit.world.clock.sleep)


async def _leaving(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
