"""What /openapi.json says."""

import json
from typing import Any

import httpx

from mockletta.testing.mock_letta import MockLetta


def description() -> dict[str, Any]:
    """The description of a server, as a client reads it."""
    with MockLetta(port=None) as mock, httpx.Client(transport=mock.transport(), timeout=60) as http:
        answer = http.get(f"{mock.base_url}/openapi.json")
        described: dict[str, Any] = json.loads(answer.text)
        return described
