"""What the SDK raises when the model provider fails: in a stream, and without one."""

from typing import NoReturn

import pytest
from letta_client import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    Letta,
    NotFoundError,
    RateLimitError,
)

from mockletta.brain.decisions import ModelCall, ModelFailure
from tests.contract.conftest import MODEL, Connect, Serve, async_client_of
from tests.contract.talk import (
    agent_with_memory,
    ask,
    conversation_of,
    ended,
    history,
    kinds,
    reply,
    run_of,
    say,
    text_of,
)
from tests.contract.undeclared import checked
from tests.replay.stand_in import StandIn

GENERIC = "An error occurred with the LLM request."
LLM_ERROR = ("llm_error", GENERIC)
# The provider's status, and error type and message of the stream's error event [43].
STREAMED = [
    (400, *LLM_ERROR),
    (401, "llm_authentication", "Authentication failed with the LLM model provider."),
    (402, *LLM_ERROR),
    (403, *LLM_ERROR),
    (404, *LLM_ERROR),
    (422, *LLM_ERROR),
    (
        429,
        "llm_rate_limit",
        "Rate limit exceeded for LLM model provider. Please wait before making another request.",
    ),
    (500, *LLM_ERROR),
    (503, *LLM_ERROR),
]
# The provider's status, what the SDK raises for it without a stream, and the body's error type.
ANSWERED: list[tuple[int, type[APIStatusError], int, str]] = [
    (400, BadRequestError, 400, "llm_bad_request"),
    (401, AuthenticationError, 401, "llm_authentication"),
    (403, InternalServerError, 500, "llm_error"),
    (404, InternalServerError, 500, "llm_error"),
    (422, InternalServerError, 500, "llm_error"),
    (429, RateLimitError, 429, "llm_rate_limit"),
    (500, InternalServerError, 500, "llm_error"),
    (503, InternalServerError, 500, "llm_error"),
]
UNKNOWN = "conv-00000000-0000-4000-8000-000000000000"
PLAN = (
    '<<plan [{"tool": "conversation_search", "args": {"query": "zebra"}}, {"error": 400}]>> please'
)

# The SDK calls `agents.messages.stream` deprecated; it is part of the contract all the same.
old_word = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")


class Unreachable:
    """A brain whose provider cannot be reached."""

    def decide(self, call: ModelCall) -> NoReturn:  # noqa: ARG002
        raise ModelFailure(message="Connection refused", kind="unreachable")


@pytest.fixture
def conversation_id(scripted: Letta) -> str:
    return conversation_of(scripted, agent_with_memory(scripted))


@pytest.mark.parametrize(("status", "error_type", "message"), STREAMED)
def test_a_failing_stream_raises_its_error_event(
    scripted: Letta, conversation_id: str, status: int, error_type: str, message: str
) -> None:
    stream = scripted.conversations.messages.create(conversation_id, input=f"<<error {status}>>")
    ping, stop = checked([next(stream), next(stream)])
    assert kinds([ping]) == ["ping"]
    assert stop.to_dict() == {"message_type": "stop_reason", "stop_reason": "llm_api_error"}
    with pytest.raises(APIStatusError) as raised:
        next(stream)
    assert raised.value.status_code == 200
    body = raised.value.body
    assert isinstance(body, dict)
    assert f"fake error {status}" in body["detail"]
    assert body == {
        "message_type": "error_message",
        "run_id": run_of([ping]),
        "error_type": error_type,
        "message": message,
        "detail": body["detail"],
        "seq_id": None,
    }


PROVIDERS = [
    ("openai", "INTERNAL_SERVER_ERROR: Failed to connect to OpenAI: Connection refused [BYOK]"),
    (
        "anthropic",
        "INTERNAL_SERVER_ERROR: Failed to connect to Anthropic: Connection refused [BYOK]",
    ),
    ("google_ai", "Unhandled LLM error: Connection refused [BYOK]"),
]


