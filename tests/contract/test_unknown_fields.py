"""Unknown fields of bodies are refused where the contract refuses them, and dropped elsewhere."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from mockletta.hosting.application import create_router
from mockletta.http.endpoints import Endpoint

REFUSING = {
    "agents.tools.run",
    "agents.tools.update_approval",
    "folders.create",
    "folders.update",
    "identities.create",
    "identities.properties.upsert",
    "identities.update",
    "identities.upsert",
    "mcp_servers.create",
    "mcp_servers.tools.run",
    "mcp_servers.update",
    "providers.create",
    "providers.update",
    "sources.create",
    "sources.update",
    "tools.create",
    "tools.mcp_servers.update",
    "tools.run",
    "tools.search",
    "tools.upsert",
}
"""The operations whose body has `additionalProperties: false` in the contract [70x]."""
BODIES = {
    name: model
    for _, _, name, handler in create_router().routes
    if (model := Endpoint(name, handler).body_model) is not None
}


def refuses(model: type[BaseModel]) -> bool:
    """Return whether a body refuses a field it does not know."""
    schema: dict[str, Any] = model.model_json_schema()
    if schema.get("type") == "array":
        schema = schema["$defs"][schema["items"]["$ref"].rpartition("/")[2]]
    return schema.get("additionalProperties") is False


@pytest.mark.parametrize("operation", sorted(BODIES))
def test_a_body_treats_unknown_fields_as_the_contract_says(operation: str) -> None:
    assert refuses(BODIES[operation]) is (operation in REFUSING)


def test_every_operation_that_refuses_unknown_fields_is_imitated() -> None:
    assert BODIES.keys() >= REFUSING, json.dumps(sorted(REFUSING - BODIES.keys()))
