"""Turns under tool rules: what is refused, what ends them, and how they go on after a pause."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from letta_client import AsyncLetta, Letta, UnprocessableEntityError
from letta_client.types.agents import LettaResponse

from mockletta.brain.decisions import Decision, ModelCall, ToolCall, ToolResult
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, async_client_of, checked, sync_client
from tests.contract.steps import Steps, approval, returns
from tests.contract.talk import MODEL

pytestmark = pytest.mark.anyio
SOURCE = "def {name}(x: int = 0) -> str:\n    '''Do it.\n\n    :param x: It.'''\n    return str(x)"
VALID = "[ToolConstraintError] Cannot call {name}, valid tools include: {valid}."
PARALLEL: Any = {"provider_type": "openai", "parallel_tool_calls": True}
END = Decision(text="Done.")


def calls(*names: str, result: str | None = "ok", approve: str = "") -> Decision:
    """A step that calls tools; all return the same unless they are run."""
    returned = None if result is None else ToolResult(result)
    return Decision(
        tool_calls=tuple(
            ToolCall(f"call-{name}", name, "{}", returned, needs_approval=name in approve)
            for name in names
        )
    )


def ruled_agent(client: Letta, *rules: Mapping[str, object]) -> str:
    """A new agent with the tools a, b and c."""
    tools = [client.tools.upsert(source_code=SOURCE.format(name=name)).id for name in "abc"]
    given: Any = list(rules)
    return client.agents.create(
        model=MODEL,
        tool_ids=tools,
        tool_rules=given,
        include_base_tools=False,
        include_base_tool_rules=False,
        model_settings=PARALLEL,
    ).id


def outcomes(told: LettaResponse) -> list[str]:
    """The first line of each return: a refusal goes on with the rules that may be broken."""
    return [text.partition("\n")[0] for _, text in returns(told.messages)]


def ask(
    serve: Serve, rules: Sequence[Mapping[str, object]], *steps: Decision, max_steps: int = 50
) -> tuple[LettaResponse, Steps, MockLetta]:
    """One turn of a new agent under rules, and what its model was asked."""
    brain = Steps(*steps)
    mock = serve(brain=brain)
    with sync_client(mock) as client:
        agent = ruled_agent(client, *rules)
        told = client.agents.messages.create(agent, input="Go!", max_steps=max_steps)
    return checked(told), brain, mock


def test_a_model_is_offered_only_what_rules_permit(serve: Serve) -> None:
    first = {"type": "run_first", "tool_name": "a"}
    child = {"type": "constrain_child_tools", "tool_name": "a", "children": ["b", "c"]}

    told, brain, _ = ask(serve, [first, child], calls("a"), calls("b"))

    assert [call.tools for call in brain.calls] == [("a",), ("b", "c"), ("a", "b", "c")]
    assert outcomes(told) == ["ok", "ok"]
    assert told.stop_reason.stop_reason == "end_turn"


def test_a_call_that_a_rule_forbids_is_refused_and_the_turn_goes_on(serve: Serve) -> None:
    first = {"type": "run_first", "tool_name": "a"}

    told, _, _ = ask(serve, [first], calls("b"), calls("a"), END)

    assert returns(told.messages) == [
        ("error", VALID.format(name="b", valid=["a"])),
        ("success", "ok"),
    ]


async def test_the_asynchronous_client_sees_refusals_in_a_stream(serve: Serve) -> None:
    mock = serve(brain=Steps(calls("c"), END))
    with sync_client(mock) as client:
        agent = ruled_agent(client, {"type": "run_first", "tool_name": "a"})
    async with async_client_of(mock) as other:
        told = await _streamed(other, agent)

    assert returns(told) == [("error", VALID.format(name="c", valid=["a"]))]


async def _streamed(client: AsyncLetta, agent: str) -> list[object]:
    stream = await client.agents.messages.create(agent, input="Go!", streaming=True)
    return [event async for event in stream]


def test_parallel_calls_are_judged_one_after_the_other(serve: Serve) -> None:
    child = {"type": "constrain_child_tools", "tool_name": "a", "children": ["b"]}

    told, _, _ = ask(serve, [child], calls("a", "c", "b"), END)

    assert outcomes(told) == ["ok", VALID.format(name="c", valid=["b"]), "ok"]


def test_what_a_tool_returned_decides_which_comes_next(serve: Serve) -> None:
    cases = {"type": "conditional", "tool_name": "a", "child_output_mapping": {"ok": "c"}}

    told, brain, _ = ask(serve, [cases], calls("a"), calls("b"), calls("c"))

    assert brain.calls[1].tools == ("c",)
    assert outcomes(told) == ["ok", VALID.format(name="b", valid=["c"]), "ok"]


def test_a_tool_is_called_no_oftener_than_a_rule_permits(serve: Serve) -> None:
    once = {"type": "max_count_per_step", "tool_name": "a", "max_count_limit": 1}

    told, brain, mock = ask(serve, [once], calls("a"), calls("a"), END, calls("a"))

    assert outcomes(told) == ["ok", VALID.format(name="a", valid=["b", "c"])]
    [agent] = mock.world.store.agents
    with sync_client(mock) as client:
        again = client.agents.messages.create(agent.id, input="Go!")
    assert outcomes(again) == ["ok"]
    assert brain.calls[3].tools == ("a", "b", "c")


def test_a_refusal_names_the_rules_that_may_have_been_broken(serve: Serve) -> None:
    once = {"type": "max_count_per_step", "tool_name": "a", "max_count_limit": 1}
    goes_on = {"type": "continue_loop", "tool_name": "a"}

    told, _, _ = ask(serve, [once, goes_on], calls("a"), calls("a"), END)

    assert returns(told.messages)[1][1].partition("\n")[2] == (
        "** Hint: Possible rules that were violated:\n"
        "\t- <tool_rule>\na requires continuing your response when called\n</tool_rule>\n"
        "\t- <tool_rule>\na: at most 1 use(s) per response\n</tool_rule>"
    )


def test_arguments_that_a_rule_lays_down_override_the_models(serve: Serve) -> None:
    first = {"type": "run_first", "tool_name": "a", "args": {"x": 5}}
    brain = Steps(Decision(tool_calls=(ToolCall("call-a", "a", '{"x": 1}'),)))
    mock = serve(brain=brain)
    mock.tool("a", lambda x: f"got {x}")
    with sync_client(mock) as client:
        told = client.agents.messages.create(ruled_agent(client, first), input="Go!")

    assert outcomes(told) == ["got 5"]


def test_a_turn_does_not_end_before_the_required_tool_was_called(serve: Serve) -> None:
    required = {"type": "required_before_exit", "tool_name": "b"}

    told, brain, mock = ask(serve, [required], END, calls("b"), END)

    kinds = [one.message_type for one in told.messages]
    assert kinds == [
        "assistant_message",
        "user_message",
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
    ]
    alert = brain.calls[1].messages[-1]
    assert alert.role == "user"
    assert "You must call b at least once to exit the loop." in alert.text
    assert told.usage.step_count == 3
    [agent] = mock.world.store.agents
    assert len(mock.world.store.thread(agent.id).context) == 7


def test_a_turn_that_never_calls_it_ends_when_its_steps_are_used_up(serve: Serve) -> None:
    required = {"type": "required_before_exit", "tool_name": "b"}

    told, _, _ = ask(serve, [required], max_steps=3)

    assert (told.usage.step_count, told.stop_reason.stop_reason) == (3, "max_steps")
    assert [one.message_type for one in told.messages] == ["assistant_message", "user_message"] * 3


def test_a_terminal_tool_waits_for_what_is_required(serve: Serve) -> None:
    rules = [
        {"type": "exit_loop", "tool_name": "a"},
        {"type": "required_before_exit", "tool_name": "b"},
    ]

    told, brain, _ = ask(serve, rules, calls("a"), calls("b"), calls("a"), END)

    assert told.stop_reason.stop_reason == "tool_rule"
    assert outcomes(told) == ["ok", "ok", "ok"]
    assert brain.calls[1].messages[-1].role == "tool"


def test_a_terminal_tool_that_was_refused_ends_nothing(serve: Serve) -> None:
    rules = [{"type": "exit_loop", "tool_name": "a"}, {"type": "run_first", "tool_name": "b"}]

    told, _, _ = ask(serve, rules, calls("a"), calls("b"), calls("a"), END)

    assert told.stop_reason.stop_reason == "tool_rule"
    assert [status for status, _ in returns(told.messages)] == ["error", "success", "success"]


def go_on(
    serve: Serve, rules: Sequence[Mapping[str, object]], answer: object, *steps: Decision
) -> tuple[LettaResponse, Steps]:
    """A turn under rules that waits, and what the client's answer brings."""
    _, brain, mock = ask(serve, rules, *steps)
    [agent] = mock.world.store.agents
    messages: Any = answer if isinstance(answer, list) else [answer]
    with sync_client(mock) as client:
        told = client.agents.messages.create(agent.id, messages=messages)
    return told, brain


