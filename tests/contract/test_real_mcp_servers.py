"""MCP servers on hosts that the settings allow: they are really asked."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from letta_client import APIStatusError, Letta, UnprocessableEntityError
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from mockletta.errors import BadSettings
from mockletta.hosting.listening import listen, url_of
from mockletta.settings import setting_kinds
from mockletta.testing.mock_letta import MockLetta
from mockletta.tools import mcp_connections
from mockletta.wire.mcp_servers import StreamableHttpConfig
from tests.contract.conftest import Connect, Serve
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked
from tests.readme import ROOT, examples

pytest.importorskip("mcp")
Caplog = pytest.LogCaptureFixture
sent: set[tuple[str | None, str | None]] = set()
"""The tokens and tenants that the server was sent."""


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def fail(x: str) -> str:
    """Always fails."""
    from mcp.server.mcpserver.exceptions import ToolError

    raise ToolError(f"nope {x}")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a real MCP server on this machine, below which are /mcp and /sse."""
    from mcp.server import MCPServer
    from starlette.applications import Starlette

    server = MCPServer("helpers")
    for function in (add, fail):
        server.tool()(function)
    streamable, sse = server.streamable_http_app(), server.sse_app()
    app = Starlette(
        routes=[*streamable.routes, *sse.routes], lifespan=streamable.router.lifespan_context
    )

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        sent.add((headers.get("authorization"), headers.get("x-tenant")))
        await app(scope, receive, send)

    running = uvicorn.Server(
        uvicorn.Config(listening, log_level="critical", timeout_graceful_shutdown=0)
    )
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    yield url_of(listener)
    running.should_exit = True
    thread.join()


@pytest.fixture
def client(connect: Connect) -> Letta:
    return connect(mcp="loopback")


def make(client: Letta, url: str, path: str = "/mcp", name: str = "helpers") -> Any:  # noqa: ANN401
    kind = "sse" if path == "/sse" else "streamable_http"
    config: Any = {"mcp_server_type": kind, "server_url": f"{url}{path}"}
    return checked(client.mcp_servers.create(server_name=name, config=config))


def tool_ids(client: Letta, server: Any) -> dict[str | None, str]:  # noqa: ANN401
    return {tool.name: tool.id for tool in checked(client.mcp_servers.tools.list(server.id))}


@pytest.mark.parametrize("path", ["/mcp", "/sse"])
def test_the_tools_of_a_real_server_are_listed_and_run(client: Letta, url: str, path: str) -> None:
    server = make(client, url, path)
    tools = tool_ids(client, server)

    sums = client.mcp_servers.tools.run(
        tools["add"], mcp_server_id=server.id, args={"a": 2, "b": 3}
    )
    failed = client.mcp_servers.tools.run(tools["fail"], mcp_server_id=server.id, args={"x": "q"})

    assert tools.keys() == {"add", "fail"}
    assert (checked(sums).status, sums.func_return) == ("success", "5")
    assert (failed.status, failed.func_return) == ("error", "Error executing tool fail: nope q")


def test_an_agent_calls_a_real_server(serve: Serve, url: str) -> None:
    mock = serve(mcp="loopback")
    mock.when("sum").call("add", a=2, b=3).say("It is {{ returned }}.")
    with mock.client() as client:
        tools = tool_ids(client, make(client, url))
        agent = client.agents.create(model=MODEL, tool_ids=[tools["add"]])
        messages = client.agents.messages.create(agent.id, input="sum").messages
        alone = client.agents.tools.run("add", agent_id=agent.id, args={"a": 1, "b": 1})

    assert messages[-1].to_dict()["content"] == "It is 5."
    assert alone.func_return == "2"


def test_the_example_of_the_documentation_works(url: str) -> None:
    page = ROOT / "docs" / "tools.md"
    (shown,) = [one for one in examples(page=page) if one.file == "use_calculator.py"]

    exec(compile(shown.source.replace("http://127.0.0.1:9000", url), str(page), "exec"), {})


def test_a_refresh_asks_again(client: Letta, url: str) -> None:
    server = make(client, url)
    client.tools.delete(tool_ids(client, server)["add"])

    assert client.mcp_servers.refresh(server.id) == {"added": ["add"], "deleted": [], "updated": []}


def test_a_declared_server_is_not_asked(serve: Serve, url: str) -> None:
    mock = serve(mcp="loopback")
    mock.mcp_server("helpers", [{"name": "declared"}])
    with mock.client() as client:
        assert tool_ids(client, make(client, url)).keys() == {"declared"}


