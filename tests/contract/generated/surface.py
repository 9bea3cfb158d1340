"""What the SDK can be asked for: its methods, and the parameters of each with their types."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_overloads, get_type_hints

from letta_client import AsyncLetta, Letta
from letta_client._resource import AsyncAPIResource, SyncAPIResource

Method = Callable[..., Any]
OF_THE_CLIENT = {"extra_headers", "extra_query", "extra_body", "timeout"}
"""What any method takes: how to ask, not what."""


class Signature(NamedTuple):
    """One way a method can be called: its parameters' types, and which of them it insists on."""

    parameters: dict[str, Any]
    required: frozenset[str]


def methods_of(client: Letta | AsyncLetta) -> dict[str, Method]:
    """A client's methods by operation, as `agents.blocks.list`."""
    return {"health": client.health, **dict(_methods(client, ""))}


def signatures_of(method: Method) -> list[Signature]:
    """How a method can be called: once for each overload."""
    function = getattr(method, "__func__", method)
    return [_signature(one) for one in get_overloads(function) or [function]]


def _methods(resource: object, path: str) -> Iterator[tuple[str, Method]]:
    for name in dir(resource):
        if name.startswith(("_", "with_")):
            continue
        value = getattr(resource, name)
        if isinstance(value, SyncAPIResource | AsyncAPIResource):
            yield from _methods(value, f"{path}{name}.")
        elif path and inspect.ismethod(value):
            yield path + name, value


def _signature(function: Method) -> Signature:
    hints = get_type_hints(function)
    named = {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in OF_THE_CLIENT | {"self"}
    }
    return Signature(
        {name: hints[name] for name in named},
        frozenset(name for name, one in named.items() if one.default is inspect.Parameter.empty),
    )
