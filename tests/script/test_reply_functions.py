"""Functions and engines that reply: what they are asked, and what they may answer."""

import asyncio
import json

import pytest

from mockletta.brain.decisions import Decision, ModelFailure
from mockletta.errors import ScriptFailed
from mockletta.script import reply_functions
from mockletta.script.builder import reply
from mockletta.script.reply_functions import (
    AsyncReplyFunction,
    callable_brain,
    decision_from_json,
    turn_as_json,
)
from mockletta.script.turn_view import TurnView
from tests.script.asking import Fallback, a_call, after, blocks, only_call, summary_call


@pytest.mark.parametrize(
    ("replied", "text", "reasoning"),
    [
        ("hello", "hello", None),
        ("{{ as it is", "{{ as it is", None),
        ([{"think": "hm"}, "hello"], "hello", "hm"),
        ({"say": "hello"}, "hello", None),
        (reply().think("hm").say("hello"), "hello", "hm"),
        (Decision(text="hello", rule="own"), "hello", None),
    ],
)
def test_a_function_replies_in_any_form(replied: object, text: str, reasoning: str | None) -> None:
    decision = callable_brain(lambda _: replied).decide(a_call("x"))

    assert (decision.text, decision.reasoning) == (text, reasoning)


def test_a_function_sees_the_turn() -> None:
    def brain(turn: TurnView) -> str:
        return f"{turn.agent} {turn.text} {turn.purpose}"

    assert callable_brain(brain).decide(a_call("hi")) == Decision(
        text="support hi reply", rule="brain"
    )


def test_an_asynchronous_function_is_awaited() -> None:
    async def brain(turn: TurnView) -> list[object]:
        return [{"call": "look"}, f"{turn.text} seen"]

    asked, call = AsyncReplyFunction(brain, Fallback()), a_call("x")
    first = asyncio.run(asked.consult(call))
    second = asyncio.run(asked.consult(after(call, first)))

    assert ([one.name for one in first.tool_calls], second.text) == (["look"], "x seen")


def test_an_asynchronous_object_is_awaited_too() -> None:
    class Answering:
        async def __call__(self, _: TurnView) -> Decision:
            raise ModelFailure(429)

    asked = AsyncReplyFunction(Answering())
    with pytest.raises(ModelFailure):
        asyncio.run(asked.consult(a_call("x")))


def test_what_is_to_be_awaited_is_refused_where_nobody_awaits_it() -> None:
    async def reply(_: TurnView) -> str:
        return "never"

    future: asyncio.Future[str] = asyncio.Future(loop=asyncio.new_event_loop())
    for brain in (lambda _: reply(_), lambda _: future):  # noqa: PLW0108 - not asynchronous itself
        with pytest.raises(ScriptFailed, match=r"`mockletta\.async_brain"):
            callable_brain(brain).decide(a_call("x"))
    future.get_loop().close()


def test_summaries_are_asked_of_another_brain_if_there_is_one() -> None:
    def brain(turn: TurnView) -> str:
        return f"{turn.text} {turn.purpose}"

    assert callable_brain(brain).decide(summary_call("hi")).text == "hi summary"
    left = callable_brain(brain, Fallback())
    assert left.decide(summary_call("hi")).text == "fallback summary"
    assert left.decide(a_call("hi")).text == "hi reply"


def test_a_reply_of_several_steps_is_served_step_by_step() -> None:
    asked = []

    def brain(turn: TurnView) -> object:
        asked.append(turn.step)
        return [{"call": "t", "returns": "18"}, "done"] if turn.returned is None else "again"

    function, call = callable_brain(brain), a_call("go")
    first = function.decide(call)
    second = function.decide(after(call, first))

    assert (only_call(first).name, second.text, asked) == ("t", "done", [1])
    assert function.decide(after(call, first)).text == "again"