def agent_of(client: Letta, provider: str) -> str:
    """An agent whose model is served by a provider of the user's own."""
    name = f"my-{provider}"
    client.post(
        "/v1/providers/",
        body={"name": name, "provider_type": provider, "api_key": "k"},
        cast_to=object,
    )
    models = {"anthropic": "claude-haiku-4-5", "google_ai": "gemini-2.5-flash"}
    return client.agents.create(model=f"{name}/{models.get(provider, 'gpt-4o-mini')}").id


@pytest.mark.parametrize(("provider", "detail"), PROVIDERS)
def test_a_provider_that_cannot_be_reached_is_named(
    connect: Connect, provider: str, detail: str
) -> None:
    client = connect(brain=Unreachable())
    agent_id = agent_of(client, provider)

    with pytest.raises(InternalServerError) as raised:
        client.agents.messages.create(agent_id, input="Hello!")

    body = raised.value.body
    assert isinstance(body, dict)
    assert (body["error"]["type"], body["error"]["detail"]) == ("llm_error", detail)


def test_a_token_stream_of_googles_fails_in_its_middle(connect: Connect) -> None:
    client = connect(brain=Unreachable())
    conversation_id = conversation_of(client, agent_of(client, "google_ai"))

    stream = client.conversations.messages.create(
        conversation_id, input="Hello!", stream_tokens=True
    )
    before = [next(stream) for _ in range(3)]
    with pytest.raises(APIStatusError) as raised:
        next(stream)

    assert kinds(before) == ["ping", "stop_reason", "stop_reason"]
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["error_type"] == "internal_error"


@pytest.mark.parametrize(("status", "error", "answered", "error_type"), ANSWERED)
def test_a_failing_reply_raises_the_class_of_its_status(
    scripted: Letta,
    conversation_id: str,
    status: int,
    error: type[APIStatusError],
    answered: int,
    error_type: str,
) -> None:
    with pytest.raises(error) as raised:
        reply(scripted, conversation_id, input=f"<<error {status}>>")
    assert (type(raised.value), raised.value.status_code) == (error, answered)
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["error"].keys() == {"type", "message", "detail"}
    assert body["error"]["type"] == error_type
    assert f"fake error {status}" in body["error"]["detail"]


@old_word
@pytest.mark.parametrize("status", [400, 429, 500])
def test_agents_messages_fail_likewise(scripted: Letta, status: int) -> None:
    agent = agent_with_memory(scripted)
    with pytest.raises(APIStatusError) as without_stream:
        scripted.agents.messages.create(agent, input=f"<<error {status}>>")
    with pytest.raises(APIStatusError) as in_stream:
        list(scripted.agents.messages.stream(agent, input=f"<<error {status}>>"))
    assert (without_stream.value.status_code, in_stream.value.status_code) == (status, 200)
    assert history(scripted, agent) == []


@pytest.mark.parametrize("stream_tokens", [False, True])
@pytest.mark.parametrize("background", [False, True])
def test_a_failure_leaves_nothing_behind_and_the_next_message_works(
    scripted: Letta, conversation_id: str, *, stream_tokens: bool, background: bool
) -> None:
    with pytest.raises(APIStatusError):
        list(
            scripted.conversations.messages.create(
                conversation_id,
                input="<<error 500>>",
                stream_tokens=stream_tokens,
                background=background,
            )
        )
    assert history(scripted, conversation_id) == []
    assert say(scripted, conversation_id, "fine?") == "Reply 1 to: fine?"


@pytest.mark.parametrize("background", [False, True])
def test_a_later_step_that_fails_keeps_the_steps_before_it(
    scripted: Letta, conversation_id: str, *, background: bool
) -> None:
    stream = scripted.conversations.messages.create(
        conversation_id, input=PLAN, background=background
    )
    told = [next(stream) for _ in range(4)]
    assert kinds(told) == ["ping", "tool_call_message", "tool_return_message", "stop_reason"]
    with pytest.raises(APIStatusError, match="An error occurred during agent execution"):
        next(stream)
    kept = [kind for kind, _ in history(scripted, conversation_id)]
    assert kept == ["user_message", "tool_call_message", "tool_return_message"]
    status = "failed" if background else "completed"
    assert ended(scripted, run_of(told)).status == status


