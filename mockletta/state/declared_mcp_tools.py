"""MCP servers that a test declares: their tools and the returns of the tools.

No MCP server is ever started or connected to. A test declares the tools of a name, a URL or a
command. A server that is configured through the API gets the tools that are declared for it.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field, JsonValue, ValidationError, create_model
from pydantic.errors import PydanticUserError

from mockletta.documents.hints import shown
from mockletta.errors import BadSettings
from mockletta.state.table import Table
from mockletta.state.tool_functions import ToolFunctions
from mockletta.wire.base import Wire

MOST = 1_000
Function = Callable[..., object]


class OfferedTool(Wire):
    """A tool of a declared MCP server. It `returns` text, or JSON that is shown as text. With
    `error` it fails with that text.
    """

    name: str = Field(min_length=1)
    description: str | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    returns: JsonValue = None
    error: str | None = None


class McpOffer(Wire):
    """A declared MCP server with its tools; `id` is its name."""

    id: str = Field(min_length=1)
    url: str | None = None
    command: str | None = None
    tools: list[OfferedTool] = Field(default_factory=list, max_length=MOST)


def declare(offers: Table[McpOffer], made: McpOffer) -> McpOffer:
    """Declare a server, or replace the one with this name."""
    if made.id in offers:
        return offers.replace(made)
    if len(offers) == MOST:
        raise BadSettings(f"mcp_server({made.id!r}): there are {MOST} servers declared already")
    return offers.add(made)


def offer(
    offers: Table[McpOffer],
    functions: ToolFunctions,
    name: str,
    tools: Iterable[object],
    url: str | None,
    command: str | None,
) -> None:
    """Declare a server from Python. Its tools are mappings or functions; functions are called.

    Raises BadSettings if a tool is neither.
    """
    spelled = list(tools)
    try:
        read = [_tool_of(one) if callable(one) else _mapping(one, name) for one in spelled]
        made = McpOffer.model_validate({"id": name, "url": url, "command": command, "tools": read})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadSettings(f"mcp_server({name!r}): {place}: {first['msg']}") from error
    for one in filter(callable, spelled):
        functions.add(getattr(one, "__name__", ""), one)
    declare(offers, made)


def _mapping(tool: object, server: str) -> object:
    if not isinstance(tool, Mapping | OfferedTool):
        wanted = "expected functions, or mappings such as {'name': 'add', 'returns': 5}"
        raise BadSettings(f"mcp_server({server!r}): {wanted}, received {shown(tool)}")
    return tool


def _tool_of(function: Function) -> OfferedTool:
    """Create a tool from a function. Its schema comes from the function's parameters."""
    name = getattr(function, "__name__", "")
    if not name.isidentifier():
        raise BadSettings(f"A tool of an MCP server needs a name: {function!r} has none")
    try:
        parameters = inspect.signature(function, eval_str=True).parameters.values()
        fields: dict[str, Any] = dict(map(_field, parameters))
        arguments: type[BaseModel] = create_model(f"{name}Arguments", **fields)
        schema = arguments.model_json_schema()
    except (NameError, TypeError, ValueError, PydanticUserError) as error:
        raise BadSettings(f"The parameters of {name}() have no JSON schema: {error}") from error
    return OfferedTool(name=name, description=inspect.getdoc(function), parameters=schema)


def _field(parameter: inspect.Parameter) -> tuple[str, tuple[Any, Any]]:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise TypeError(f"{parameter} accepts any argument")
    kind = Any if parameter.annotation is parameter.empty else parameter.annotation
    return parameter.name, (
        kind,
        ... if parameter.default is parameter.empty else parameter.default,
    )
