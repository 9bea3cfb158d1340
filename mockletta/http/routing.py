"""Which endpoint a request is for: a tree of path segments.

A look-up costs the same whatever the number of routes, and a literal segment wins over a parameter
whatever the order of registration. A path that is known with the other kind of ending is answered
with a redirect, a method that a path does not know with the method the path was first given [41].
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from mockletta.http.endpoints import Endpoint, Gate, Handler

PARAMETER = "{}"
H = TypeVar("H", bound=Handler)


class Routes:
    """The routes of one namespace, in a file of its own: paths below a prefix.

    A `gate` is asked before anything else of a request is looked at; what it raises is the answer.
    """

    def __init__(self, prefix: str, gate: Gate | None = None) -> None:
        self.prefix = prefix
        self.gate = gate
        self.routes: list[tuple[str, str, str, Handler]] = []

    def _on(self, method: str, path: str, operation: str) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self.routes.append((method, self.prefix + path, operation, handler))
            return handler

        return register

    def get(self, path: str, operation: str) -> Callable[[H], H]:
        return self._on("GET", path, operation)

    def post(self, path: str, operation: str) -> Callable[[H], H]:
        return self._on("POST", path, operation)

    def patch(self, path: str, operation: str) -> Callable[[H], H]:
        return self._on("PATCH", path, operation)

    def put(self, path: str, operation: str) -> Callable[[H], H]:
        return self._on("PUT", path, operation)

    def delete(self, path: str, operation: str) -> Callable[[H], H]:
        return self._on("DELETE", path, operation)


@dataclass(slots=True)
class Node:
    children: dict[str, "Node"] = field(default_factory=dict)
    methods: dict[str, tuple[Endpoint[Any], tuple[str, ...]]] = field(default_factory=dict)


class Match(NamedTuple):
    endpoint: Endpoint[Any]
    params: dict[str, str]


class Router:
    """All routes. `match` finds the endpoint, `allowed` and `other_ending` tell why it did not."""

    def __init__(self, namespaces: Iterable[Routes]) -> None:
        self._root = Node()
        self.endpoints: dict[str, tuple[str, str]] = {}
        for namespace in namespaces:
            self.include(namespace)

    def include(self, namespace: Routes) -> None:
        for method, path, operation, handler in namespace.routes:
            self._add(method, path, Endpoint(operation, handler, namespace.gate))
            self.endpoints[operation] = (method, path)

    def match(self, method: str, path: str) -> Match | None:
        found = _find(self._root, path.split("/"), 1, (), method)
        if found is None:
            return None
        node, values = found
        endpoint, names = node.methods[method]
        return Match(endpoint, dict(zip(names, values, strict=True)))

    def allowed(self, path: str) -> str | None:
        """The method a known path was first given, None for an unknown path."""
        found = _find(self._root, path.split("/"), 1, (), None)
        return next(iter(found[0].methods)) if found else None

    def other_ending(self, path: str) -> str | None:
        """The path without its final slash, or with one, if that is a known path."""
        other = path[:-1] if path.endswith("/") else path + "/"
        return other if self.allowed(other) else None

    def _add(self, method: str, path: str, endpoint: Endpoint[Any]) -> None:
        node, names = self._root, []
        for segment in path.split("/")[1:]:
            key = segment
            if segment.startswith("{"):
                key = PARAMETER
                names.append(segment[1:-1])
            node = node.children.setdefault(key, Node())
        node.methods[method] = (endpoint, tuple(names))


def _find(
    node: Node, segments: list[str], depth: int, values: tuple[str, ...], method: str | None
) -> tuple[Node, tuple[str, ...]] | None:
    """The node of a path that knows a method, or any; and the values of the path's parameters."""
    if depth == len(segments):
        known = node.methods if method is None else method in node.methods
        return (node, values) if known else None
    segment = segments[depth]
    literal = node.children.get(segment)
    if literal is not None and segment != PARAMETER:
        found = _find(literal, segments, depth + 1, values, method)
        if found is not None:
            return found
    parameter = node.children.get(PARAMETER)
    if parameter is None or not segment:
        return None
    return _find(parameter, segments, depth + 1, (*values, segment), method)
