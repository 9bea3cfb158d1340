"""Schemas of MCP tools, normalised and judged, and the tools that are declared for a server."""

from typing import Any

import pytest

from mockletta.state.declared_mcp_tools import McpOffer, declare
from mockletta.tools.mcp_tools import normalised, offer_of, verdict
from mockletta.wire.mcp_servers import McpServer, StdioConfig
from mockletta.world.world import World

OPEN = "root: 'additionalProperties' is not false (free-form object)"


def schema_of(field: object, **more: object) -> dict[str, Any]:
    """A schema with one property."""
    return {"type": "object", "properties": {"a": field}, "required": ["a"], **more}


def judged(schema: object) -> tuple[str, list[str]]:
    return verdict(normalised(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"properties": {"a": {"type": "string"}}},
        {**schema_of({"type": "integer"}), "required": []},
        schema_of({"type": ["string", "null"]}),
        schema_of({"enum": ["x"]}),
        schema_of({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        schema_of({"type": "array", "items": {"type": "string"}}),
        schema_of({"properties": {"b": {"type": "string"}}}),
    ],
)
def test_a_closed_schema_is_strict(schema: dict[str, Any]) -> None:
    assert judged(schema) == ("STRICT_COMPLIANT", [])


@pytest.mark.parametrize("more", [True, {}, {"type": "string"}])
def test_an_open_object_is_not_strict(more: object) -> None:
    schema = schema_of({"type": "string"}, additionalProperties=more)
    nested = schema_of({"type": "object", "additionalProperties": more})

    assert judged(schema) == ("NON_STRICT_ONLY", [OPEN])
    assert judged(nested) == ("NON_STRICT_ONLY", [OPEN.replace("root", "root.properties.a")])


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"type": "string"}, "root: type must be 'object'"),
        ([], "root: type must be 'object'"),
        (schema_of({"type": "array"}), "root.properties.a: 'items' must be defined"),
        (schema_of({"items": [{}]}), "root.properties.a: 'items' must be a schema object"),
        (schema_of({"description": "d"}), "root.properties.a: Missing 'type'"),
        (schema_of({"anyOf": [{}]}), "root.properties.a.anyOf[0]: Missing 'type'"),
        (schema_of("string"), "root.properties.a: not a valid schema object"),
        ({**schema_of({"type": "string"}), "required": "a"}, "root: 'required' must be a list"),
        ({**schema_of({"type": "string"}), "required": ["b"]}, "root: required contains 'b'"),
        ({"type": "object", "properties": []}, "root: 'properties' must be a dict"),
    ],
)
def test_a_schema_that_no_model_takes_is_invalid(schema: object, why: str) -> None:
    status, warnings = judged(schema)

    assert (status, len(warnings)) == ("INVALID", 1)
    assert warnings[0].startswith(why)


def test_a_schema_that_is_nested_too_deeply_is_invalid() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(60):
        schema = schema_of(schema)

    assert judged(schema)[0] == "INVALID"


def test_every_object_is_closed_unless_it_says_otherwise() -> None:
    schema = schema_of({"type": "array", "items": {"type": "object"}}, oneOf=[{"type": "object"}])

    closed = normalised(schema)

    assert closed["additionalProperties"] is False
    assert closed["properties"]["a"]["items"] == {"type": "object", "additionalProperties": False}
    assert closed["oneOf"] == [{"type": "object", "additionalProperties": False}]


def test_a_command_has_other_tools_with_other_arguments() -> None:
    world = World()
    for name, command in (("now", "weather --now"), ("any", "weather")):
        declare(world.store.mcp_offers, McpOffer(id=name, command=command))

    configs = [StdioConfig(command="weather", args=args) for args in (["--now"], ["--later"], [])]
    servers = [McpServer(id="", server_name="", config=config) for config in configs]
    offers = [offer_of(world, server) for server in servers]
    assert [offer and offer.id for offer in offers] == ["now", "any", "any"]
