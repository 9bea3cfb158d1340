"""Finds the endpoint of a request in a tree of path segments.

The time of a look-up does not depend on the number of routes. A literal segment wins over a
parameter, whatever the order of registration. A path that exists with the other ending is answered
with a redirect, a method that a path does not have with the first method of the path [41].
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from starlette.types import Scope

from mockletta.errors import MethodNotAllowed, NotFound

if TYPE_CHECKING:
    from mockletta.http.endpoints import Endpoint
Handler = Callable[..., object]
Registered = tuple[str, str, str, Handler]
Before = Callable[[Any], None]
"""A function that is called with a request before its arguments are parsed. An error that it raises
is the answer."""
Load = Callable[[], "Iterable[Routes]"]
H = TypeVar("H", bound=Handler)
MOST_MATCHES = 1_024
LONGEST_PATH = 256
"""The length of the longest path whose match is cached."""
_NONE: Mapping[str, Load] = MappingProxyType({})
ANY = "{}"
"""A segment of a prefix that stands for a parameter."""


class Routes:
    """The routes of one namespace: paths below a prefix.

    `before` is called with each request before its arguments are parsed.
    """

    def __init__(self, prefix: str, before: Before | None = None) -> None:
        self.prefix = prefix
        self.before = before
        self.routes: list[Registered] = []

    def where(self, keep: Callable[[str], bool]) -> "Routes":
        """Return the routes whose path meets a condition."""
        kept = Routes(self.prefix, self.before)
        kept.routes = [route for route in self.routes if keep(route[1])]
        return kept

    def _on(self, method: str, path: str, operation: str) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self.add(method, path, operation, handler)
            return handler

        return register

    def add(self, method: str, path: str, operation: str, handler: Handler) -> None:
        """Add a route below the prefix."""
        self.routes.append((method, self.prefix + path, operation, handler))

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


def begins_with(path: str, prefix: str) -> bool:
    """Return whether a path begins with all segments of a prefix. `{}` stands for any segment."""
    if not path.startswith(prefix.partition(ANY)[0]):
        return False
    segments = prefix.split("/")
    begun = path.split("/")[: len(segments)]
    return len(begun) == len(segments) and all(
        one in {ANY, segment} for one, segment in zip(segments, begun, strict=True)
    )


def joined(*parts: Routes) -> Routes:
    """Join the routes of several namespaces."""
    routes = Routes("")
    routes.routes = [route for part in parts for route in part.routes]
    return routes


@dataclass(slots=True)
class Route:
    """One operation at its place in the tree. `names` are the names of the path's parameters. Its
    endpoint is created with the first request."""

    operation: str
    handler: Handler
    names: tuple[str, ...]
    before: Before | None = None
    _endpoint: "Endpoint | None" = None

    @property
    def endpoint(self) -> "Endpoint":
        if self._endpoint is None:
            from mockletta.http.endpoints import Endpoint  # noqa: PLC0415 - it loads pydantic

            self._endpoint = Endpoint(self.operation, self.handler, self.names, self.before)
        return self._endpoint


@dataclass(slots=True)
class Node:
    """A segment of a path: the literal segments that can follow it, and the parameter."""

    children: dict[str, "Node"] = field(default_factory=dict)
    parameter: "Node | None" = None
    methods: dict[str, Route] = field(default_factory=dict)

    def merged(self, other: "Node") -> "Node":
        """Return a node with the routes of both. Neither of them changes."""
        children = self.children | other.children
        for segment in self.children.keys() & other.children.keys():
            children[segment] = self.children[segment].merged(other.children[segment])
        parameter = self.parameter or other.parameter
        if self.parameter and other.parameter:
            parameter = self.parameter.merged(other.parameter)
        return Node(children, parameter, self.methods | other.methods)


class Match(NamedTuple):
    endpoint: "Endpoint"
    params: Mapping[str, str]


class Router:
    """All routes. `match` finds an endpoint; `allowed` and `other_ending` explain why it finds
    none.

    Routes below a prefix in `lazily` are loaded with the first request to a path that begins with
    it. A route belongs to the longest such prefix.
    """

    def __init__(
        self, namespaces: Iterable[Routes] = (), lazily: Mapping[str, Load] = _NONE
    ) -> None:
        self._root = Node()
        self._lazily = lazily
        self._loaded: dict[str, list[Routes]] = {"": []}
        self._loading = threading.Lock()
        self._matches: dict[tuple[str, str], Match] = {}
        for prefix in lazily:  # a path below it finds no parameter in place of a literal
            _node_at(self._root, prefix)
        for namespace in namespaces:
            self.include(namespace)

    def include(self, namespace: Routes) -> None:
        """Add the routes of a namespace."""
        self._loaded[""].append(namespace)
        _add(self._root, namespace)
        self._matches.clear()

    @property
    def routes(self) -> list[Registered]:
        """The method, path, name and handler of every operation. This loads all of them."""
        for prefix in self._lazily:
            self.load(prefix)
        parts = [*(self._loaded[prefix] for prefix in self._lazily), self._loaded[""]]
        return [route for part in parts for namespace in part for route in namespace.routes]

    @property
    def endpoints(self) -> dict[str, tuple[str, str]]:
        """The method and the path of every operation."""
        return {operation: (method, path) for method, path, operation, _ in self.routes}

    def operations(self, like: str = "") -> Iterator[str]:
        """Return the names of all operations, those of the namespace that `like` names first. A
        namespace is loaded when its names are requested."""
        first = f"/v1/{like.partition('.')[0].replace('_', '-')}"
        prefixes = sorted(self._loaded.keys() | self._lazily.keys())
        for prefix in sorted(prefixes, key=lambda one: not begins_with(one, first)):
            self.load(prefix)
            for namespace in self._loaded[prefix]:
                yield from (operation for _, _, operation, _ in namespace.routes)

    def match(self, method: str, path: str) -> Match | None:
        """Return the match of a request. Clients repeat their paths, so the newest are cached."""
        match = self._matches.get((method, path))
        if match is None:
            match = self._match_quickly(method, path) or self._match_thoroughly(method, path)
            if match is not None and len(path) <= LONGEST_PATH:
                if len(self._matches) >= MOST_MATCHES:
                    self._matches.clear()
                self._matches[method, path] = match
        return match

    def _match_quickly(self, method: str, path: str) -> Match | None:
        """Match without backtracking, in the loaded routes."""
        node, values = self._root, []
        for segment in path.split("/")[1:]:
            child = node.children.get(segment)
            if child is None:
                child = node.parameter
                if child is None or not segment:
                    return None
                values.append(segment)
            node = child
        route = node.methods.get(method)
        if route is None:
            return None
        return Match(route.endpoint, dict(zip(route.names, values, strict=True)))

    def _match_thoroughly(self, method: str, path: str) -> Match | None:
        """Match with backtracking, after loading the routes below the path's prefixes."""
        for prefix in self._lazily:
            if begins_with(path, prefix):
                self.load(prefix)
        found = _find(self._root, path.split("/"), 1, (), method)
        if found is None:
            return None
        route = found[0].methods[method]
        return Match(route.endpoint, dict(zip(route.names, found[1], strict=True)))

    def allowed(self, path: str) -> str | None:
        """Return the first method of a path, None for an unknown path."""
        found = _find(self._root, path.split("/"), 1, (), None)
        return next(iter(found[0].methods)) if found else None

    def other_ending(self, path: str) -> str | None:
        """Return the path with or without a final slash, whichever exists, else None."""
        if not path.startswith("/"):  # `OPTIONS *` is about no path
            return None
        other = path[:-1] if path.endswith("/") else path + "/"
        return other if self.allowed(other) else None

    def alternative(self, path: str) -> str:
        """Return the path to which an unmatched request is redirected. Raises MethodNotAllowed if
        the path has other methods, and NotFound if the path is unknown."""
        allow = self.allowed(path)
        if allow is not None:
            raise MethodNotAllowed(allow)
        other = self.other_ending(path)
        if other is None:
            raise NotFound("Not Found")
        return other

    def load(self, prefix: str) -> None:
        """Load the routes below a prefix. Other threads see all of them or none."""
        if prefix not in self._lazily or prefix in self._loaded:
            return
        with self._loading:
            if prefix not in self._loaded:  # another thread may have been faster
                namespaces = list(self._lazily[prefix]())
                self._attach(namespaces)
                self._loaded[prefix] = namespaces

    def _attach(self, namespaces: Iterable[Routes]) -> None:
        added = Node()
        for namespace in namespaces:
            _add(added, namespace)
        self._root = self._root.merged(added)
        self._matches.clear()


