"""A request as a handler's arguments are made from it."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.types import Scope

NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Request:
    """A request whose body has come.

    A subclass has an attribute for everything else that handlers may name as a parameter.
    `project` stands in for what the query or the body leaves out of it.
    """

    __slots__ = ("body", "content_type", "params", "project", "scope")

    def __init__(
        self, scope: Scope, *, content_type: str | None = None, project: str | None = None
    ) -> None:
        self.scope = scope
        self.params = NO_PARAMS
        self.body = b""
        self.content_type = content_type
        self.project = project

    @property
    def method(self) -> str:
        method: str = self.scope["method"]
        return method

    @property
    def query_string(self) -> bytes:
        query: bytes = self.scope["query_string"]
        return query
