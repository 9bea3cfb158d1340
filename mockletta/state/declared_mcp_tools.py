"""What MCP servers offer in a test: their tools and what these return.

No server is ever connected to or started. A test author declares here what would be found behind a
name, a URL or a command; a server that is configured through the API finds it there.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, Field, JsonValue, ValidationError, create_model
from pydantic.errors import PydanticUserError

from mockletta.errors import BadSettings
from mockletta.state.table import Table
from mockletta.state.tool_functions import ToolFunctions
from mockletta.wire.base import Wire

MOST = 1_000
Function = Callable[..., object]


class OfferedTool(Wire):
    """A tool of an MCP server. What it `returns` is a text, or JSON that is shown as text; an
    `error` is what it fails with instead."""

    name: str = Field(min_length=1)
    description: str | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    returns: JsonValue = None
    error: str | None = None


class McpOffer(Wire):
    """What is found at a server; `id` is the name it is declared by."""

    id: str = Field(min_length=1)
    url: str | None = None
    command: str | None = None
    tools: list[OfferedTool] = Field(default_factory=list, max_length=MOST)


def declare(offers: Table[McpOffer], made: McpOffer) -> McpOffer:
    """Have an offer found, instead of the one that was declared by its name."""
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
    """Declare an offer as it is spelled in Python: its tools are mappings, or functions, which are
    run for them. BadSettings for what cannot be one."""
    spelled = list(tools)
    try:
        read = [_tool_of(one) if callable(one) else one for one in spelled]
        made = McpOffer.model_validate({"id": name, "url": url, "command": command, "tools": read})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadSettings(f"mcp_server({name!r}): {place}: {first['msg']}") from error
    for one in filter(callable, spelled):
        functions.add(getattr(one, "__name__", ""), one)
    declare(offers, made)


def _tool_of(function: Function) -> OfferedTool:
    """A tool that a function is run for: its schema is that of the function's parameters."""
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
        raise TypeError(f"{parameter} can be anything")
    kind = Any if parameter.annotation is parameter.empty else parameter.annotation
    return parameter.name, (
        kind,
        ... if parameter.default is parameter.empty else parameter.default,
    )