def _add(root: Node, namespace: Routes) -> None:
    for method, path, operation, handler in namespace.routes:
        names = tuple(one[1:-1] for one in path.split("/") if one.startswith("{"))
        route = Route(operation, handler, names, namespace.before)
        _node_at(root, path).methods[method] = route


def _node_at(node: Node, path: str) -> Node:
    """Return the node of a path below another one. Create it if it does not exist."""
    for segment in path.split("/")[1:]:
        if segment.startswith("{"):
            node.parameter = node.parameter or Node()
            node = node.parameter
        else:
            node = node.children.setdefault(segment, Node())
    return node


def _find(
    node: Node, segments: list[str], depth: int, values: tuple[str, ...], method: str | None
) -> tuple[Node, tuple[str, ...]] | None:
    """Find the node of a path that has a method, or any node, and the values of its parameters."""
    if depth == len(segments):
        known = node.methods if method is None else method in node.methods
        return (node, values) if known else None
    segment = segments[depth]
    literal = node.children.get(segment)
    if literal is not None:
        found = _find(literal, segments, depth + 1, values, method)
        if found is not None:
            return found
    if node.parameter is None or not segment:
        return None
    return _find(node.parameter, segments, depth + 1, (*values, segment), method)


NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Request:
    """A request whose body has arrived. A subclass sets these attributes, and one for everything
    else that handlers may name as a parameter.

    `params` are those of the path. `project` is used where the query or the body leaves it out.
    URLs in the body may name `hosts` that are not on the public internet.
    """

    __slots__ = ("body", "content_type", "method", "params", "project", "query_string", "scope")

    scope: Scope
    method: str
    params: Mapping[str, str]
    query_string: bytes
    body: bytes
    content_type: str | None
    project: str | None

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset()
