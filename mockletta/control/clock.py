"""The clock of a world: read it, freeze it and move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, Self

from pydantic import model_validator

from mockletta.control.control_dispatch import PREFIX
from mockletta.documents.duration_fields import Seconds
from mockletta.errors import Unprocessable
from mockletta.http.routing import Routes
from mockletta.state.clock import Clock
from mockletta.wire.base import Wire
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/clock")


class ClockState(Wire):
    """The time of a clock. A frozen clock moves `tick` seconds with each reading."""

    now: datetime
    frozen: bool
    tick: float


class ClockChange(Wire):
    """One change of a clock. Times are ISO 8601 or "now", amounts are durations.

    `freeze` is a time or true for the present one, `resume` unfreezes the clock.
    """

    freeze: Literal[True] | str | None = None
    resume: Literal[True] | None = None
    advance: Seconds | None = None
    set: str | None = None
    tick: Seconds | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1 or None in self.model_dump(exclude_unset=True).values():
            raise ValueError("expected one of freeze, resume, advance, set and tick")
        return self


@routes.get("", "control.clock.retrieve")
def read_clock(world: World) -> ClockState:
    """Return the world's time, and whether the clock is frozen."""
    clock = world.clock
    return ClockState(now=clock.peek(), frozen=clock.frozen, tick=clock.tick)


@routes.put("", "control.clock.update")
def change_clock(world: World, body: ClockChange) -> ClockState:
    """Freeze, resume, advance or set the clock, or set its tick."""
    with _refusing():
        _change(world.clock, body)
    return read_clock(world)


def _change(clock: Clock, order: ClockChange) -> None:
    if order.freeze is not None:
        clock.freeze(None if order.freeze is True else order.freeze)
    elif order.resume is not None:
        clock.resume()
    elif order.advance is not None:
        clock.advance(order.advance)
    elif order.set is not None:
        clock.set(order.set)
    elif order.tick is not None:
        clock.tick = order.tick


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Unprocessable(str(error)) from error
