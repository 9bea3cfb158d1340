"""A request as a handler's arguments are made from it."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.types import Scope

NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Request:
    """A request whose body has come.

    A subclass sets these attributes, and one for everything else that handlers may name as a
    parameter. `params` are those of the path. `project` stands in for what the query or the body
    leaves out of it.
    """

    __slots__ = ("body", "content_type", "method", "params", "project", "query_string", "scope")

    scope: Scope
    method: str
    params: Mapping[str, str]
    query_string: bytes
    body: bytes
    content_type: str | None
    project: str | None
