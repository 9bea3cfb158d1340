"""The pace of a world: how fast its replies stream."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import Unprocessable
from mockletta.http.routing import Routes
from mockletta.wire.base import Wire
from mockletta.world.pace import Pace
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/pace")


class PaceState(Wire):
    """Seconds to the first token, and tokens per second after it; null means without delay."""

    ttft: float | None
    tokens_per_second: float | None


class PaceOrder(Wire):
    """A new pace: `ttft` in seconds or as `500ms`, `tokens_per_second` as a number."""

    ttft: str | float | None = None
    tokens_per_second: Annotated[float, Field(gt=0)] | None = None


@routes.get("", "control.pace.retrieve")
def read_pace(world: World) -> PaceState:
    """Show how fast replies stream."""
    pace = world.pace
    return PaceState(
        ttft=pace.first_token or None,
        tokens_per_second=round(1 / pace.token, 3) if pace.token else None,
    )


@routes.put("", "control.pace.update")
def change_pace(world: World, body: PaceOrder) -> PaceState:
    """Set how fast replies stream; jitter, chunks and keep-alive stay as they are."""
    given = {"ttft": body.ttft, "tokens_per_second": body.tokens_per_second}
    line = ",".join(f"{name}={value}" for name, value in given.items() if value is not None)
    try:
        pace = Pace.parse(line)
    except ValueError as error:
        raise Unprocessable(str(error)) from error
    world.pace = replace(world.pace, first_token=pace.first_token, token=pace.token)
    return read_pace(world)