def test_a_registered_function_answers_instead_of_the_server(serve: Serve, url: str) -> None:
    mock = serve(mcp="loopback")
    mock.tool("add", lambda a, b: a * b)
    with mock.client() as client:
        server = make(client, url)
        done = client.mcp_servers.tools.run(
            tool_ids(client, server)["add"], mcp_server_id=server.id, args={"a": 2, "b": 3}
        )

    assert done.func_return == "6"


@pytest.mark.parametrize("hosts", [None, "example.org", "localhost"])
def test_only_hosts_that_are_named_are_asked(connect: Connect, url: str, hosts: str | None) -> None:
    with pytest.raises(UnprocessableEntityError, match="Non-public IP not allowed"):
        make(connect(mcp=hosts), url)


def test_a_command_is_never_started(client: Letta, tmp_path: Path) -> None:
    config: Any = {"mcp_server_type": "stdio", "command": "touch", "args": [f"{tmp_path}/started"]}
    server: Any = client.mcp_servers.create(server_name="helpers", config=config)

    client.mcp_servers.refresh(server.id)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_has_no_tools(client: Letta, caplog: Caplog) -> None:
    server = make(client, "http://127.0.0.1:9")

    assert tool_ids(client, server) == {}
    assert "Failed to list the tools of MCP server helpers: " in caplog.text
    with pytest.raises(APIStatusError, match="Failed to list the tools") as refused:
        client.mcp_servers.refresh(server.id)
    assert refused.value.status_code == 502


def test_a_call_of_a_server_that_is_gone_is_an_error(client: Letta, url: str) -> None:
    server = make(client, url)
    tool = tool_ids(client, server)["add"]
    gone: Any = {"mcp_server_type": "streamable_http", "server_url": "http://127.0.0.1:9/mcp"}
    client.mcp_servers.update(server.id, config=gone)

    done = client.mcp_servers.tools.run(tool, mcp_server_id=server.id, args={"a": 2, "b": 3})
    assert done.status == "error"
    assert str(done.func_return).startswith("Error executing tool add: ")


def test_a_silent_server_is_given_up(
    client: Letta, monkeypatch: pytest.MonkeyPatch, caplog: Caplog
) -> None:
    monkeypatch.setattr(mcp_connections, "SECONDS", 0.05)
    with listen("127.0.0.1", 0) as silent:
        make(client, url_of(silent))

    assert "no answer within 0.05 seconds" in caplog.text


def test_no_other_time_limit_ends_the_wait_for_a_server() -> None:
    config = StreamableHttpConfig.trusted(server_url="https://mcp.example.com")

    limits = mcp_connections._http_client(config).timeout

    assert set(limits.as_dict().values()) == {None}


def test_a_server_is_sent_its_token(client: Letta, url: str) -> None:
    config: Any = {
        "mcp_server_type": "streamable_http",
        "server_url": f"{url}/mcp",
        "auth_header": "Authorization",
        "auth_token": "Bearer secret",
        "custom_headers": {"x-tenant": "one"},
    }
    client.mcp_servers.create(server_name="helpers", config=config)

    assert ("Bearer secret", "one") in sent


def test_older_routes_ask_it_too(client: Letta, url: str) -> None:
    body = {"server_name": "helpers", "type": "streamable_http", "server_url": f"{url}/mcp"}
    servers = "/v1/tools/mcp/servers"

    made = client.put(servers, body=body, cast_to=object)
    tested: Any = client.post(f"{servers}/test", body=body, cast_to=object)
    listed: Any = client.get(f"{servers}/helpers/tools", cast_to=object)
    added: Any = client.post(f"{servers}/helpers/add", cast_to=object)
    ran = client.post(
        f"{servers}/helpers/tools/add/execute", body={"args": {"a": 1, "b": 2}}, cast_to=object
    )

    assert made == [{**body, "auth_header": None, "auth_token": None, "custom_headers": None}]
    assert [tool["name"] for tool in tested["tools"]] == ["add", "fail"]
    assert [tool["name"] for tool in listed] == ["add", "fail"]
    assert (added["name"], ran) == ("add", {"result": "3", "success": True})


def test_a_seeded_server_is_asked_when_it_is_refreshed(connect: Connect, url: str) -> None:
    config = {"mcp_server_type": "streamable_http", "server_url": f"{url}/mcp"}
    seed = {"version": 1, "mcp_servers": [{"name": "helpers", "config": config}]}
    client = connect(mcp="loopback", seed=seed)
    server: Any = client.mcp_servers.list()[0]

    assert client.mcp_servers.refresh(server.id) == {
        "added": ["add", "fail"],
        "deleted": [],
        "updated": [],
    }


def test_the_package_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_kinds, "find_spec", lambda _: None)

    with pytest.raises(BadSettings, match=r"mcp: requires the package `mcp`: pip install "):
        MockLetta(mcp="loopback")
