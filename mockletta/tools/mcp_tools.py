"""Tools of MCP servers: their schemas and their runs.

A test author declares what a tool returns, else a stand-in answers. Arguments are checked as by the
recorded server, which used FastMCP: its errors are those of pydantic [66 tool run *, 69 tool run
bad args].
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field, ValidationError, create_model

from mockletta.documents.json_types import Json
from mockletta.script.text_patterns import TooSlow, is_named
from mockletta.state.declared_mcp_tools import McpOffer, OfferedTool
from mockletta.tools.custom_tools import NOTE, message_of, sendable
from mockletta.tools.returns import ToolOutcome
from mockletta.wire.mcp_servers import McpServer, StdioConfig
from mockletta.wire.tools import Tool
from mockletta.world.world import World

HEARTBEAT = "request_heartbeat"
"""A parameter that the server adds to every MCP tool and removes from calls."""
KINDS: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
}
_VERSION = re.compile(r"errors\.pydantic\.dev/[\d.]+/")
_RECORDED_VERSION = "errors.pydantic.dev/2.11/"
Shape = tuple[str, tuple[tuple[str, str, bool], ...]]


def offer_of(world: World, server: McpServer) -> McpOffer | None:
    """Find the declared offer of a server: by its name, by a pattern of it, by URL or command."""
    config = server.config
    named = world.store.mcp_offers.find(server.server_name)
    if named is None:
        meant = [one for one in world.store.mcp_offers if _is_meant(one, server.server_name)]
        named = meant[-1] if meant else None
    if named is not None:
        return named
    if isinstance(config, StdioConfig):
        line = " ".join((config.command, *config.args))
        places = [one for one in world.store.mcp_offers if one.command == config.command]
        places += [one for one in world.store.mcp_offers if one.command == line]
    else:
        places = [one for one in world.store.mcp_offers if one.url == config.server_url]
    return places[-1] if places else None


def _is_meant(offer: McpOffer, name: str) -> bool:
    """Return whether an offer is declared for servers of a name, by a /regular expression/."""
    try:
        return is_named((offer.id,), name)
    except (ValueError, TooSlow):
        return False


def run_mcp_tool(world: World, tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome:
    """Answer a call with the test author's function, the declared return, or a stand-in."""
    given = {name: value for name, value in arguments.items() if name != HEARTBEAT}
    parameters = own_parameters((tool.json_schema or {}).get("parameters"))
    try:
        checked = _arguments(_shape(tool.name, parameters)).model_validate(given)
    except ValidationError as error:
        return failed(tool.name, _VERSION.sub(_RECORDED_VERSION, str(error)))
    function = world.functions.find(tool.name)
    if function is not None:
        taken = checked.model_dump(by_alias=True, exclude_unset=True)
        try:
            return ToolOutcome(_text(function(**taken)))
        except Exception as error:  # noqa: BLE001 - the model is shown it, as on the server
            return failed(tool.name, message_of(error))
    offered = _offered(world, tool)
    if offered is not None and offered.error is not None:
        return failed(tool.name, offered.error)
    if offered is None or offered.returns is None:
        return ToolOutcome(NOTE.format(name=tool.name))
    return ToolOutcome(_text(offered.returns))


def own_parameters(parameters: object) -> dict[str, Any]:
    """Return the parameters that the MCP server declared, without `request_heartbeat`."""
    if not isinstance(parameters, Mapping):
        return {}
    properties, required = parameters.get("properties"), parameters.get("required")
    own = {**parameters}
    if isinstance(properties, Mapping):
        own["properties"] = {k: v for k, v in properties.items() if k != HEARTBEAT}
    if isinstance(required, list):
        own["required"] = [one for one in required if one != HEARTBEAT]
    return own


def _offered(world: World, tool: Tool) -> OfferedTool | None:
    for server_id in reversed(world.store.server_tools.lefts(tool.id)):
        offer = offer_of(world, world.store.mcp_servers.get(server_id))
        for offered in offer.tools if offer else ():
            if offered.name == tool.name:
                return offered
    return None


def _text(value: object) -> str:
    is_text = isinstance(value, str)
    return sendable(
        str(value) if is_text else json.dumps(value, indent=2, default=str, ensure_ascii=False)
    )


def failed(name: str, why: str) -> ToolOutcome:
    return ToolOutcome(sendable(f"Error executing tool {name}: {why}"), "error")


def _shape(name: str, parameters: Mapping[str, Any]) -> Shape:
    properties, required = parameters.get("properties"), parameters.get("required")
    title = parameters.get("title")
    fields = properties.items() if isinstance(properties, Mapping) else ()
    needed = required if isinstance(required, list) else ()
    return (
        title if isinstance(title, str) and title else f"{name}Arguments",
        tuple((field, _kind(schema), field in needed) for field, schema in fields),
    )


