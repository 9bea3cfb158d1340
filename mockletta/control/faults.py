"""The planned faults of a world."""

from typing import Any

from pydantic import JsonValue, RootModel

from mockletta.control.dispatch import PREFIX
from mockletta.errors import Unprocessable
from mockletta.faults.parsing import BadFault
from mockletta.http.routing import Routes
from mockletta.wire.base import Wire
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/faults")


class FaultText(RootModel[dict[str, JsonValue]]):
    """A planned fault as in a script or in Python."""


class FaultList(Wire):
    """The planned faults in order: each as it was written, with the number of requests it `matched`
    and the number it affected (`fired`).
    """

    faults: list[dict[str, Any]]


@routes.get("", "control.faults.list")
def list_faults(world: World) -> FaultList:
    """List the planned faults, and how many requests each matched and affected."""
    return FaultList(faults=[planned.described() for planned in world.faults])


@routes.post("", "control.faults.create")
def plan_fault(world: World, body: FaultText) -> dict[str, Any]:
    """Plan a fault: the operation it is `on`, what goes wrong, and how often."""
    try:
        return world.faults.add(body.root).described()
    except BadFault as error:
        raise Unprocessable(f"fault: {error}") from error


@routes.delete("", "control.faults.delete")
def clear_faults(world: World) -> FaultList:
    """Remove all planned faults."""
    world.faults.clear()
    return list_faults(world)
