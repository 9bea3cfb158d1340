"""Tools that the test author wrote: which function runs when, and what becomes of its return."""

import json
import os
from typing import Any

import pytest
from letta_client import AsyncLetta, Letta

from mockletta.errors import BadSettings
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, sync_client
from tests.contract.steps import Steps, approval, calling, doubling_agent, returns
from tests.contract.talk import MODEL

pytestmark = pytest.mark.anyio
REQUEST = 'call double with {"x": 21}'


def answered(client: Letta, agent: str, text: str = REQUEST) -> list[tuple[str, str]]:
    return returns(client.agents.messages.create(agent, input=text).messages)


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    mock = serve()
    mock.when("call double with {given}").call("double", x=21).say("Told.")
    return mock


def test_a_function_of_the_test_author_is_the_tool(mock: MockLetta, client: Letta) -> None:
    asked: list[object] = []

    @mock.tool
    def double(x: int) -> int:
        asked.append(x)
        return x * 2

    assert answered(client, doubling_agent(client)) == [("success", "42")]
    assert asked == [21]
    assert double(2) == 4


def test_a_function_finds_the_secrets_of_its_agent_in_its_environment(
    mock: MockLetta, client: Letta
) -> None:
    agent = doubling_agent(client)
    client.agents.update(agent, secrets={"FACTOR": "3"})
    mock.tool("double", lambda x: (x * int(os.environ["FACTOR"]), os.environ["LETTA_AGENT_ID"]))

    assert answered(client, agent) == [("success", str((63, agent)))]
    assert "FACTOR" not in os.environ


async def test_an_asynchronous_client_sees_its_return(
    mock: MockLetta, client: Letta, async_client: AsyncLetta
) -> None:
    agent = doubling_agent(client)
    mock.tool("double", lambda x: {"sum": x, "by": (1, 2)})

    told = await async_client.agents.messages.create(agent, input=REQUEST)

    assert returns(told.messages) == [("success", "{'sum': 21, 'by': (1, 2)}")]


def test_a_model_is_sent_the_dict_a_function_returned(serve: Serve) -> None:
    brain = Steps(calling("double", '{"x": 1}'))
    mock = serve(brain=brain)
    mock.tool("double")(lambda x: {"sum": [x, "\ud800"]})
    with sync_client(mock) as client:
        assert answered(client, doubling_agent(client)) == [("success", "{'sum': [1, '\\ud800']}")]

    assert json.loads(brain.calls[1].messages[-1].text)["message"] == {"sum": [1, "?"]}


def test_what_a_function_raises_is_shown_as_the_server_shows_it(
    mock: MockLetta, client: Letta
) -> None:
    def fail(x: int) -> None:
        raise LookupError(f"no {x}")

    mock.tool("double", fail)

    text = "Error executing function double: LookupError: no 21"
    assert answered(client, doubling_agent(client)) == [("error", text)]


class Odd(Exception):
    def __str__(self) -> str:
        raise self


def odd(x: int) -> object:
    raise Odd(x)


@pytest.mark.parametrize("function", [odd, lambda x: {(x,): 1}, lambda x, y: x + y])
def test_a_function_that_cannot_be_told_of_is_an_error_too(
    mock: MockLetta, client: Letta, function: object
) -> None:
    mock.tool("double", function)  # type: ignore[call-overload]

    [(status, text)] = answered(client, doubling_agent(client))

    assert status == "error"
    assert text.startswith("Error executing function double: ")


def test_a_function_is_not_called_with_arguments_the_tool_does_not_have(serve: Serve) -> None:
    mock = serve(brain=Steps(calling("double", '{"y": 1}')))
    mock.tool("double", lambda **given: given)
    with sync_client(mock) as client:
        [(status, text)] = answered(client, doubling_agent(client))

    assert (status, text.partition(": ")[2][:9]) == ("error", "TypeError")


