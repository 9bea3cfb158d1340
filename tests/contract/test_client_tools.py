"""Tools that the app runs itself: the turn waits for what they return."""

from typing import Any

import pytest
from letta_client import UnprocessableEntityError
from letta_client.types import ToolReturnMessage

from mockletta.brain.decisions import Decision, ToolCall
from tests.contract.conftest import Connect, Serve, async_client_of
from tests.contract.sdk import IS_OLDER
from tests.contract.steps import Steps, calling
from tests.contract.talk import (
    MODEL,
    agent_with_memory,
    conversation_of,
    ended,
    history,
    kinds,
    reply,
)
from tests.contract.undeclared import checked

pytestmark = pytest.mark.anyio
OFFERED: Any = [{"name": "screenshot", "description": "Takes one.", "parameters": {}}]
PIXEL = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}}


def returning(value: object, status: str = "success", **rest: object) -> Any:  # noqa: ANN401
    """A message with what the app's tool returned; the SDK's types for it differ."""
    answer = {"type": "tool", "tool_call_id": "call-1", "tool_return": value, "status": status}
    return {"type": "approval", "approvals": [{**answer, **rest}]}


def last_return(messages: list[Any]) -> ToolReturnMessage:
    [found] = [one for one in messages if isinstance(one, ToolReturnMessage)]
    return found


def test_the_turn_waits_for_the_app(connect: Connect) -> None:
    brain = Steps(calling("screenshot", text="Let me look."), Decision(text="Nice."))
    client = connect(brain=brain)
    conversation = conversation_of(client, agent_with_memory(client))

    first = reply(client, conversation, input="Look!", client_tools=OFFERED)
    second = reply(client, conversation, messages=[returning("a cat")])

    assert kinds(first.messages) == ["assistant_message", "approval_request_message"]
    assert kinds(second.messages) == ["tool_return_message", "assistant_message"]
    assert "screenshot" in brain.calls[0].tools
    assert '"message": "a cat"' in brain.calls[1].messages[-1].text


def test_the_app_can_say_that_its_tool_failed(connect: Connect) -> None:
    client = connect(brain=Steps(calling("screenshot")))
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="Look!", client_tools=OFFERED)

    output = {"stdout": ["looking"], "stderr": ["black"]}
    told = reply(client, conversation, messages=[returning("no screen", "error", **output)])

    found = last_return(told.messages)
    assert (found.status, found.tool_return) == ("error", "no screen")
    assert (found.stdout, found.stderr) == (["looking"], ["black"])


@pytest.mark.skipif(IS_OLDER, reason="an older SDK reads text returns only")
@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([PIXEL], "[Image omitted]"),
        ([PIXEL, PIXEL], "[2 images omitted]"),
        ([{"type": "text", "text": "a cat"}, PIXEL], "a cat [Image omitted]"),
    ],
)
def test_a_return_can_have_several_parts(connect: Connect, parts: list[Any], text: str) -> None:
    client = connect(brain=Steps(calling("screenshot")))
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="Look!", client_tools=OFFERED)

    found = last_return(reply(client, conversation, messages=[returning(parts)]).messages)

    assert found.tool_return == text
    assert found.tool_returns is not None
    assert [part.type for part in found.tool_returns[0].tool_return] == [  # type: ignore[union-attr]
        part["type"] for part in parts
    ]


def test_returns_can_be_sent_as_such(connect: Connect) -> None:
    client = connect(brain=Steps(calling("screenshot")))
    conversation = conversation_of(client, agent_with_memory(client))
    list(client.conversations.messages.create(conversation, input="x", client_tools=OFFERED))
    given = [{"tool_call_id": "call-1", "tool_return": "a cat", "status": "success"}]

    told = checked(
        list(
            client.conversations.messages.create(
                conversation,
                messages=[{"type": "tool_return", "tool_returns": given}],  # type: ignore[typeddict-item]
            )
        )
    )

    assert "tool_return_message" in kinds(told)


def test_a_token_stream_does_not_echo_what_the_app_sent(connect: Connect) -> None:
    client = connect(brain=Steps(calling("screenshot")))
    conversation = conversation_of(client, agent_with_memory(client))
    send = client.conversations.messages.create
    asked = list(send(conversation, input="x", client_tools=OFFERED, stream_tokens=True))

    told = list(send(conversation, messages=[returning("a cat")], stream_tokens=True))

    assert "approval_request_message" in kinds(checked(asked))
    assert "tool_return_message" not in kinds(told)
    assert "tool_return_message" in [kind for kind, _ in history(client, conversation)]


async def test_it_works_with_the_async_client(serve: Serve) -> None:
    async with async_client_of(serve(brain=Steps(calling("screenshot")))) as client:
        agent = await client.agents.create(model=MODEL)

        asked = await client.agents.messages.create(agent.id, input="x", client_tools=OFFERED)
        told = await client.agents.messages.create(agent.id, messages=[returning("a cat")])

    assert asked.stop_reason.stop_reason == "requires_approval"
    assert last_return(checked(told).messages).tool_return == "a cat"


def test_the_apps_tools_mix_with_the_servers(connect: Connect) -> None:
    both = Decision(
        tool_calls=(
            ToolCall("call-0", "memory_insert", '{"label": "human", "new_string": "Likes cats."}'),
            ToolCall("call-1", "screenshot", "{}"),
        )
    )
    client = connect(brain=Steps(both))
    agent = client.agents.create(
        model=MODEL,
        memory_blocks=[{"label": "human", "value": "Nadia"}],
        model_settings={"provider_type": "openai", "parallel_tool_calls": True},
    )

    asked = client.agents.messages.create(agent.id, input="x", client_tools=OFFERED)
    unchanged = client.agents.blocks.retrieve("human", agent_id=agent.id).value
    told = client.agents.messages.create(agent.id, messages=[returning("a cat")])

    assert kinds(asked.messages) == ["tool_call_message", "approval_request_message"]
    assert unchanged == "Nadia"
    returns = last_return(told.messages).tool_returns or []
    assert [item.tool_call_id for item in returns] == ["call-1", "call-0"]
    assert "cats" in client.agents.blocks.retrieve("human", agent_id=agent.id).value


def test_a_laid_down_return_is_given_in_the_apps_place(connect: Connect) -> None:
    client = connect(brain=Steps(calling("screenshot", result="a dog")))
    agent = client.agents.create(model=MODEL)

    told = client.agents.messages.create(agent.id, input="x", client_tools=OFFERED)

    assert last_return(told.messages).tool_return == "a dog"


@pytest.mark.parametrize(
    ("quirks", "stop"), [((), "requires_approval"), (("recorded",), "end_turn")]
)
def test_an_async_run_waits_for_the_client(
    connect: Connect, quirks: tuple[str, ...], stop: str
) -> None:
    """The recorded server did not know the client's tools there [76 needs approval]."""
    client = connect(brain=Steps(calling("screenshot")), quirks=quirks)
    agent = client.agents.create(model=MODEL)

    run = client.agents.messages.create_async(agent.id, input="x", client_tools=OFFERED)

    assert ended(client, run.id).stop_reason == stop


@pytest.mark.parametrize(
    "message",
    [returning("x", "maybe"), {"type": "approval", "approvals": [{"type": "nope"}]}],
)
def test_answers_are_checked(connect: Connect, message: Any) -> None:  # noqa: ANN401
    client = connect(brain=Steps(calling("screenshot")))
    conversation = conversation_of(client, agent_with_memory(client))

    with pytest.raises(UnprocessableEntityError):
        reply(client, conversation, messages=[message])