def test_rules_hold_over_a_pause(serve: Serve) -> None:
    once = {"type": "max_count_per_step", "tool_name": "a", "max_count_limit": 2}
    child = {"type": "constrain_child_tools", "tool_name": "b", "children": ["a"]}
    steps = (calls("a"), calls("b", approve="b"), calls("c"), calls("a"), calls("a"), END)

    told, brain = go_on(serve, [once, child], approval("call-b"), *steps)

    assert outcomes(told) == [
        "ok",
        VALID.format(name="c", valid=["a"]),
        "ok",
        VALID.format(name="a", valid=["b", "c"]),
    ]
    assert brain.calls[2].tools == ("a",)


def test_with_another_message_beside_the_answer_a_turn_begins_anew(serve: Serve) -> None:
    once = {"type": "max_count_per_step", "tool_name": "a", "max_count_limit": 1}
    answer = [approval("call-a"), {"role": "user", "content": "And more."}]

    told, _ = go_on(serve, [once], answer, calls("a", approve="a"), calls("a"), END)

    assert outcomes(told) == ["ok", "ok"]


def test_what_a_client_ran_counts_too(serve: Serve) -> None:
    cases = {"type": "conditional", "tool_name": "a", "child_output_mapping": {"yes": "b"}}
    done = {"type": "tool", "tool_call_id": "call-a", "tool_return": "yes", "status": "success"}
    answer = {"type": "approval", "approvals": [done]}

    told, brain = go_on(serve, [cases], answer, calls("a", approve="a"), calls("b"), END)

    assert brain.calls[1].tools == ("b",)
    assert outcomes(told) == ["yes", "ok"]