def test_without_streaming_a_later_step_that_fails_keeps_them_too(
    scripted: Letta, conversation_id: str
) -> None:
    with pytest.raises(BadRequestError):
        reply(scripted, conversation_id, input=PLAN)
    kept = [kind for kind, _ in history(scripted, conversation_id)]
    assert kept == ["user_message", "tool_call_message", "tool_return_message"]


def test_a_connection_that_drops_in_the_middle_has_told_its_words(
    scripted: Letta, conversation_id: str
) -> None:
    stream = scripted.conversations.messages.create(
        conversation_id, input="<<drop>> a b c", stream_tokens=True
    )
    told = [next(stream) for _ in range(3)]
    assert text_of(told) == "Reply 1 "
    with pytest.raises(APIStatusError) as raised:
        list(stream)
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["error_type"] == "internal_error"
    assert history(scripted, conversation_id) == []


def test_a_provider_that_cannot_be_reached_is_an_internal_error(connect: Connect) -> None:
    client = connect(brain=Unreachable())
    conversation = conversation_of(client, agent_with_memory(client))
    with pytest.raises(InternalServerError) as raised:
        reply(client, conversation, input="Hello!")
    body = raised.value.body
    assert isinstance(body, dict)
    assert (raised.value.status_code, body["error"]["type"]) == (500, "llm_error")
    with pytest.raises(APIStatusError, match=GENERIC):
        ask(client, conversation, "Hello!")


def test_a_context_that_overflows_once_is_compacted_and_the_turn_goes_on(
    scripted: Letta, conversation_id: str
) -> None:
    for number in range(5):
        say(scripted, conversation_id, f"number {number}")
    told = ask(scripted, conversation_id, "<<overflow once here>> go on")
    assert kinds(told) == ["ping", "assistant_message", "stop_reason", "usage_statistics"]
    context = scripted.conversations.retrieve(conversation_id).in_context_message_ids or []
    assert len(context) < 13


def test_a_failed_background_run_is_told_again_as_a_failure(
    scripted: Letta, conversation_id: str
) -> None:
    stream = scripted.conversations.messages.create(
        conversation_id, input="<<error 429>>", background=True
    )
    run_id = run_of([next(stream)])
    with pytest.raises(APIStatusError):
        list(stream)
    with pytest.raises(APIStatusError, match="llm_rate_limit"):
        list(scripted.runs.messages.stream(run_id))


def test_a_stock_client_tries_again_and_succeeds(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letta_client._base_client.INITIAL_RETRY_DELAY", 0.0)
    mock = serve(brain=StandIn())
    with Letta(base_url=mock.base_url, api_key="any") as client:
        conversation = conversation_of(client, agent_with_memory(client))
        answer = reply(client, conversation, input="<<error 429 once busy>> well?")
    assert answer.usage.step_count == 1


def test_a_failure_before_the_stream_is_a_plain_status(scripted: Letta) -> None:
    with pytest.raises(NotFoundError):
        ask(scripted, UNKNOWN, "Hello!")
    with pytest.raises(NotFoundError):
        reply(scripted, UNKNOWN, input="Hello!")


@old_word
@pytest.mark.anyio
async def test_asynchronous_clients_are_raised_the_same(serve: Serve) -> None:
    async with async_client_of(serve(brain=StandIn())) as client:
        agent = await client.agents.create(model=MODEL)
        stream = await client.agents.messages.stream(agent.id, input="<<error 429>>")
        with pytest.raises(APIStatusError, match="llm_rate_limit"):
            [frame async for frame in stream]
        with pytest.raises(RateLimitError):
            await client.agents.messages.create(agent.id, input="<<error 429>>")


@pytest.mark.anyio
async def test_asynchronous_conversations_fail_in_their_stream(serve: Serve) -> None:
    async with async_client_of(serve(brain=StandIn())) as client:
        agent = await client.agents.create(model=MODEL)
        conversation = await client.conversations.create(agent_id=agent.id)
        stream = await client.conversations.messages.create(conversation.id, input="<<error 401>>")
        with pytest.raises(APIStatusError, match="llm_authentication"):
            [frame async for frame in stream]
