"""client.mcp_servers: servers that are never connected to, and their tools."""

from typing import Any

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import Tool

from mockletta.errors import USER_ID, BadSettings
from mockletta.state.declared_mcp_tools import McpOffer
from mockletta.testing.mock_letta import MockLetta
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked

STDIO: Any = {"mcp_server_type": "stdio", "command": "weather", "args": ["--now"]}
HTTP: Any = {"mcp_server_type": "streamable_http", "server_url": "https://mcp.example.com/mcp"}
SSE: Any = {"mcp_server_type": "sse", "server_url": "https://mcp.example.com/sse"}
HEADERS = ("auth_header", "auth_token", "custom_headers")
CITY = {"properties": {"city": {"type": "string"}}, "required": ["city"], "type": "object"}
FORECAST: dict[str, Any] = {
    "name": "forecast",
    "description": "Tell the weather.",
    "parameters": CITY,
    "returns": "Rain.",
}


def make(client: Letta, name: str = "weather", config: Any = STDIO) -> Any:  # noqa: ANN401
    return client.mcp_servers.create(server_name=name, config=config)


def tools_of(client: Letta, server: Any) -> dict[str, Tool]:  # noqa: ANN401
    listed = checked(client.mcp_servers.tools.list(server.id))
    assert client.mcp_servers.tools.list("mcp_server-of-nobody") == []
    return {tool.name or "": tool for tool in listed}


def run(client: Letta, server: Any, name: str, **args: object) -> tuple[str, object]:  # noqa: ANN401
    tool = tools_of(client, server)[name]
    done = checked(client.mcp_servers.tools.run(tool.id, mcp_server_id=server.id, args=args))
    return done.status, done.func_return


@pytest.mark.parametrize(
    ("config", "rest"),
    [
        (STDIO, {"env": None}),
        (SSE, dict.fromkeys(HEADERS)),
        (HTTP, dict.fromkeys(HEADERS)),
        ({**STDIO, "env": {"KEY": "value"}}, {}),
        ({**SSE, "server_url": "https://8.8.8.8/sse"}, dict.fromkeys(HEADERS)),
        ({**HTTP, "auth_header": "X-Key", "auth_token": "t", "custom_headers": {"a": "b"}}, {}),
    ],
)
def test_a_server_is_kept_as_it_was_configured(client: Letta, config: Any, rest: Any) -> None:  # noqa: ANN401
    server = checked(make(client, config=config))

    assert server.to_dict() == {"id": server.id, "server_name": "weather", **config, **rest}
    assert checked(client.mcp_servers.retrieve(server.id)) == server
    assert checked(client.mcp_servers.list()) == [server]


def test_servers_are_listed_oldest_first(client: Letta) -> None:
    made = [make(client, "one"), make(client, "two", HTTP)]

    assert client.mcp_servers.list() == made


def test_a_name_is_given_once(client: Letta) -> None:
    make(client)
    other = make(client, "other")

    with pytest.raises(ConflictError):
        make(client)
    with pytest.raises(ConflictError):
        client.mcp_servers.update(other.id, server_name="weather", config=STDIO)
    assert [server.server_name for server in client.mcp_servers.list()] == ["weather", "other"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://10.0.0.1/mcp", "Non-public IP not allowed: 10.0.0.1"),
        ("http://[::1]/mcp", "Non-public IP not allowed: ::1"),
        ("", "server_url cannot be empty"),
        ("http://localhost:9000/mcp", "Blocked internal hostname: localhost"),
        ("http://tools.default.svc:80/mcp", "Blocked internal hostname: tools.default.svc"),
        ("http://a.svc.cluster.local./", "Blocked internal hostname: a.svc.cluster.local."),
        ("http://printer.local/mcp", "Blocked internal hostname: printer.local"),
        ("http://metadata.google.internal/", "Blocked internal hostname: metadata.google.internal"),
        ("ftp://example.com", "server_url must start with "),
        ("http://", "server_url must have a valid host"),
    ],
)
def test_a_url_that_is_not_public_is_refused(client: Letta, url: str, why: str) -> None:
    with pytest.raises(UnprocessableEntityError, match=why):
        make(client, config={**SSE, "server_url": url})
    assert client.mcp_servers.list() == []


