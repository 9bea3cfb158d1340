"""Without any script, agents call tools: when they are told to, and for what a tool answers."""

from typing import Any

import pytest
from letta_client import Letta

from tests.contract.conftest import Connect
from tests.contract.steps import DOUBLE, approval, doubling_agent, returns
from tests.contract.talk import MODEL, agent_with_memory, conversation_of, kinds, reply, text_of
from tests.contract.undeclared import checked

WEATHER = {
    "name": "get_weather",
    "description": "Get the current weather for a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
CALLED = ["tool_call_message", "tool_return_message", "assistant_message"]


@pytest.mark.parametrize("text", ['Call the tool double with {"x": 4}', "What is the double of 4?"])
def test_a_tool_is_called_and_its_return_worded(client: Letta, text: str) -> None:
    agent_id = doubling_agent(client)

    told = checked(client.agents.messages.create(agent_id, input=text))

    assert (kinds(told.messages), told.stop_reason.stop_reason) == (CALLED, "end_turn")
    stand_in = "This is a stand-in: mockletta does not run the tool double."
    assert text_of(told.messages) == f"The tool double returned: {stand_in}"


def test_a_failure_is_worded_as_one(client: Letta) -> None:
    told = client.agents.messages.create(doubling_agent(client), input="Call double with y=4")

    assert [status for status, _ in returns(told.messages)] == ["error"]
    assert text_of(told.messages).startswith("The tool double failed: Error executing function")


def test_a_tool_of_the_app_is_called(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    question = "What is the weather in Paris?"

    first = reply(client, conversation, input=question, client_tools=[WEATHER])
    [call] = [one.tool_call for one in first.messages if hasattr(one, "tool_call")]
    answer = {"type": "tool", "tool_call_id": call.tool_call_id, "tool_return": "It rains."}
    given: Any = {"type": "approval", "approvals": [{**answer, "status": "success"}]}
    second = reply(client, conversation, messages=[given])

    assert (call.name, call.arguments) == ("get_weather", '{"city": "Paris"}')
    assert text_of(second.messages) == "The tool get_weather returned: It rains."


@pytest.mark.parametrize("approve", [True, False])
def test_a_call_that_needs_approval_waits_for_it(client: Letta, approve: bool) -> None:
    agent_id = doubling_agent(client, default_requires_approval=True)

    first = client.agents.messages.create(agent_id, input="Use the double tool on 4")
    [call] = [one.tool_call for one in first.messages if hasattr(one, "tool_call")]
    answer = approval(str(call.tool_call_id), approve=approve, reason="No.")
    second = client.agents.messages.create(agent_id, messages=[answer])

    assert first.stop_reason.stop_reason == "requires_approval"
    assert kinds(second.messages) == CALLED[1:]
    outcome = "returned: This" if approve else "failed: Error: request to call tool denied"
    assert text_of(second.messages).startswith(f"The tool double {outcome}")


def test_it_can_be_switched_off(connect: Connect) -> None:
    client = connect(tool_calls=False)
    agent_id = doubling_agent(client)

    for text in ('Call the tool double with {"x": 4}', "What is the double of 4?"):
        told = client.agents.messages.create(agent_id, input=text)
        assert kinds(told.messages) == ["assistant_message"]


def test_a_context_that_is_full_does_not_make_it_call_again(client: Letta) -> None:
    tool = client.tools.upsert(source_code=DOUBLE)
    agent = client.agents.create(
        model=MODEL, tool_ids=[tool.id], include_base_tools=False, context_window_limit=4000
    )
    text = 'Call the tool double with {"x": 4}\n' + "Some words. " * 1300

    told = checked(client.agents.messages.create(agent.id, input=text))

    assert kinds(told.messages).count("tool_call_message") == 1
    assert told.stop_reason.stop_reason == "end_turn"


FIRST = {"type": "run_first", "tool_name": "fetch"}
NEXT = {"type": "constrain_child_tools", "tool_name": "fetch", "children": ["store"]}
LAST = {"type": "required_before_exit", "tool_name": "store"}


@pytest.mark.parametrize(
    ("rules", "called"),
    [
        ([FIRST], ["fetch"]),
        ([FIRST, NEXT], ["fetch", "store"]),
        ([LAST], ["store"]),
        ([FIRST, LAST], ["fetch", "store"]),
    ],
)
def test_what_tool_rules_demand_is_called_unasked(
    connect: Connect, rules: list[Any], called: list[str]
) -> None:
    client = connect(tool_calls=False)
    tools = [
        client.tools.create(
            source_code=f"def {name}(x: str) -> str:\n    'Do it.\\n\\n:param x: What.'"
        ).id
        for name in ("store", "fetch")
    ]
    agent = client.agents.create(model=MODEL, tool_ids=tools, tool_rules=rules)

    told = checked(client.agents.messages.create(agent.id, input="Hello!"))

    calls = [one.tool_call for one in told.messages if one.message_type == "tool_call_message"]
    assert [(call.name, call.arguments) for call in calls] == [
        (name, '{"x": "Hello!"}') for name in called
    ]
    assert told.stop_reason.stop_reason == "end_turn"
    assert f"The tool {called[-1]} returned: This is a stand-in" in text_of(told.messages)
