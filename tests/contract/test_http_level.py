"""Below the operations: endings, methods, aliases, origins and versions of clients [41, 68]."""

import json
from collections.abc import Iterator

import httpx
import pytest
from letta_client import Letta, UnprocessableEntityError
from letta_client.types import AgentState

from mockletta.hosting.application import create_router
from mockletta.testing.mock_letta import MockLetta

SDK = {"x-stainless-package-version": "1.12.1"}
OLDER_SDK = {"x-stainless-package-version": "0.1.324"}
ORIGIN = "https://app.letta.com"
ID = "agent-00000000-0000-4000-8000-000000000000"
COLLECTIONS = [
    "agents",
    "conversations",
    "blocks",
    "tools",
    "runs",
    "steps",
    "messages",
    "tags",
    "models",
    "archives",
    "folders",
    "mcp-servers",
    "health",
]


@pytest.fixture(scope="module")
def mock() -> Iterator[MockLetta]:
    """One server for all: hardly anything here changes anything."""
    with MockLetta(profile="open") as mock:
        yield mock


@pytest.fixture
def http(mock: MockLetta) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=mock.base_url) as http:
        yield http


def plain(answer: httpx.Response) -> tuple[int, object]:
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json()


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_without_its_slash_is_redirected(http: httpx.Client, name: str) -> None:
    answer = http.get(f"/v1/{name}?limit=1&x=%20")

    assert (answer.status_code, answer.content) == (307, b"")
    assert answer.headers["location"] == f"{http.base_url}/v1/{name}/?limit=1&x=%20"
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/agents/{ID}",
        f"/v1/agents/{ID}/messages",
        f"/v1/agents/{ID}/core-memory/blocks",
        "/v1/models/embedding",
        "/v1/runs/run-1/usage",
    ],
)
def test_anything_else_with_a_slash_is_redirected(http: httpx.Client, path: str) -> None:
    answer = http.get(f"{path}/?a=1")

    assert (answer.status_code, answer.headers["location"]) == (307, f"{http.base_url}{path}?a=1")


@pytest.mark.parametrize(
    ("method", "path", "location"),
    [
        ("POST", "/v1/agents", "/v1/agents/"),
        ("POST", f"/v1/agents/{ID}/messages/", f"/v1/agents/{ID}/messages"),
        ("DELETE", f"/v1/agents/{ID}/", f"/v1/agents/{ID}"),
        ("PUT", "/v1/agents", "/v1/agents/"),
    ],
)
def test_every_method_is_redirected(
    http: httpx.Client, method: str, path: str, location: str
) -> None:
    answer = http.request(method, path, json={"model": "x"})

    assert (answer.status_code, answer.headers["location"]) == (307, f"{http.base_url}{location}")


def test_a_redirect_goes_where_the_client_came_from(http: httpx.Client) -> None:
    answer = http.get("/v1/agents", headers={"host": "letta:8080"})

    assert answer.headers["location"] == "http://letta:8080/v1/agents/"


def test_a_followed_redirect_keeps_method_and_body(http: httpx.Client) -> None:
    answer = http.post("/v1/blocks", json={"label": "x", "value": "v"}, follow_redirects=True)

    assert (answer.status_code, answer.json()["value"]) == (200, "v")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nope",
        "/v1/nope/",
        "/nope",
        "/agents/",
        "/v2/agents/",
        "//v1/agents/",
        "/v1//agents/",
        "/v1",
        "/v1/",
        "/latest",
        "/docs/nope",
        f"/v1/agents/{ID}/nope",
    ],
)
def test_a_path_that_is_none_is_not_found(http: httpx.Client, path: str) -> None:
    answer = http.send(httpx.Request("GET", str(http.base_url) + path))

    assert plain(answer) == (404, {"detail": "Not Found"})


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/agents/", "GET"),
        ("PATCH", "/v1/agents/", "GET"),
        ("PUT", f"/v1/agents/{ID}", "PATCH"),
        ("POST", f"/v1/agents/{ID}", "PATCH"),
        ("DELETE", f"/v1/agents/{ID}/messages", "GET"),
        ("PUT", "/v1/blocks/", "GET"),
        ("POST", "/v1/models/", "GET"),
        ("OPTIONS", "/v1/agents/", "GET"),
        ("TRACE", "/v1/agents/", "GET"),
        ("PATCH", "/v1/conversations/", "POST"),
    ],
)
def test_a_method_that_a_path_does_not_know_is_refused(
    http: httpx.Client, method: str, path: str, allow: str
) -> None:
    answer = http.request(method, path)

    assert (*plain(answer), answer.headers["allow"]) == (
        405,
        {"detail": "Method Not Allowed"},
        allow,
    )


def test_head_is_refused_without_a_body(http: httpx.Client) -> None:
    answer = http.head(f"/v1/agents/{ID}")

    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "PATCH", b"")


def test_latest_is_another_name_of_the_version(http: httpx.Client) -> None:
    assert plain(http.get("/latest/health/")) == plain(http.get("/v1/health/"))
    assert http.get("/latest/agents?limit=1").status_code == 307


def test_the_root_leads_to_the_docs(http: httpx.Client) -> None:
    answer = http.get("/")

    assert (answer.status_code, answer.headers["location"], answer.content) == (307, "/docs", b"")


