"""The index of the control API, generated from its routes."""

from collections.abc import Iterable, Iterator
from inspect import getdoc

from mockletta._version import __version__
from mockletta.control import agent_views as agents
from mockletta.control import (
    clock,
    console,
    faults,
    journal,
    mcp_servers,
    script,
    server_metrics,
    snapshots,
    worlds,
)
from mockletta.control import event_stream as events
from mockletta.control import world_pace as pace
from mockletta.control.control_dispatch import PREFIX
from mockletta.http.routing import Routes
from mockletta.wire.base import Wire

NAMESPACES = (
    snapshots,
    worlds,
    script,
    mcp_servers,
    faults,
    journal,
    server_metrics,
    events,
    clock,
    pace,
    agents,
    console,
)


class ControlOperation(Wire):
    """One operation of the control API."""

    name: str
    method: str
    path: str
    summary: str


class ControlIndex(Wire):
    """The server's version, and the operations of its control API."""

    version: str
    operations: list[ControlOperation]


index = Routes(PREFIX)


@index.get("/", "control.index")
def read_index() -> ControlIndex:
    """List the operations of the control API."""
    return ControlIndex(version=__version__, operations=list(operations()))


def all_routes() -> Iterable[Routes]:
    """Return the routes of the control API."""
    return (index, *(namespace.routes for namespace in NAMESPACES))


def operations() -> Iterator[ControlOperation]:
    """Return the operations in the order of the documentation."""
    for routes in all_routes():
        for method, path, name, handler in routes.routes:
            summary = (getdoc(handler) or "").partition("\n")[0]
            yield ControlOperation(name=name, method=method, path=path, summary=summary)
