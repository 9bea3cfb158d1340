"""Calls that wait for approval outlive the server that asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from letta_client import ConflictError, Letta

from mockletta.brain.decisions import Decision, ToolCall, ToolResult
from mockletta.files.state_file import StateFile
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, async_client_of, sync_client
from tests.contract.steps import Steps, approval, guarded, returns
from tests.contract.talk import (
    MODEL,
    agent_with_memory,
    context_of,
    conversation_of,
    kinds,
    oldest_first,
    reply,
)
from tests.contract.undeclared import checked

pytestmark = pytest.mark.anyio
PARALLEL: Any = {"provider_type": "openai", "parallel_tool_calls": True}
THANKS = Decision(text="Thanks.")
GIVEN = ["tool_return_message", "assistant_message"]
BOTH = Decision(
    tool_calls=(
        ToolCall("call-1", "double", "{}", ToolResult("42"), needs_approval=True),
        ToolCall("call-2", "double", "{}", ToolResult("4")),
    )
)


def asked(mock: MockLetta, client: Letta) -> str:
    """A conversation in which a call waits, and others are refused."""
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="Go!")
    return conversation


@contextmanager
def restarted(serve: Serve, mock: MockLetta, folder: Path) -> Iterator[MockLetta]:
    """Another server, with all that the first one had."""
    mock.save(folder / "world")
    mock.stop()
    other = serve(brain=Steps(THANKS))
    other.load(folder / "world")
    yield other


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stream_tokens": True},
        {"background": True},
        {"background": True, "stream_tokens": True},
    ],
)
def test_a_stream_goes_on_with_what_waited(
    serve: Serve, tmp_path: Path, options: dict[str, Any]
) -> None:
    first = serve(brain=Steps(guarded()))
    with sync_client(first) as client:
        conversation = asked(first, client)

    with restarted(serve, first, tmp_path) as mock, sync_client(mock) as client:
        create = client.conversations.messages.create
        told = checked(list(create(conversation, messages=[approval()], **options)))

    assert [kind for kind in dict.fromkeys(kinds(told)) if kind in GIVEN] == GIVEN
    assert returns(told) == [("success", "42")]


@pytest.mark.parametrize(
    ("approve", "first_return"),
    [
        (True, ("success", "42")),
        (False, ("error", "Error: request to call tool denied. User reason: None")),
    ],
)
async def test_a_reply_without_a_stream_goes_on_too(
    serve: Serve, tmp_path: Path, *, approve: bool, first_return: tuple[str, str]
) -> None:
    first = serve(brain=Steps(BOTH))
    with sync_client(first) as client:
        agent = client.agents.create(model=MODEL, model_settings=PARALLEL).id
        client.agents.messages.create(agent, input="Go!")

    with restarted(serve, first, tmp_path) as mock:
        async with async_client_of(mock) as client:
            with pytest.raises(ConflictError):
                await client.agents.messages.create(agent, input="Hello?")
            answer = [approval(approve=approve)]
            told = checked(await client.agents.messages.create(agent, messages=answer))

    assert kinds(told.messages) == GIVEN
    assert returns(told.messages) == [first_return, ("success", "4")]


def test_a_file_that_keeps_a_world_keeps_what_waits(serve: Serve, tmp_path: Path) -> None:
    path = str(tmp_path / "world.state")
    first, second = serve(brain=Steps(BOTH)), serve(brain=Steps(THANKS))
    with StateFile(path) as file, sync_client(first) as client:
        file.attach(first.world)
        agent = client.agents.create(model=MODEL, model_settings=PARALLEL).id
        conversation = conversation_of(client, agent)
        reply(client, conversation, input="Go!")
        before = oldest_first(client, conversation), context_of(client, conversation)
    first.stop()

    with StateFile(path) as file, sync_client(second) as client:
        file.attach(second.world)
        assert (oldest_first(client, conversation), context_of(client, conversation)) == before
        told = reply(client, conversation, messages=[approval()])

    assert returns(told.messages) == [("success", "42"), ("success", "4")]