def test_the_docs_list_every_operation(http: httpx.Client) -> None:
    answer = http.get("/docs")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    operations = [name for name in create_router().endpoints if not name.startswith("pages.")]
    text = answer.text.replace("<wbr>", "")
    missing = [name for name in operations if f"client.{name}</code>" not in text]
    assert missing == []
    assert f"of {len(operations)} operations are imitated" in answer.text


def test_json_is_compact_and_not_escaped(http: httpx.Client) -> None:
    answer = http.post("/v1/blocks/", json={"label": "ü", "value": 'a"🎈'})

    whole = json.dumps(answer.json(), ensure_ascii=False, separators=(",", ":"))
    assert answer.text == whole
    assert '"description":null' in answer.text


def test_an_answer_has_no_headers_but_its_own(http: httpx.Client) -> None:
    headers = set(http.get("/v1/health/").headers)

    assert headers <= {"content-type", "content-length", "date", "server"}


def test_a_preflight_from_a_known_origin_is_allowed(http: httpx.Client) -> None:
    asked = {
        "origin": ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }

    answer = http.options("/v1/agents/", headers=asked)

    assert answer.status_code == 200
    allowed = {name: value for name, value in answer.headers.items() if "access" in name}
    assert allowed == {
        "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
        "access-control-max-age": "600",
        "access-control-allow-credentials": "true",
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-headers": "content-type",
    }
    assert answer.headers["vary"].split(",")[0] == "Origin"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (ORIGIN, ORIGIN),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://[::1]:5173", "http://[::1]:5173"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/health/", "/v1/nope", f"/v1/agents/{ID}"])
def test_an_origin_is_told_whether_it_is_known(
    http: httpx.Client, origin: str, allowed: str | None, path: str
) -> None:
    answer = http.get(path, headers={"origin": origin})

    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers.get("access-control-allow-origin") == allowed


def test_without_an_origin_nothing_is_said_of_origins(http: httpx.Client) -> None:
    assert not [name for name in http.get("/v1/health/").headers if name.startswith("access")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic eDp5"},
        {"authorization": ""},
        {"x-bare-password": "password x"},
        {"user_id": "user-00000000-0001-4000-8000-000000000000"},
        {"x-project": "p"},
    ],
)
def test_everyone_is_let_in(http: httpx.Client, headers: dict[str, str]) -> None:
    assert plain(http.get("/v1/runs/", headers=headers)) == (200, [])


def test_a_malformed_user_is_refused(http: httpx.Client) -> None:
    assert plain(http.get("/v1/runs/", headers={"user_id": "nope"})) == (
        400,
        {
            "detail": "INVALID_ARGUMENT: Invalid user ID format: nope. "
            "Expected format: 'user-<uuid4>'"
        },
    )


@pytest.fixture
def agent(client: Letta) -> AgentState:
    return client.agents.create(
        model="openai/gpt-4o-mini",
        tags=["red"],
        secrets={"KEY": "value"},
        memory_blocks=[{"label": "human", "value": "H"}],
    )


@pytest.mark.parametrize(("headers", "whole"), [(SDK, False), (OLDER_SDK, True), ({}, True)])
def test_other_clients_are_shown_agents_whole(
    http: httpx.Client, agent: AgentState, headers: dict[str, str], whole: bool
) -> None:
    shown = http.get(f"/v1/agents/{agent.id}", headers=headers).json()
    [listed, *_] = http.get("/v1/agents/", headers=headers).json()

    relations = ("blocks", "tools", "tags", "secrets")
    assert [bool(shown[name]) for name in relations] == [whole] * 4
    assert listed == shown


def test_other_clients_can_ask_for_relations_too(http: httpx.Client, agent: AgentState) -> None:
    shown = http.get(f"/v1/agents/{agent.id}?include_relationships=tools").json()

    assert (bool(shown["tools"]), shown["blocks"]) == (True, [])


@pytest.mark.parametrize("headers", [SDK, {}])
def test_the_agents_of_a_block_are_shown_to_all_alike(
    http: httpx.Client, agent: AgentState, headers: dict[str, str]
) -> None:
    [shown] = http.get(f"/v1/blocks/{agent.blocks[0].id}/agents", headers=headers).json()

    assert (shown["id"], shown["blocks"], shown["tools"]) == (agent.id, [], [])


def test_a_reset_is_answered_to_all_alike(http: httpx.Client, agent: AgentState) -> None:
    path = f"/v1/agents/{agent.id}/reset-messages"
    body = {"add_default_initial_messages": False}

    shown = [http.patch(path, json=body, headers=headers).json() for headers in (SDK, {})]

    assert [(one["id"], len(one["blocks"]), len(one["tools"])) for one in shown] == [
        (agent.id, 1, 3)
    ] * 2


def test_a_stream_of_an_agent_is_for_new_clients_only(
    http: httpx.Client, agent: AgentState
) -> None:
    path, body = f"/v1/agents/{agent.id}/messages", {"input": "x", "streaming": True}

    assert plain(http.post(path, json=body)) == (
        422,
        {"detail": "streaming=true is only supported for SDK v1.0+ clients."},
    )
    streamed = http.post(path, json=body, headers=SDK)
    assert streamed.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert streamed.text.endswith("data: [DONE]\n\n")


def test_a_large_body_with_very_many_mistakes_is_refused_early(client: Letta) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        client.post("/v1/agents/", cast_to=object, body={"tags": [1] * 40_000})
    assert len(refused.value.response.json()["detail"]) > 999