def test_what_a_script_lays_down_comes_before_a_function(mock: MockLetta, client: Letta) -> None:
    mock.tool("double", lambda x: x)
    mock.when("Scripted").call("double", x=1, returns="laid down").say("Told.")

    assert answered(client, doubling_agent(client), "Scripted") == [("success", "laid down")]


def test_a_function_comes_before_our_own_tools(mock: MockLetta, client: Letta) -> None:
    mock.tool("conversation_search", lambda query: f"nothing about {query}")
    mock.when("Search").call("conversation_search", query="cats").say("Told.")
    agent = client.agents.create(model=MODEL).id

    assert answered(client, agent, "Search") == [("success", "nothing about cats")]


def test_a_function_needs_a_tool_that_the_agent_has(mock: MockLetta, client: Letta) -> None:
    mock.tool("double", lambda x: x)
    agent = client.agents.create(model=MODEL, include_base_tools=False).id

    [(status, text)] = answered(client, agent)

    assert status == "error"
    assert text.startswith("[ToolConstraintError] Cannot call double")


def test_an_approved_call_and_a_run_without_a_turn_call_the_function(serve: Serve) -> None:
    mock = serve()
    mock.tool("double", lambda x: f"doubled {x}")
    mock.when("Double").call("double", x=21, approve=True).say("Told.")
    with sync_client(mock) as client:
        agent = doubling_agent(client)
        asked = client.agents.messages.create(agent, input="Double")
        [call] = [one.tool_call for one in asked.messages if hasattr(one, "tool_call")]
        told = client.agents.messages.create(agent, messages=[approval(str(call.tool_call_id))])
        run = client.agents.tools.run("double", agent_id=agent, args={"x": 4})

    assert returns(told.messages) == [("success", "doubled 21")]
    assert (run.status, run.func_return) == ("success", "doubled 4")


def test_a_function_that_changes_its_arguments_changes_no_later_request(
    mock: MockLetta, client: Letta
) -> None:
    mock.tool("double", lambda x: [x.append(1), len(x)][1])
    source = "def double(x: list) -> int:\n    '''Double.\n\n    Args:\n        x: Some.\n    '''"
    body = {"source_code": source, "args": {"x": []}}

    runs: list[Any] = [client.post("/v1/tools/run", body=body, cast_to=object) for _ in range(2)]

    assert [run["tool_return"] for run in runs] == ["1", "1"]


def test_functions_go_with_a_fork_and_a_snapshot_and_end_with_a_reset(
    mock: MockLetta, client: Letta
) -> None:
    mock.tool("double", lambda x: f"first {x}")
    forked, taken = mock.fork(), mock.snapshot()
    mock.tool("double", lambda x: f"second {x}")

    assert answered(client, doubling_agent(client)) == [("success", "second 21")]
    with forked.client() as other:
        assert answered(other, doubling_agent(other)) == [("success", "first 21")]
    mock.restore(taken)
    assert answered(client, doubling_agent(client)) == [("success", "first 21")]
    mock.reset()
    assert mock.world.functions.find("double") is None


async def later(x: int) -> int:
    return x


@pytest.mark.parametrize(
    ("name", "function", "told"),
    [
        ("", len, "expects a name first"),
        ("f", 5, "expects a function, received 5"),
        ("f", later, "synchronous function"),
        (lambda x: x, None, "expects a name first"),
    ],
)
def test_what_cannot_be_a_tool_is_refused(
    mock: MockLetta, name: str, function: object, told: str
) -> None:
    with pytest.raises(BadSettings, match=f"(?i){told}"):
        mock.tool(name, function)  # type: ignore[call-overload]


def test_there_are_not_more_functions_than_a_thousand(mock: MockLetta) -> None:
    for number in range(1_000):
        mock.tool(f"f{number}", len)
    mock.tool("f0", max)

    with pytest.raises(BadSettings, match="1000 functions already"):
        mock.tool("one more", len)