def test_a_terminal_tool_that_waited_ends_the_turn_if_nothing_is_required(serve: Serve) -> None:
    ends = {"type": "exit_loop", "tool_name": "a"}
    required = {"type": "required_before_exit", "tool_name": "b"}
    waiting = calls("a", approve="a")

    told, _ = go_on(serve, [ends], approval("call-a"), waiting)
    assert told.stop_reason.stop_reason == "tool_rule"

    told, brain = go_on(serve, [ends, required], approval("call-a"), waiting, calls("b"), END)
    assert outcomes(told) == ["ok", "ok"]
    assert brain.calls[1].messages[-1].role == "tool"
    assert told.stop_reason.stop_reason == "end_turn"


def test_a_conditional_rule_without_cases_is_refused(client: Letta) -> None:
    cases: Any = {"type": "conditional", "tool_name": "a", "child_output_mapping": {}}
    with pytest.raises(UnprocessableEntityError, match="must have at least one child tool"):
        ruled_agent(client, cases)


class Detaching:
    """A brain that detaches the tools of an agent before it calls one of them."""

    def __init__(self) -> None:
        self.mock: MockLetta

    def decide(self, call: ModelCall) -> Decision:
        store = self.mock.world.store
        attached = store.tools_of(call.agent_id)
        for tool in attached:
            store.agent_tools.remove(call.agent_id, tool.id)
        return calls("a") if attached else END


def test_a_turn_keeps_the_tools_that_it_began_with() -> None:
    brain = Detaching()
    with MockLetta(brain=brain) as mock, sync_client(mock) as client:
        brain.mock = mock
        answer = client.agents.messages.create(ruled_agent(client), input="Go!")

    [returned] = [one for one in answer.messages if one.message_type == "tool_return_message"]
    assert returned.status == "success"
