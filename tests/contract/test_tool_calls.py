"""What becomes of the tool calls a brain asks for."""

import json
from typing import Any

import pytest
from letta_client import APIStatusError, InternalServerError, Letta
from letta_client.types import ToolReturnMessage

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from mockletta.turns.context.system_prompt import DESCRIPTIONS
from tests.contract.conftest import Connect, Serve
from tests.contract.talk import MODEL, kinds
from tests.contract.undeclared import checked


class CallsOnce:
    """A brain that calls one tool and is done."""

    def __init__(self, name: str, **arguments: object) -> None:
        self.call = ToolCall("call-1", name, json.dumps(arguments))

    def decide(self, call: ModelCall) -> Decision:
        if call.messages[-1].role == "tool":
            return Decision(text="Done.")
        return Decision(tool_calls=(self.call,))


def returned(client: Letta, *tools: str) -> ToolReturnMessage:
    """What the tool returns to an agent that has these tools."""
    blocks = [{"label": "human", "value": "H"}]
    agent = client.agents.create(model=MODEL, memory_blocks=blocks, tools=list(tools))  # type: ignore[arg-type]
    answer = checked(client.agents.messages.create(agent.id, input="Go!"))
    [found] = [one for one in answer.messages if isinstance(one, ToolReturnMessage)]
    return found


def test_a_tool_the_agent_does_not_have_is_not_run(connect: Connect) -> None:
    found = returned(connect(brain=CallsOnce("launch")))

    assert found.status == "error"
    assert "Cannot call launch, valid tools include: [" in found.tool_return


@pytest.mark.parametrize("rows_at_once", [2_000, 1])
def test_a_search_of_many_messages_finds_the_same(
    connect: Connect, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockletta.search.slices.ROWS_AT_ONCE", rows_at_once)
    client = connect(brain=CallsOnce("conversation_search", query="ALICE", roles=["user"]))
    agent = client.agents.create(model=MODEL, include_base_tools=True)
    for text in ("I am Alice.", "I am Bob."):
        client.agents.messages.create(agent.id, input=text)

    args: dict[str, object] = {"query": "ALICE", "roles": ["user"]}
    run: Any = client.agents.tools.run("conversation_search", agent_id=agent.id, args=args)
    *_, last, _ = client.agents.messages.create(agent.id, input="Go!").messages

    assert [one["content"] for one in run.func_return["results"]] == ["I am Alice."]
    assert isinstance(last, ToolReturnMessage)
    assert "I am Alice." in last.tool_return
    assert "I am Bob." not in last.tool_return


@pytest.mark.parametrize("rows_at_once", [2_000, 1])
def test_the_journal_says_that_a_search_with_dates_depends_on_a_quirk(
    serve: Serve, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockletta.search.slices.ROWS_AT_ONCE", rows_at_once)
    mock = serve(brain=CallsOnce("conversation_search", start_date="2000-01-01"))
    with mock.client() as client:
        agent = client.agents.create(model=MODEL, include_base_tools=True)
        for text in ("I am Alice.", "Go!"):
            client.agents.messages.create(agent.id, input=text)

    [*_, entry] = mock.journal
    assert [one.quirk for one in entry.quirks] == ["search-without-embeddings"]


def test_a_value_stands_in_for_a_tool_that_is_not_imitated(connect: Connect) -> None:
    brain = CallsOnce("fetch_webpage", url="x")

    found = returned(connect(brain=brain), "fetch_webpage")

    assert found.status == "success"
    assert found.tool_return.startswith("This is a stand-in: mockletta does not run")


@pytest.mark.parametrize(
    ("arguments", "label", "value", "description"),
    [
        ({"command": "rename", "path": "/memories/human", "description": "D"}, "human", "H", "D"),
        (
            {"command": "rename", "old_path": "/memories/human", "new_path": "/memories/user"},
            "user",
            "H",
            DESCRIPTIONS["human"],
        ),
    ],
)
def test_the_memory_tool_renames_and_describes(
    connect: Connect,
    arguments: dict[str, object],
    label: str,
    value: str,
    description: str,
) -> None:
    client = connect(brain=CallsOnce("memory", **arguments))

    assert returned(client, "memory").status == "success"

    [agent] = client.agents.list(include=["agent.blocks"])
    [block] = agent.blocks
    assert (block.label, block.value, block.description) == (label, value, description)


@pytest.mark.parametrize(("arguments", "type_name"), [("[1]", "list"), ("5", "int")])
def test_arguments_that_are_no_object_fail_the_turn(
    connect: Connect, arguments: str, type_name: str
) -> None:
    brain = CallsOnce("conversation_search")
    brain.call = ToolCall("call-1", "conversation_search", arguments)
    client = connect(brain=brain)
    agent_id = client.agents.create(model=MODEL).id

    with pytest.raises(InternalServerError, match="An unknown error occurred"):
        client.agents.messages.create(agent_id, input="Go!")
    with pytest.raises(APIStatusError) as raised:
        list(client.agents.messages.create(agent_id, input="Go!", streaming=True))

    body = raised.value.body
    assert isinstance(body, dict)
    assert body["detail"] == f"the JSON object must be str, bytes or bytearray, not {type_name}"
    assert len(list(client.agents.messages.list(agent_id))) == 1


def test_wrong_arguments_are_streamed_before_they_fail_a_turn_in_tokens(connect: Connect) -> None:
    brain = CallsOnce("conversation_search")
    brain.call = ToolCall("call-1", "conversation_search", "[1]")
    client = connect(brain=brain)
    agent_id = client.agents.create(model=MODEL).id

    stream = client.agents.messages.create(
        agent_id, input="Go!", streaming=True, stream_tokens=True
    )
    before = kinds([next(stream) for _ in range(4)])
    with pytest.raises(APIStatusError):
        next(stream)
    assert before == ["ping", "tool_call_message", "tool_call_message", "stop_reason"]
