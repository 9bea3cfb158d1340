"""What becomes of the tool calls a brain asks for."""

import json

import pytest
from letta_client import Letta
from letta_client.types import ToolReturnMessage

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from mockletta.turns.system_prompt import DESCRIPTIONS
from tests.contract.conftest import Connect
from tests.contract.talk import MODEL
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
