"""The telemetry of steps, beyond the SDK: the same as client.steps.trace, by an older path."""

from mockletta.http.routing import Routes
from mockletta.resources.traces import provider_trace
from mockletta.wire.traces import ProviderTrace
from mockletta.world.world import World

routes = Routes("/v1/telemetry")


@routes.get("/{step_id}", "telemetry.retrieve")
def retrieve(world: World, step_id: str) -> ProviderTrace | None:
    return provider_trace(world, step_id)
