"""What /openapi.json says, and the names of all that it should describe."""

import json
from functools import cache
from typing import Any

import httpx

from mockletta.hosting.application import create_router
from mockletta.testing.mock_letta import MockLetta

NAMES = sorted(name for name in create_router().endpoints if not name.startswith("pages."))


@cache
def description() -> dict[str, Any]:
    """The description of a server, as a client reads it."""
    with MockLetta(port=None) as mock, httpx.Client(transport=mock.transport(), timeout=60) as http:
        answer = http.get(f"{mock.base_url}/openapi.json")
        described: dict[str, Any] = json.loads(answer.text)
        return described
