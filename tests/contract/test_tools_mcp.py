"""MCP servers at the older routes, which the SDK no longer has."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from mockletta.testing.mock_letta import MockLetta

STDIO = {"server_name": "weather", "type": "stdio", "command": "weather", "args": []}
HTTP = {"server_name": "mail", "type": "streamable_http", "server_url": "https://example.com/mcp"}
PLAIN = {"auth_header": None, "auth_token": None, "custom_headers": None}
FORECAST: dict[str, Any] = {
    "name": "forecast",
    "description": "Tell the weather.",
    "parameters": {"properties": {"city": {"type": "string"}}, "required": ["city"]},
    "returns": "Rain.",
}


@pytest.fixture
def http(mock: MockLetta) -> Iterator[httpx.Client]:
    mock.mcp_server("weather", [FORECAST])
    with httpx.Client(base_url=f"{mock.base_url}/v1/tools/mcp", trust_env=False) as client:
        yield client


def add(http: httpx.Client, body: Mapping[str, object] = STDIO) -> httpx.Response:
    return http.put("/servers", json=body)


def test_servers_are_told_by_name(http: httpx.Client) -> None:
    assert add(http).json() == [{**STDIO, "env": None}]
    assert add(http, HTTP).json() == [{**STDIO, "env": None}, {**HTTP, **PLAIN}]
    assert http.get("/servers").json() == {
        "weather": {**STDIO, "env": None},
        "mail": {**HTTP, **PLAIN},
    }


def test_a_server_is_told_by_what_is_said_of_it(http: httpx.Client) -> None:
    (made,) = add(http, {"server_name": "a", "server_url": "https://example.com"}).json()
    assert made["type"] == "streamable_http"
    assert add(http, {**HTTP, "server_name": "b", "type": "sse"}).json()[1]["type"] == "sse"
    assert add(http, {"server_name": "c"}).status_code == 422
    assert add(http, {"server_name": "d", "server_url": "http://10.0.0.1"}).status_code == 422


def test_a_server_is_changed_and_deleted(http: httpx.Client) -> None:
    add(http)

    changed = http.patch(
        "/servers/weather", json={"server_name": "rain", "stdio_config": STDIO}
    ).json()
    same = http.patch("/servers/rain", json={}).json()

    assert changed == same == {**STDIO, "env": None, "server_name": "rain"}
    assert http.delete("/servers/rain").json() == []
    assert http.delete("/servers/rain").json() == {"detail": "MCP server with name rain not found"}


def test_tools_are_listed_as_mcp_does(http: httpx.Client) -> None:
    add(http)

    (tool,) = http.get("/servers/weather/tools").json()

    rest = {"title": None, "outputSchema": None, "annotations": None, "_meta": None, "health": None}
    assert tool == {
        "name": "forecast",
        "description": "Tell the weather.",
        "inputSchema": FORECAST["parameters"],
        **rest,
    }
    assert http.post("/servers/test", json=STDIO).json() == {"status": "success", "tools": [tool]}
    assert http.post("/servers/test", json=HTTP).json() == {"status": "success", "tools": []}


def test_a_tool_is_added_and_run_by_its_name(http: httpx.Client) -> None:
    add(http)

    tool = http.post("/servers/weather/forecast").json()
    done = http.post(
        "/servers/weather/tools/forecast/execute", json={"args": {"city": "Rome"}}
    ).json()

    assert (tool["name"], tool["tags"]) == ("forecast", ["mcp:weather"])
    assert done == {"result": "Rain.", "success": True}
    assert http.post("/servers/weather/tools/forecast/execute", json={}).json()["success"] is False
    assert http.post("/servers/weather/nothing").status_code == 404


def test_a_server_is_brought_up_to_date(mock: MockLetta, http: httpx.Client) -> None:
    add(http)
    mock.mcp_server("weather", [{"name": "new"}])

    changes = http.post("/servers/weather/resync").json()

    assert changes == {"deleted": ["forecast"], "updated": [], "added": ["new"]}
