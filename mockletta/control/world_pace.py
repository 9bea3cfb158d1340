"""The pace of a world: how fast its replies stream."""

from dataclasses import replace

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import Unprocessable
from mockletta.http.routing import Routes
from mockletta.wire.base import Wire
from mockletta.world.pace import Pace
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/pace")


class PaceState(Wire):
    """Seconds to the first token, and tokens per second after it; null means no delay."""

    ttft: float | None
    tokens_per_second: float | None


class PaceOrder(Wire):
    """A new pace: `ttft` a duration such as `500ms`, `tokens_per_second` as a number."""

    ttft: str | float | None = None
    tokens_per_second: float | None = None


@routes.get("", "control.pace.retrieve")
def read_pace(world: World) -> PaceState:
    """Show how fast replies stream."""
    pace = world.pace
    return PaceState(
        ttft=pace.ttft or None,
        tokens_per_second=pace.tokens_per_second,
    )


@routes.put("", "control.pace.update")
def change_pace(world: World, body: PaceOrder) -> PaceState:
    """Set how fast replies stream. Jitter, chunks and keep-alive stay as they are."""
    try:
        pace = Pace(ttft=body.ttft or 0.0, tokens_per_second=body.tokens_per_second)
    except ValueError as error:
        raise Unprocessable(str(error)) from error
    world.pace = replace(world.pace, ttft=pace.ttft, tokens_per_second=pace.tokens_per_second)
    return read_pace(world)
