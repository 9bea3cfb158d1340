"""Tool calls and returns as an app sees them: in replies, in streams, and listed afterwards."""

from typing import Any

import pytest
from letta_client import AsyncLetta, Letta

from mockletta.brain.decisions import Decision, ToolCall, ToolResult
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Connect, Serve, async_client_of
from tests.contract.sdk import needs
from tests.contract.steps import DOUBLE, Steps, calling, doubling_agent, returns
from tests.contract.talk import MODEL, conversation_of, kinds, oldest_first, plain, reply
from tests.contract.undeclared import checked

pytestmark = pytest.mark.anyio
LONG = '{"x": 1, "why": "because it is there"}'
PARALLEL: Any = {"provider_type": "openai", "parallel_tool_calls": True}
TWO = Decision(
    text="Both.",
    tool_calls=(
        ToolCall("call-1", "double", '{"x": 1}', ToolResult("2", stdout=("out",))),
        ToolCall("call-2", "double", '{"x": 2}', ToolResult("no", "error", stderr=("err",))),
    ),
)


def agent_for_two(client: Letta, settings: Any) -> str:  # noqa: ANN401 - a TypedDict of the SDK
    tool = client.tools.create(source_code=DOUBLE)
    return client.agents.create(model=MODEL, tool_ids=[tool.id], model_settings=settings).id


@pytest.mark.parametrize("settings", [None, {**PARALLEL, "parallel_tool_calls": False}])
def test_without_parallel_tool_calls_only_the_first_is_made(
    connect: Connect, settings: object
) -> None:
    client = connect(brain=Steps(TWO))

    told = client.agents.messages.create(agent_for_two(client, settings), input="Go!")

    assert returns(checked(told).messages) == [("success", "2")]


def test_parallel_calls_are_one_message_and_return_in_one(connect: Connect) -> None:
    client = connect(brain=Steps(TWO))
    conversation = conversation_of(client, agent_for_two(client, PARALLEL))

    told = reply(client, conversation, input="Go!")

    said, call, returned, _ = told.messages
    assert kinds([said, call]) == ["assistant_message", "tool_call_message"]
    assert said.id == call.id
    assert [one["tool_call_id"] for one in plain(call)["tool_calls"]] == ["call-1", "call-2"]  # type: ignore[attr-defined]
    shown: Any = plain(returned)
    assert [(one["status"], one["stdout"], one["stderr"]) for one in shown["tool_returns"]] == [
        ("success", ["out"], []),
        ("error", [], ["err"]),
    ]
    first = ("success", "call-1", "2", ["out"], "double")
    assert (
        tuple(shown[key] for key in ("status", "tool_call_id", "tool_return", "stdout", "name"))
        == first
    )
    listed = {(one.id, one.message_type): plain(one) for one in oldest_first(client, conversation)}
    assert [listed[one.id, one.message_type] for one in told.messages] == [
        plain(one) for one in told.messages
    ]


async def test_a_token_stream_tells_a_call_piece_by_piece(serve: Serve) -> None:
    mock = serve(brain=Steps(calling("double", LONG, result="2")))
    async with async_client_of(mock) as client:
        told = await _streamed(client, stream_tokens=True)

    first, *pieces = [one.tool_call for one in told if one.message_type == "tool_call_message"]
    assert (first.name, first.arguments, first.tool_call_id) == ("double", None, "call-1")
    assert {(piece.name, piece.tool_call_id) for piece in pieces} == {(None, "call-1")}
    assert "".join(piece.arguments for piece in pieces) == LONG
    assert (len(pieces), returns(told)) == (3, [("success", "2")])


@pytest.mark.parametrize("options", [{}, {"stream_tokens": True}, {"background": True}])
async def test_only_what_is_wanted_is_told(serve: Serve, options: dict[str, Any]) -> None:
    mock = serve(brain=Steps(calling("double", LONG, result="2")))
    wanted = ["tool_return_message"]
    async with async_client_of(mock) as client:
        told = await _streamed(client, include_return_message_types=wanted, **options)

    assert kinds(told) == ["ping", *wanted, "stop_reason", "usage_statistics"]


async def _streamed(client: AsyncLetta, **options: Any) -> list[Any]:  # noqa: ANN401
    tool = await client.tools.create(source_code=DOUBLE)
    agent = await client.agents.create(model=MODEL, tool_ids=[tool.id])
    conversation = await client.conversations.create(agent_id=agent.id)
    create = client.conversations.messages.create
    return checked([one async for one in await create(conversation.id, input="Go!", **options)])


@needs("agents.messages.create", "include_return_message_types")
def test_only_the_wanted_types_are_in_a_reply(connect: Connect) -> None:
    client = connect(brain=Steps(calling("double", LONG, result="2")))
    wanted: Any = ["tool_call_message", "assistant_message"]

    told = client.agents.messages.create(
        doubling_agent(client), input="Go!", include_return_message_types=wanted
    )

    assert kinds(checked(told).messages) == wanted


def test_a_return_is_cut_to_the_tools_limit(mock: MockLetta, client: Letta) -> None:
    agent_id = doubling_agent(client, return_char_limit=5)
    mock.tool("double", lambda x: "z" * x)

    short = client.agents.messages.create(agent_id, input='Call double with {"x": 5}')
    long = client.agents.messages.create(agent_id, input='Call double with {"x": 50}')

    assert returns(short.messages) == [("success", "zzzzz")]
    note = "[NOTE: function output was truncated since it exceeded the character limit (140 > 5)]"
    assert returns(long.messages) == [("success", f"zzzzz... {note}")]