def _kind(schema: object) -> str:
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    return kind if isinstance(kind, str) else ""


@lru_cache(256)
def _arguments(shape: Shape) -> type[BaseModel]:
    """Create a model that checks arguments. Its own field names are numbers; aliases may be any."""
    title, parameters = shape
    fields: dict[str, Any] = {
        f"field{number}": (KINDS.get(kind, Any), Field(... if required else None, alias=name))
        for number, (name, kind, required) in enumerate(parameters)
    }
    return create_model(title, **fields)


Status = Literal["STRICT_COMPLIANT", "NON_STRICT_ONLY", "INVALID"]
UNIONS = ("anyOf", "oneOf", "allOf")
TYPELESS = ("enum", "const", "$ref", *UNIONS)
"""Keywords that make a type unnecessary."""
DEEPEST = 50


class SchemaVerdict(NamedTuple):
    """How usable a schema is, and its problems."""

    status: Status
    warnings: list[str]


class SchemaFault(NamedTuple):
    """A problem of a schema; `is_fatal` makes it invalid."""

    text: str
    is_fatal: bool


def normalised(schema: object, depth: int = 0) -> Json:
    """Return a schema in which each object says whether it is open."""
    if isinstance(schema, list):
        return [normalised(one, depth + 1) for one in schema]
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return schema
    changed: dict[str, Any] = {**schema}
    if "type" not in schema and "properties" in schema:
        changed["type"] = "object"
    if changed.get("type") == "object":
        changed.setdefault("additionalProperties", False)
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        changed["properties"] = {
            name: normalised(one, depth + 1) for name, one in properties.items()
        }
    for key in ("items", *UNIONS):
        if key in schema:
            changed[key] = normalised(schema[key], depth + 1)
    return changed


def verdict(schema: object) -> SchemaVerdict:
    """Judge a normalised schema of a tool's parameters."""
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return SchemaVerdict("INVALID", ["root: type must be 'object'"])
    faults = list(_faults(schema, "root"))
    warnings = [fault.text for fault in faults]
    if any(fault.is_fatal for fault in faults):
        return SchemaVerdict("INVALID", warnings)
    return SchemaVerdict("NON_STRICT_ONLY" if faults else "STRICT_COMPLIANT", warnings)


def _faults(node: object, path: str, depth: int = 0) -> Iterator[SchemaFault]:
    if not isinstance(node, Mapping):
        yield SchemaFault(f"{path}: not a valid schema object", is_fatal=True)
        return
    if depth > DEEPEST:
        yield SchemaFault(f"{path}: nested too deeply", is_fatal=True)
        return
    kind = node.get("type") or ("array" if "items" in node else None)
    if kind is None and not any(key in node for key in TYPELESS):
        yield SchemaFault(f"{path}: Missing 'type'", is_fatal=True)
    elif kind == "object":
        yield from _object_faults(node, path, depth)
    elif kind == "array":
        yield from _array_faults(node, path, depth)
    for key in UNIONS:
        parts = node.get(key)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            yield from _faults(part, f"{path}.{key}[{number}]", depth + 1)


def _object_faults(node: Mapping[str, Any], path: str, depth: int) -> Iterator[SchemaFault]:
    properties, required = node.get("properties", {}), node.get("required", [])
    if not isinstance(properties, Mapping):
        yield SchemaFault(f"{path}: 'properties' must be a dict for objects", is_fatal=True)
        return
    if node.get("additionalProperties", False) is not False:
        text = f"{path}: 'additionalProperties' is not false (free-form object)"
        yield SchemaFault(text, is_fatal=False)
    if not isinstance(required, list):
        yield SchemaFault(f"{path}: 'required' must be a list if present", is_fatal=True)
        required = []
    for name in required:
        if name not in properties:
            text = f"{path}: required contains '{name}' not found in properties"
            yield SchemaFault(text, is_fatal=True)
    for name, schema in properties.items():
        yield from _faults(schema, f"{path}.properties.{name}", depth + 1)


def _array_faults(node: Mapping[str, Any], path: str, depth: int) -> Iterator[SchemaFault]:
    if node.get("items") is None:
        yield SchemaFault(
            f"{path}: 'items' must be defined for arrays in strict mode", is_fatal=True
        )
    elif not isinstance(node["items"], Mapping):
        yield SchemaFault(f"{path}: 'items' must be a schema object, not a list", is_fatal=True)
    else:
        yield from _faults(node["items"], f"{path}.items", depth + 1)
