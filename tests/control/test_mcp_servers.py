"""MCP servers that a test author declares over HTTP."""

from typing import Any

from tests.control.asking import Control

FORECAST: dict[str, Any] = {
    "name": "forecast",
    "description": "Tell the weather.",
    "parameters": {"properties": {"city": {"type": "string"}}},
    "returns": {"rain": True},
    "error": None,
}
WEATHER: dict[str, Any] = {
    "name": "weather",
    "url": None,
    "command": "weather",
    "tools": [FORECAST],
}
NEWER: dict[str, Any] = {**WEATHER, "tools": []}
OTHER: dict[str, Any] = {
    "name": "other",
    "url": "https://example.com",
    "command": None,
    "tools": [],
}


def test_servers_are_declared_and_listed() -> None:
    control = Control()

    assert control.ask("PUT", "/mcp-servers", WEATHER) == (200, WEATHER)
    assert control.ask("PUT", "/mcp-servers", OTHER) == (200, OTHER)
    assert control.get("/mcp-servers") == {"mcp_servers": [WEATHER, OTHER]}


def test_a_server_is_declared_anew() -> None:
    control = Control()
    control.ask("PUT", "/mcp-servers", WEATHER)

    control.ask("PUT", "/mcp-servers", NEWER)

    assert control.get("/mcp-servers") == {"mcp_servers": [NEWER]}


def test_servers_are_forgotten_by_name_or_all() -> None:
    control = Control()
    for server in (WEATHER, OTHER):
        control.ask("PUT", "/mcp-servers", server)

    assert control.ask("DELETE", "/mcp-servers?name=none")[0] == 404
    one = control.ask("DELETE", "/mcp-servers?name=weather")
    assert one == (200, {"mcp_servers": [OTHER]})
    assert control.ask("DELETE", "/mcp-servers") == (200, {"mcp_servers": []})


def test_what_is_no_server_is_refused() -> None:
    wrongs: list[dict[str, Any]] = [{}, {"name": ""}, {"name": "/(/"}, {**WEATHER, "tool": []}]
    for wrong in (*wrongs, {**WEATHER, "tools": [{}]}):
        assert Control().ask("PUT", "/mcp-servers", wrong)[0] == 422
