"""An agent behind the face of OpenAI's API, as OpenAI's own client sees it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from letta_client import Letta
from openai import APIError, AsyncOpenAI, BadRequestError, NotFoundError, OpenAI

from mockletta.brain.decisions import Decision, ModelFailure
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import Serve, sync_client
from tests.contract.steps import Steps, calling, doubling_agent
from tests.contract.talk import agent_with_memory

pytestmark = pytest.mark.anyio
NOON = "2026-01-01T12:00:00Z"
UNKNOWN = "agent-00000000-0000-4000-8000-000000000000"


def openai_of(mock: MockLetta) -> OpenAI:
    return OpenAI(base_url=f"{mock.base_url}/v1", api_key="any", max_retries=0)


@pytest.fixture
def openai(mock: MockLetta) -> Iterator[OpenAI]:
    with openai_of(mock) as client:
        yield client


@pytest.fixture
async def async_openai(mock: MockLetta) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{mock.base_url}/v1", api_key="any") as client:
        yield client


def user(text: str) -> Any:  # noqa: ANN401
    return [{"role": "user", "content": text}]


def ask(openai: OpenAI, agent_id: str, messages: Any) -> str | None:  # noqa: ANN401
    answer = openai.chat.completions.create(model=agent_id, messages=messages)
    return answer.choices[0].message.content


def heard(client: Letta, agent_id: str) -> list[tuple[str | None, object]]:
    """What an agent was sent, by which kind of message."""
    page = client.agents.messages.list(agent_id, order="asc")
    told = [(one.message_type, getattr(one, "content", None)) for one in page]
    return [one for one in told[1:] if one[0] != "assistant_message"]


def test_an_agent_answers_as_a_model_does(serve: Serve) -> None:
    mock = serve(brain=Steps(Decision(text="Hello Nadia.")), freeze=NOON)
    with openai_of(mock) as openai, sync_client(mock) as client:
        agent_id = agent_with_memory(client)

        answer = openai.chat.completions.create(model=agent_id, messages=user("Hi!"))

        (run,) = client.runs.list(agent_id=agent_id)
        assert (answer.id, answer.object) == (f"chatcmpl-{run.id}", "chat.completion")
        assert (answer.model, answer.created) == ("gpt-4o-mini", 1_767_268_800)
        (choice,) = answer.choices
        assert (choice.message.role, choice.message.content) == ("assistant", "Hello Nadia.")
        assert choice.finish_reason == "stop"
        assert answer.usage is not None
        assert answer.usage.total_tokens == client.runs.usage.retrieve(run.id).total_tokens


def test_a_stream_comes_in_chunks(serve: Serve) -> None:
    mock = serve(brain=Steps(Decision(text="One two.")))
    with openai_of(mock) as openai, sync_client(mock) as client:
        agent_id = agent_with_memory(client)

        chunks = list(
            openai.chat.completions.create(model=agent_id, messages=user("Hi!"), stream=True)
        )

    assert [one.choices[0].delta.content for one in chunks] == ["One ", "two.", None]
    assert [one.choices[0].delta.role for one in chunks] == ["assistant", None, None]
    assert [one.choices[0].finish_reason for one in chunks] == [None, None, "stop"]
    assert {one.object for one in chunks} == {"chat.completion.chunk"}
    assert [one.usage for one in chunks] == [None] * 3


def test_the_usage_of_a_stream_comes_last_if_it_is_wanted(openai: OpenAI, client: Letta) -> None:
    *_, last = openai.chat.completions.create(
        model=agent_with_memory(client),
        messages=user("Hi!"),
        stream=True,
        stream_options={"include_usage": True},
    )

    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens > 0


def test_a_slow_stream_is_followed_as_it_comes(serve: Serve) -> None:
    mock = serve(brain=Steps(Decision(text="a b c")), pace=Pace(0.01, 100))
    with openai_of(mock) as openai, sync_client(mock) as client:
        agent_id = agent_with_memory(client)
        stream = openai.chat.completions.create(model=agent_id, messages=user("x"), stream=True)
        assert "".join(one.choices[0].delta.content or "" for one in stream) == "a b c"

        assert ask(openai, agent_id, user("y")) == "Done."


def test_the_agent_remembers_so_only_what_is_new_is_sent(openai: OpenAI, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    first = ask(openai, agent_id, user("My cat is called Tom."))

    history = [
        {"role": "system", "content": "You are helpful."},
        *user("My cat is called Tom."),
        {"role": "assistant", "content": first},
        {"role": "developer", "content": "Be brief."},
        *user("What is my cat called?"),
    ]
    second = ask(openai, agent_id, history)

    assert "Tom" in str(second)
    assert heard(client, agent_id) == [
        ("user_message", "My cat is called Tom."),
        ("system_message", "Be brief."),
        ("user_message", "What is my cat called?"),
    ]


def test_parts_of_text_and_images_are_taken(openai: OpenAI, client: Letta) -> None:
    agent_id = agent_with_memory(client)
    parts: Any = [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,aaaa"}},
    ]

    ask(openai, agent_id, [{"role": "user", "content": parts}])

    ((_, content),) = heard(client, agent_id)
    assert [part.type for part in content] == ["text", "image"]  # type: ignore[attr-defined]


def test_calls_are_the_agents_own_business(serve: Serve) -> None:
    steps = [calling("double", '{"x": 1}', text="Let me see.", result="2"), Decision(text="Two.")]
    mock = serve(brain=Steps(*steps, *steps))
    with openai_of(mock) as openai, sync_client(mock) as client:
        agent_id = doubling_agent(client)

        stream = openai.chat.completions.create(model=agent_id, messages=user("x"), stream=True)
        told = "".join(one.choices[0].delta.content or "" for one in stream)

        assert told == "Let me see.\nTwo."
        assert ask(openai, agent_id, user("x")) == "Let me see.\nTwo."


def test_a_reply_that_is_cut_short_says_so(serve: Serve) -> None:
    mock = serve(brain=Steps(Decision(text="And then", finish="length")))
    with openai_of(mock) as openai, sync_client(mock) as client:
        answer = openai.chat.completions.create(
            model=agent_with_memory(client), messages=user("Go on")
        )

    assert answer.choices[0].finish_reason == "length"


def test_a_model_that_fails_is_an_error_of_openais(serve: Serve) -> None:
    mock = serve(brain=Broken())
    with openai_of(mock) as openai, sync_client(mock) as client:
        agent_id = agent_with_memory(client)

        with pytest.raises(APIError):
            ask(openai, agent_id, user("Hi!"))
        with pytest.raises(APIError, match="LLM"):
            list(openai.chat.completions.create(model=agent_id, messages=user("x"), stream=True))


class Broken:
    """A brain that always fails."""

    def decide(self, call: object) -> Decision:
        raise ModelFailure(500, str(type(call)))


def test_what_is_no_agent_or_has_nothing_new_is_refused(openai: OpenAI, client: Letta) -> None:
    answer: Any = {"role": "assistant", "content": "Hello."}

    with pytest.raises(NotFoundError) as unknown:
        ask(openai, UNKNOWN, user("Hi!"))
    with pytest.raises(BadRequestError) as nothing_new:
        ask(openai, agent_with_memory(client), [*user("Hi!"), answer])

    assert unknown.value.response.json() == {"detail": "Agent not found"}
    assert "newest message must be the user's" in nothing_new.value.response.json()["detail"]


def test_an_open_server_only_streams(serve: Serve) -> None:
    mock = serve(quirks=["streamed-completions-only"])
    with openai_of(mock) as openai, sync_client(mock) as client:
        agent_id = agent_with_memory(client)

        with pytest.raises(BadRequestError) as refused:
            ask(openai, agent_id, user("Hi!"))
        assert "Please set stream=true" in refused.value.response.json()["detail"]

        stream = openai.chat.completions.create(model=agent_id, messages=user("x"), stream=True)
        assert len(list(stream)) > 1


async def test_an_agent_answers_asynchronously(async_openai: AsyncOpenAI, client: Letta) -> None:
    agent_id = agent_with_memory(client)

    create = async_openai.chat.completions.create
    answer = await create(model=agent_id, messages=user("Hi!"))
    chunks = [one async for one in await create(model=agent_id, messages=user("x"), stream=True)]

    assert answer.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
