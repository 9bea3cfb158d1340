"""The planned faults of a world."""

from inspect import getdoc
from typing import Annotated, Any

from pydantic import Field, JsonValue, RootModel

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import NotFound, Unprocessable
from mockletta.faults.fault import PLANNING
from mockletta.faults.parsing import BadFault, kind, kind_names
from mockletta.http.routing import Routes
from mockletta.wire.base import Wire
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/faults")


class FaultText(RootModel[dict[str, JsonValue]]):
    """A planned fault as in a script or in Python."""


class FaultList(Wire):
    """The planned faults in order: the `number` of each, its keys, the number of requests it
    `matched` and the number it affected (`fired`).
    """

    faults: list[dict[str, Any]]


class FaultKind(Wire):
    """A kind of fault: the key that names it, what it does, and the JSON Schema of each key."""

    kind: str
    summary: str
    fields: dict[str, dict[str, Any]]


class FaultKinds(Wire):
    """All kinds of faults, and the operations that a fault can be planned for."""

    kinds: list[FaultKind]
    operations: list[str]


class WhichFault(Wire):
    """The number of one fault; without it, all faults."""

    number: Annotated[int, Field(ge=1)] | None = None


@routes.get("", "control.faults.list")
def list_faults(world: World) -> FaultList:
    """List the planned faults, and how many requests each matched and affected."""
    planned = enumerate(world.faults, 1)
    return FaultList(faults=[{**one.described(), "number": number} for number, one in planned])


@routes.get("/kinds", "control.faults.kinds")
def list_kinds(world: World) -> FaultKinds:
    """List the kinds of faults with their keys, and the operations that they can be planned for."""
    operations = world.faults.operations
    names = set() if operations is None else set(operations(""))
    return FaultKinds(kinds=list(map(_kind, kind_names())), operations=sorted(names))


def _kind(name: str) -> FaultKind:
    model = kind(name)
    schema = model.model_json_schema()
    fields = {key: value for key, value in schema["properties"].items() if key != "on"}
    summary = (getdoc(model) or "").partition("\n")[0]
    in_order = sorted(fields.items(), key=_own_first)
    return FaultKind(kind=name, summary=summary, fields=dict(in_order))


def _own_first(field: tuple[str, object]) -> bool:
    return field[0] in PLANNING


@routes.post("", "control.faults.create")
def plan_fault(world: World, body: FaultText) -> dict[str, Any]:
    """Plan a fault: the operation it is `on`, what goes wrong, and how often."""
    try:
        return world.faults.add(body.root).described()
    except BadFault as error:
        raise Unprocessable(f"fault: {error}") from error


@routes.delete("", "control.faults.delete")
def clear_faults(world: World, query: WhichFault) -> FaultList:
    """Remove the planned fault of one `number`, or all of them."""
    if query.number is None:
        world.faults.clear()
        return list_faults(world)
    try:
        world.faults.remove(query.number)
    except IndexError:
        raise NotFound(f"There is no planned fault {query.number}") from None
    return list_faults(world)