def test_turns_under_way_are_forgotten_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply_functions, "MOST_TURNS", 10)
    function = callable_brain(lambda _: [{"call": "t"}, "done"])
    call = a_call("go")
    first = function.decide(call)

    for _ in range(10):
        function.decide(a_call("go"))

    assert function.decide(after(call, first)).tool_calls


@pytest.mark.parametrize(
    ("replied", "told"),
    [
        (None, "brain did not return a reply: expected a list, got nothing"),
        ([{"sai": "x"}], "brain did not return a reply: 0.sai: unknown key `sai`; did you mean"),
        (["a", "b"], "brain did not return a reply: 1: a text without a following tool call ends"),
    ],
)
def test_what_is_no_reply_says_what_was_expected(replied: object, told: str) -> None:
    def brain(turn: TurnView) -> object:
        return replied

    with pytest.raises(ScriptFailed) as failed:
        callable_brain(brain).decide(a_call("x"))

    assert str(failed.value).startswith(told)


def test_a_function_that_fails_says_where() -> None:
    def brain(turn: TurnView) -> object:
        return {"y": "z"}[turn.text]

    with pytest.raises(ScriptFailed, match=r"brain raised KeyError: 'x' \(.*_functions.py:\d+\)"):
        callable_brain(brain).decide(a_call("x"))


def test_a_function_can_fail_as_a_provider_does() -> None:
    def brain(turn: TurnView) -> object:
        raise ModelFailure(429)

    with pytest.raises(ModelFailure):
        callable_brain(brain).decide(a_call("x"))
    with pytest.raises(ModelFailure):
        callable_brain(lambda _: {"fail": "timeout"}).decide(a_call("x"))


def test_a_turn_is_json() -> None:
    call = a_call("go", blocks=blocks(human="H"), tools=("t",), run_id="run-1")
    told = turn_as_json(call)

    assert (
        json.loads(json.dumps(told))
        == told
        == {
            "purpose": "reply",
            "text": "go",
            "raw_text": "go",
            "skills": [],
            "response_format": None,
            "role": "user",
            "images": 0,
            "agent": {"id": "agent-1", "name": "support", "tags": []},
            "conversation": "conv-1",
            "model": "openai/gpt-4o-mini",
            "system": "",
            "run": "run-1",
            "turn": 1,
            "step": 1,
            "tools": ["t"],
            "due": [],
            "blocks": {"human": "H"},
            "returned": None,
            "now": "2026-03-04T05:06:07+00:00",
            "history": [
                {"role": "user", "text": "go", "images": 0, "tool_call_id": None, "tool_calls": []}
            ],
        }
    )


def test_what_a_tool_returned_is_json() -> None:
    call = a_call("go")
    decision = callable_brain(lambda _: {"call": "t", "id": "c"}).decide(call)
    told = turn_as_json(after(call, decision, "18"))

    assert json.loads(json.dumps(told["returned"])) == {
        "tool": "t",
        "tools": ["t"],
        "value": "18",
        "status": "success",
    }
    assert told["history"][1]["tool_calls"] == [{"id": "c", "name": "t", "arguments": "{}"}]
    assert turn_as_json(summary_call("x"))["now"] is None


@pytest.mark.parametrize("data", ["hi", ["hi"], {"say": "hi"}, {"reply": "hi"}, {"reply": ["hi"]}])
def test_an_engine_answers_as_a_script_does(data: object) -> None:
    assert decision_from_json(data, a_call("x")) == Decision(text="hi", rule="the reply engine")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"rpely": "hi"}, "the reply engine did not return a reply: 0.rpely: unknown key"),
        (5, "the reply engine did not return a reply: expected a list, got 5"),
        ([{"call": "t"}, "x"], "the reply engine answered 2 steps: expected one, which ends with"),
    ],
)
def test_what_an_engine_must_not_answer_says_why(data: object, told: str) -> None:
    with pytest.raises(ScriptFailed) as failed:
        decision_from_json(data, a_call("x"))

    assert str(failed.value).startswith(told)