def test_a_change_replaces_the_configuration(client: Letta) -> None:
    server = make(client, config={**STDIO, "env": {"KEY": "value"}})

    new: Any = {"mcp_server_type": "stdio", "command": None, "args": ["--later"]}
    changed = checked(client.mcp_servers.update(server.id, server_name="renamed", config=new))

    expected = {**STDIO, "args": ["--later"], "env": None, "server_name": "renamed"}
    assert changed.to_dict() == {**expected, "id": server.id}
    assert client.mcp_servers.update(server.id, config=HTTP).to_dict()["server_url"]
    with pytest.raises(BadRequestError, match="needs a value for: command"):
        client.mcp_servers.update(server.id, config=new)


def test_a_deleted_server_takes_its_tools_along(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    server = make(client)
    agent = client.agents.create(model=MODEL, tool_ids=[tools_of(client, server)["forecast"].id])

    client.mcp_servers.delete(server.id)

    assert client.mcp_servers.list() == []
    assert client.tools.list(tool_types=["external_mcp"]).items == []
    assert "forecast" not in [tool.name for tool in client.agents.tools.list(agent.id).items]
    with pytest.raises(BadRequestError, match="not found"):
        client.mcp_servers.delete(server.id)
    with pytest.raises(NotFoundError):
        client.mcp_servers.retrieve(server.id)


def test_a_server_has_the_tools_that_are_declared(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    server = make(client)

    tool = tools_of(client, server)["forecast"]

    assert checked(client.mcp_servers.tools.retrieve(tool.id, mcp_server_id=server.id)) == tool
    assert client.tools.retrieve(tool.id) == tool
    assert (tool.tool_type, tool.tags, tool.created_by_id) == (
        "external_mcp",
        ["mcp:weather"],
        USER_ID,
    )
    assert tool.json_schema is not None
    parameters: Any = tool.json_schema["parameters"]
    assert parameters["required"] == ["city", "request_heartbeat"]
    assert tool.json_schema["mcp:SCHEMA_STATUS"] == "STRICT_COMPLIANT"
    assert (tool.metadata or {})["mcp"] == {"server_name": "weather", "server_id": server.id}


def test_an_open_object_is_warned_of(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [{**FORECAST, "parameters": {**CITY, "additionalProperties": True}}])

    schema = tools_of(client, make(client))["forecast"].json_schema or {}

    assert schema["mcp:SCHEMA_STATUS"] == "NON_STRICT_ONLY"
    assert schema["mcp:SCHEMA_WARNINGS"] == [
        "root: 'additionalProperties' is not false (free-form object)"
    ]


def test_a_server_is_declared_by_a_pattern_of_its_name(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("/wea.*/", [FORECAST])

    assert list(tools_of(client, make(client))) == ["forecast"]


def test_a_name_from_a_file_that_is_no_expression_finds_nothing(
    mock: MockLetta, client: Letta
) -> None:
    mock.world.store.mcp_offers.add(McpOffer(id="/(/"))

    assert list(tools_of(client, make(client))) == []


def test_a_tool_with_an_invalid_schema_is_not_registered(mock: MockLetta, client: Letta) -> None:
    odd = {"type": "object", "properties": {"days": {"type": "array"}}}
    mock.mcp_server("weather", [FORECAST, {"name": "odd", "parameters": odd}])

    assert list(tools_of(client, make(client))) == ["forecast"]


@pytest.mark.parametrize(
    ("declared", "config"),
    [
        ({"url": "https://mcp.example.com/mcp"}, HTTP),
        ({"command": "weather"}, STDIO),
        ({"command": "weather --now"}, STDIO),
    ],
)
def test_tools_are_found_by_url_and_by_command(
    mock: MockLetta,
    client: Letta,
    declared: Any,  # noqa: ANN401
    config: Any,  # noqa: ANN401
) -> None:
    mock.mcp_server("declared", [FORECAST], **declared)

    assert list(tools_of(client, make(client, "any", config))) == ["forecast"]
    assert list(tools_of(client, make(client, "elsewhere", SSE))) == []


def test_tools_return_what_is_declared(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server(
        "weather",
        [
            FORECAST,
            {"name": "table", "returns": {"rain": True}},
            {"name": "broken", "error": "no signal"},
            {"name": "silent"},
        ],
    )
    server = make(client)

    assert run(client, server, "forecast", city="Rome") == ("success", "Rain.")
    assert run(client, server, "table") == ("success", '{\n  "rain": true\n}')
    assert run(client, server, "broken") == ("error", "Error executing tool broken: no signal")
    assert run(client, server, "silent") == (
        "success",
        "This is a stand-in: mockletta does not run the tool silent.",
    )


def test_a_function_can_be_a_tool(mock: MockLetta, client: Letta) -> None:
    def double(number: int, times: int = 2) -> int:
        """Double a number."""
        if number < 0:
            raise ValueError("too small")
        return number * times

    mock.mcp_server("calculator", [double])
    server = make(client, "calculator")

    assert tools_of(client, server)["double"].description == "Double a number."
    assert run(client, server, "double", number="4") == ("success", "8")
    assert run(client, server, "double", number=1, times=3) == ("success", "3")
    assert run(client, server, "double", number=-1) == (
        "error",
        "Error executing tool double: too small",
    )
    _, said = run(client, server, "double", number="x")
    assert str(said).startswith("Error executing tool double: 1 validation error for doubleArgu")


def test_an_agent_calls_a_tool_of_a_server(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    tool = tools_of(client, make(client))["forecast"]
    agent = client.agents.create(model=MODEL, tool_ids=[tool.id])
    mock.when("weather in {city}").call("forecast", city="{{ city }}").say("As told.")
    mock.when("Once more").call("forecast", {"city": "Oslo"}, returns="Snow.").say("As told.")

    told = client.agents.messages.create(agent.id, input="The weather in Rome?")
    scripted = client.agents.messages.create(agent.id, input="Once more")

    returned = [one.to_dict() for one in (told.messages[1], scripted.messages[1])]
    assert [one["tool_return"] for one in returned] == ["Rain.", "Snow."]
    assert [one["stdout"] for one in returned] == [None, None]


def test_the_default_brain_calls_a_tool_of_a_server(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    tool = tools_of(client, make(client))["forecast"]
    agent = client.agents.create(model=MODEL, tool_ids=[tool.id])

    order = 'Please call forecast with {"city": "Rome"}'
    told = client.agents.messages.create(agent.id, input=order)

    kinds = [one.message_type for one in told.messages]
    assert kinds == ["tool_call_message", "tool_return_message", "assistant_message"]


def test_a_tool_of_a_server_is_run_for_an_agent(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    tool = tools_of(client, make(client))["forecast"]
    agent = client.agents.create(model=MODEL, tool_ids=[tool.id])

    done = checked(client.agents.tools.run("forecast", agent_id=agent.id, args={"city": "Rome"}))
    failed = client.agents.tools.run("forecast", agent_id=agent.id, args={})

    assert (done.status, done.func_return) == ("success", "Rain.")
    assert str(failed.func_return).startswith("Error executing tool forecast: 1 validation error")


def test_a_refresh_brings_what_is_declared_now(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST, {"name": "old"}])
    server = make(client)
    before = tools_of(client, server)["forecast"]
    mock.mcp_server("weather", [{**FORECAST, "description": "New."}, {"name": "new"}])

    changes = client.mcp_servers.refresh(server.id)

    assert changes == {"deleted": ["old"], "updated": ["forecast"], "added": ["new"]}
    after = tools_of(client, server)
    assert list(after) == ["forecast", "new"]
    assert (after["forecast"].id, after["forecast"].description) == (before.id, "New.")
    with pytest.raises(NotFoundError):
        client.mcp_servers.refresh(server.id, agent_id="agent-none")


def test_a_second_server_takes_over_tools_of_the_same_name(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST], command="weather")
    first, second = make(client), make(client, "second")

    assert tools_of(client, first)["forecast"].tags == ["mcp:second"]
    client.mcp_servers.update(first.id, server_name="renamed", config=STDIO)
    assert tools_of(client, second)["forecast"].tags == ["mcp:second"]
    assert client.mcp_servers.refresh(first.id) == {
        "deleted": [],
        "updated": [],
        "added": ["forecast"],
    }
    assert tools_of(client, second)["forecast"].tags == ["mcp:renamed"]


def test_base_tools_are_not_taken_over(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [{"name": "memory_insert"}, FORECAST])

    assert list(tools_of(client, make(client))) == ["forecast"]
    assert client.tools.list(name="memory_insert").items[0].tool_type == "letta_sleeptime_core"


def test_a_tool_of_another_server_is_not_found(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    tool = tools_of(client, make(client))["forecast"]
    other = make(client, "other")

    with pytest.raises(NotFoundError):
        client.mcp_servers.tools.retrieve(tool.id, mcp_server_id=other.id)
    with pytest.raises(NotFoundError):
        client.mcp_servers.tools.run(tool.id, mcp_server_id=other.id)


@pytest.mark.parametrize("schema", [None, [], {"properties": 5, "required": 5, "title": 5}])
def test_a_schema_that_a_client_broke_is_no_obstacle(
    mock: MockLetta,
    client: Letta,
    schema: Any,  # noqa: ANN401
) -> None:
    mock.mcp_server("weather", [FORECAST])
    server = make(client)
    tool = tools_of(client, server)["forecast"]
    client.tools.update(tool.id, json_schema={"name": "forecast", "parameters": schema})

    assert run(client, server, "forecast", city="Rome") == ("success", "Rain.")


def test_a_tool_whose_declaration_is_gone_gets_a_stand_in(mock: MockLetta, client: Letta) -> None:
    mock.mcp_server("weather", [FORECAST])
    server = make(client)
    mock.mcp_server("weather", [])

    status, returned = run(client, server, "forecast", city="Rome")

    assert (status, "stand-in" in str(returned)) == ("success", True)


@pytest.mark.parametrize(
    ("tool", "why"),
    [
        ({}, "tools.0.name: Field required"),
        ({"name": "x", "return": 1}, "tools.0.return: Extra inputs are not permitted"),
        (lambda: None, "needs a name"),
        (print, "have no JSON schema"),
    ],
)
def test_what_cannot_be_a_tool_is_refused(mock: MockLetta, tool: object, why: str) -> None:
    with pytest.raises(BadSettings, match=why):
        mock.mcp_server("weather", [tool])
    assert len(mock.world.store.mcp_offers) == 0


def test_a_name_that_is_no_expression_is_refused(mock: MockLetta) -> None:
    with pytest.raises(BadSettings, match=r"mcp_server\('/\(/'\): .* is not a regular expression"):
        mock.mcp_server("/(/", [FORECAST])


@pytest.mark.anyio
async def test_servers_are_served_to_the_asynchronous_client(
    mock: MockLetta, async_client: AsyncLetta
) -> None:
    mock.mcp_server("weather", [FORECAST])
    server: Any = await async_client.mcp_servers.create(server_name="weather", config=STDIO)
    (tool,) = checked(await async_client.mcp_servers.tools.list(server.id))

    done = await async_client.mcp_servers.tools.run(
        tool.id, mcp_server_id=server.id, args={"city": "Rome"}
    )

    assert done.func_return == "Rain."
    await async_client.mcp_servers.delete(server.id)
    assert await async_client.mcp_servers.list() == []
