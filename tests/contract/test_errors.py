"""What goes wrong: status and body as recorded, the SDK's exception, and that nothing changes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from letta_client import (
    APIStatusError,
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import Connect, sync_client
from tests.contract.talk import MODEL

ZERO = "00000000-0000-4000-8000-000000000000"
AGENT, BLOCK, CONVERSATION = f"agent-{ZERO}", f"block-{ZERO}", f"conv-{ZERO}"
RUN, STEP, MESSAGE = f"run-{ZERO}", f"step-{ZERO}", f"message-{ZERO}"
UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SEND = {"messages": [{"role": "user", "content": "x"}]}
NOT_AN_OBJECT = (
    "[{'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be a valid "
    "dictionary or object to extract fields from', "
)
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def steady() -> Iterator[Letta]:
    """A client of one server for all the requests that must change nothing."""
    with MockLetta(profile="open") as mock, sync_client(mock) as client:
        blocks = [{"label": "human", "value": "H"}]
        agent = client.agents.create(model=MODEL, memory_blocks=blocks)  # type: ignore[arg-type]
        conversation = client.conversations.create(agent_id=agent.id)
        client.agents.messages.create(agent.id, input="Hello!")
        list(client.conversations.messages.create(conversation.id, input="Hello!"))
        yield client


def everything(client: Letta) -> str:
    """All there is, as text, to be compared before and after."""
    [agent] = client.agents.list()
    [conversation] = client.conversations.list(agent_id=agent.id)
    paths = (
        "agents/?include=agent.blocks",
        "blocks/",
        "conversations/",
        f"conversations/{conversation.id}",
        "runs/",
        "steps/",
        f"agents/{agent.id}/messages",
    )
    return "\n".join(client.get(f"/v1/{path}", cast_to=httpx.Response).text for path in paths)


def detail_of(error: APIStatusError) -> str:
    assert isinstance(error.body, dict)
    return str(error.body["detail"])


def row_not_found(noun: str, row_id: str) -> str:
    return f"{noun} not found with id='['{row_id}']', access level in ['read'] for actor='id='user-"


@dataclass(frozen=True)
class Case:
    """A request that is refused; `detail` is how its text begins."""

    request: str
    status: int
    detail: str
    body: object = None

    def __str__(self) -> str:
        return f"{self.request} {json.dumps(self.body) if self.body is not None else ''}".strip()


NOT_FOUND = [
    Case(f"GET /v1/agents/{AGENT}", 404, f"Agent with ID {AGENT} not found"),
    Case(f"PATCH /v1/agents/{AGENT}", 404, row_not_found("Agent", AGENT), {}),
    Case(f"DELETE /v1/agents/{AGENT}", 404, row_not_found("Agent", AGENT)),
    Case(f"POST /v1/agents/{AGENT}/recompile", 404, f"Agent with ID {AGENT} not found"),
    Case(f"GET /v1/agents/{AGENT}/messages", 404, "Agent not found"),
    Case(f"POST /v1/agents/{AGENT}/messages", 404, f"Agent with ID {AGENT} not found", SEND),
    Case(f"POST /v1/agents/{AGENT}/messages/stream", 404, f"Agent with ID {AGENT}", SEND),
    Case(f"POST /v1/agents/{AGENT}/messages/async", 404, "Agent not found", SEND),
    Case(f"POST /v1/agents/{AGENT}/summarize", 404, f"Agent with ID {AGENT} not found", {}),
    Case(f"PATCH /v1/agents/{AGENT}/reset-messages", 404, row_not_found("Agent", AGENT), {}),
    Case(f"GET /v1/agents/{AGENT}/core-memory/blocks", 404, row_not_found("Agent", AGENT)),
    Case(f"GET /v1/agents/{AGENT}/core-memory/blocks/human", 404, row_not_found("Agent", AGENT)),
    Case(
        f"PATCH /v1/agents/{AGENT}/core-memory/blocks/attach/{BLOCK}",
        404,
        row_not_found("Agent", AGENT),
    ),
    Case(f"GET /v1/blocks/{BLOCK}", 404, f"Block with id '{BLOCK}' not found"),
    Case(f"PATCH /v1/blocks/{BLOCK}", 404, row_not_found("Block", BLOCK), {}),
    Case(f"DELETE /v1/blocks/{BLOCK}", 404, row_not_found("Block", BLOCK)),
    Case(f"POST /v1/conversations/?agent_id={AGENT}", 404, "Agent not found"),
    Case("POST /v1/conversations/?agent_id=nope", 404, "Agent not found"),
    Case(f"GET /v1/conversations/{CONVERSATION}", 404, row_not_found("Conversation", CONVERSATION)),
    Case(
        f"PATCH /v1/conversations/{CONVERSATION}",
        404,
        row_not_found("Conversation", CONVERSATION),
        {},
    ),
    Case(
        f"DELETE /v1/conversations/{CONVERSATION}",
        404,
        row_not_found("Conversation", CONVERSATION),
    ),
    Case(
        f"POST /v1/conversations/{CONVERSATION}/messages",
        404,
        row_not_found("Conversation", CONVERSATION),
        SEND,
    ),
    Case("POST /v1/conversations/default/messages", 404, "Conversation not found with id=", SEND),
    Case(f"GET /v1/conversations/?after={CONVERSATION}", 404, "Conversation not found with id="),
    Case(f"GET /v1/runs/{RUN}", 404, row_not_found("Run", RUN)),
    Case(f"GET /v1/runs/{RUN}/messages", 404, row_not_found("Run", RUN)),
    Case(f"GET /v1/runs/{RUN}/usage", 404, row_not_found("Run", RUN)),
    Case(f"GET /v1/runs/{RUN}/steps", 404, row_not_found("Run", RUN)),
    Case(f"POST /v1/runs/{RUN}/stream", 404, row_not_found("Run", RUN), {}),
    Case(f"GET /v1/steps/{STEP}", 404, row_not_found("Step", STEP)),
    Case("GET /v1/nope", 404, "Not Found"),
    Case(f"GET /v1/agents/{AGENT}/nope", 404, "Not Found"),
]
BAD_REQUEST = [
    Case(
        "GET /v1/runs/nope",
        400,
        "INVALID_ARGUMENT: Invalid run ID format: nope. Expected format: 'run-<uuid4>'",
    ),
    Case("GET /v1/runs/nope/messages", 400, "INVALID_ARGUMENT: Invalid run ID format: nope."),
    Case("GET /v1/runs/nope/usage", 400, "INVALID_ARGUMENT: Invalid run ID format: nope."),
    Case("GET /v1/runs/nope/steps", 400, "INVALID_ARGUMENT: Invalid run ID format: nope."),
    Case("POST /v1/runs/nope/stream", 400, "INVALID_ARGUMENT: Invalid run ID format: nope.", {}),
    Case("GET /v1/runs/?statuses=nope", 400, "'nope' is not a valid RunStatus"),
    Case("GET /v1/steps/?start_date=nope", 400, "Invalid isoformat string: 'nope'"),
    Case("POST /v1/agents/", 400, "INVALID_ARGUMENT: Must specify either model or llm_config", {}),
    Case(
        f"POST /v1/conversations/{CONVERSATION}/stream",
        400,
        "INVALID_ARGUMENT: No active runs found for this conversation.",
        {},
    ),
]
MALFORMED = [
    Case("GET /v1/agents/nope", 422, ""),
    Case(f"GET /v1/agents/foo-{ZERO}", 422, ""),
    Case("DELETE /v1/agents/nope", 422, ""),
    Case("PATCH /v1/agents/nope", 422, "", {}),
    Case("GET /v1/blocks/nope", 422, ""),
    Case("DELETE /v1/blocks/nope", 422, ""),
    Case("PATCH /v1/blocks/nope", 422, "", {}),
    Case("GET /v1/steps/nope", 422, ""),
]
LISTS = [
    "agents/",
    "blocks/",
    "conversations/",
    "runs/",
    "steps/",
    "agents/{agent}/messages",
    "agents/{agent}/core-memory/blocks",
    "blocks/{block}/agents",
    "conversations/{conversation}/messages",
    "runs/{run}/messages",
    "runs/{run}/steps",
]


def send(client: Letta, case: Case) -> httpx.Response:
    method, _, target = case.request.partition(" ")
    ask = getattr(client, method.lower())
    keywords = {} if method == "GET" else {"body": case.body}
    answer: httpx.Response = ask(target, cast_to=httpx.Response, **keywords)
    return answer


@pytest.mark.parametrize("case", [*NOT_FOUND, *BAD_REQUEST], ids=str)
def test_a_refused_request_is_told_why_and_changes_nothing(steady: Letta, case: Case) -> None:
    before = everything(steady)

    with pytest.raises({404: NotFoundError, 400: BadRequestError}[case.status]) as refused:
        send(steady, case)

    assert detail_of(refused.value).startswith(case.detail)
    assert everything(steady) == before


@pytest.mark.parametrize("case", MALFORMED, ids=str)
def test_a_malformed_id_is_shown_what_it_should_look_like(steady: Letta, case: Case) -> None:
    value = case.request.rpartition("/")[2]
    noun = case.request.split("/")[2].rstrip("s")

    with pytest.raises(UnprocessableEntityError) as refused:
        send(steady, case)

    error = {
        "type": "string_pattern_mismatch",
        "loc": ("path", f"{noun}_id"),
        "msg": f"String should match pattern '{noun}-{{uuid4}}'",
        "input": value,
        "ctx": {"pattern": f"^{noun}-{UUID4}$"},
    }
    assert refused.value.body == {
        "trace_id": "",
        "detail": repr([error]),
        "examples": [f"{noun}-123e4567-e89b-42d3-8456-426614174000"],
    }


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_the_id_of_a_conversation_is_refused_for_its_length(steady: Letta, method: str) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        send(steady, Case(f"{method} /v1/conversations/nope", 422, "", {}))

    assert refused.value.body == {
        "trace_id": "",
        "detail": "[{'type': 'string_too_short', 'loc': ('path', 'conversation_id'), "
        "'msg': 'String should have at least 41 characters', 'input': 'nope', "
        "'ctx': {'min_length': 41}}]",
    }


@pytest.mark.parametrize("limit", ["-1", "9223372036854775808", "x", "1.5", ""])
@pytest.mark.parametrize("path", LISTS)
def test_an_absurd_limit_is_refused_in_every_list(steady: Letta, path: str, limit: str) -> None:
    [agent], [block] = steady.agents.list(), steady.blocks.list()
    [conversation], [run, *_] = steady.conversations.list(agent_id=agent.id), steady.runs.list()
    ids = {"agent": agent.id, "block": block.id, "run": run.id}
    target = path.format(conversation=conversation.id, **ids)

    with pytest.raises(UnprocessableEntityError) as refused:
        send(steady, Case(f"GET /v1/{target}?limit={limit}", 422, ""))

    assert "'loc': ('query', 'limit')" in detail_of(refused.value)


@pytest.mark.parametrize(
    ("content", "headers", "status", "detail"),
    [
        (
            b"{bad",
            JSON,
            422,
            (
                "[{'type': 'json_invalid', 'loc': ('body', 1), 'msg': 'JSON decode error', "
                "'input': {}, 'ctx': {'error': 'Expecting property name enclosed in double "
                "quotes'}}]"
            ),
        ),
        (b"", JSON, 422, "[{'type': 'missing', 'loc': ('body',), 'msg': 'Field required', 'inpu"),
        (b"null", JSON, 422, "[{'type': 'missing', 'loc': ('body',), 'msg': 'Field required', '"),
        (
            b'"x"',
            JSON,
            422,
            (f"{NOT_AN_OBJECT}'input': 'x'}}]"),
        ),
        (
            b'{"label": "x"}',
            {"content-type": "text/plain"},
            422,
            (f"{NOT_AN_OBJECT}'input': b'{{\"label\": \"x\"}}'}}]"),
        ),
        (
            b'{"label": "x", "limit": NaN}',
            JSON,
            422,
            (
                "[{'type': 'finite_number', 'loc': ('body', 'limit'), 'msg': 'Input should be a "
                "finite number', 'input': nan}]"
            ),
        ),
        (b'{"label": "\xff"}', JSON, 400, "There was an error parsing the body"),
        (rb'{"label": "\ud800"}', JSON, 400, "There was an error parsing the body"),
        (b"[" * 100_000, JSON, 400, "There was an error parsing the body"),
    ],
)
def test_a_body_that_is_not_json_is_refused(
    mock: MockLetta, content: bytes, headers: dict[str, str], status: int, detail: str
) -> None:
    answer = httpx.post(f"{mock.base_url}/v1/blocks/", content=content, headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert answer.json()["detail"].startswith(detail)
    assert len(mock.world.store.blocks) == 0


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused(mock: MockLetta, chunked: bool) -> None:
    content = b'{"label": "%s"}' % (b"x" * 33 * 1024 * 1024)

    body = iter([content]) if chunked else content

    answer = httpx.post(f"{mock.base_url}/v1/blocks/", content=body)

    assert (answer.status_code, answer.json()) == (
        413,
        {"detail": "Request body is larger than the limit of 33554432 bytes"},
    )
    assert len(mock.world.store.blocks) == 0


def test_a_busy_conversation_is_a_conflict_and_stays_as_it_is(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=600))
    agent = client.agents.create(model=MODEL)
    conversation = client.conversations.create(agent_id=agent.id)
    stream = client.conversations.messages.create(conversation.id, input="Hello!")
    run_id = next(stream).run_id  # type: ignore[union-attr]
    before = client.conversations.retrieve(conversation.id)

    with pytest.raises(ConflictError) as refused:
        client.conversations.messages.create(conversation.id, input="Hello?")

    assert refused.value.body == {
        "detail": "CONFLICT: Cannot send a new message: Another request "
        f"(run_id={run_id}) is currently being processed for this conversation. "
        "Please wait for it to complete.",
        "run_id": run_id,
    }
    assert client.conversations.retrieve(conversation.id) == before
    assert [run.id for run in client.runs.list()] == [run_id]


@pytest.mark.anyio
async def test_the_async_client_raises_the_same_errors(async_client: AsyncLetta) -> None:
    with pytest.raises(NotFoundError):
        await async_client.agents.retrieve(AGENT)
    with pytest.raises(UnprocessableEntityError):
        await async_client.blocks.retrieve("nope")
    with pytest.raises(BadRequestError):
        await async_client.runs.retrieve("nope")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/tools/", ["description", "tags", "source_code"]),
        ("/v1/blocks/", ["value", "limit", "project_id", "is_template", "label", "tags"]),
        ("/v1/folders/", ["name", "description", "embedding", "embedding_config"]),
        ("/v1/archives/", ["name", "embedding_config", "embedding", "description"]),
        (f"/v1/archives/archive-{ZERO}/passages", ["text", "metadata", "tags"]),
    ],
)
def test_faults_are_listed_in_the_order_of_the_fields(
    steady: Letta, path: str, fields: list[str]
) -> None:
    body = {field: [[1]] for field in reversed(fields)}
    with pytest.raises(UnprocessableEntityError) as refused:
        steady.post(path, body=body, cast_to=object)

    places = re.findall(r"'loc': \('body', '(\w+)'", str(refused.value.body))
    assert list(dict.fromkeys(places)) == fields
