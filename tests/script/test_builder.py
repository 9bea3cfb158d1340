"""Scripts in Python: they mean what the same ones in YAML mean, and misuse says what is wrong."""

from collections.abc import Callable

import pytest

from mockletta.errors import ScriptFailed
from mockletta.script.builder import BadRule, Verbs, When, reply
from mockletta.script.engine import Script
from mockletta.script.reply_items import KINDS
from tests.script.asking import Fallback, file_of, say

Making = Callable[[Script], object]

SPELLINGS: list[tuple[str, Making]] = [
    (
        """
        when: weather in {city}
        reply:
          - think: "..."
          - {call: get_weather, with: {city: Paris}, returns: 18 degrees}
          - say: 18 degrees
        """,
        lambda script: (
            When(script, "weather in {city}")
            .think("...")
            .call("get_weather", city="Paris", returns="18 degrees")
            .say("18 degrees")
        ),
    ),
    (
        "{when: {agent: support, turn: 1}, reply: [{say: Welcome!, tokens_per_second: 40}]}",
        lambda script: When(script, agent="support", turn=1).say("Welcome!", tokens_per_second=40),
    ),
    (
        "{when: {text: flaky, times: 1}, reply: [{fail: rate_limit}]}",
        lambda script: When(script, "flaky", times=1).fail("rate_limit"),
    ),
    (
        "{when: {text: x, times: 2}, reply: [{say: a}, {fail: timeout, after_tokens: 1}]}",
        lambda script: When(script, "x").say("a").fail("timeout", after_tokens=1).times(2),
    ),
    (
        "{when: {text: x, times: 2}, reply: [{say: a}]}",
        lambda script: When(script, "x").times(2).say("a"),
    ),
    (
        """
        name: all
        when: {}
        ttft: 1s
        reply:
          - wait: 2s
          - {calls: [{call: a, with: {b: c}}, {call: d}]}
          - {usage: {prompt_tokens: 1}}
          - {edit: human, insert: x, at: 0}
          - {edit: human, replace: x, with: y}
          - {edit: human, set: z}
          - {call: a, with: {b: c, status: d}, returns: {e: f}, status: error, stdout: [o],
             stderr: [p], approve: true, id: i}
          - {call: a, arguments: "{"}
          - say: done
          - event: {a: 1}
          - fault: no_done=true
          - stop: max_steps
        """,
        lambda script: (
            When(script, name="all", ttft="1s")
            .wait("2s")
            .calls({"call": "a", "with": {"b": "c"}}, {"call": "d"})
            .usage(prompt_tokens=1)
            .edit("human", insert="x", at=0)
            .edit("human", replace="x", with_="y")
            .edit("human", set="z")
            .call(
                "a",
                {"b": "c", "status": "d"},
                returns={"e": "f"},
                status="error",
                stdout=["o"],
                stderr=["p"],
                approve=True,
                id="i",
            )
            .call("a", arguments="{")
            .say("done")
            .event({"a": 1})
            .fault("no_done=true")
            .stop("max_steps")
        ),
    ),
    (
        "{sequence: [[{say: a}], [{call: t}, {say: b}]], per: agent, then: cycle}",
        lambda script: When(script, per="agent", then="cycle").say("a").then().call("t").say("b"),
    ),
    ("{reply: [{summary: s}]}", lambda script: When(script).summary("s")),
    (
        "{when: {returned: {tool: t, value: /x/}, block: {human: y}}, reply: [{stop: end_turn}]}",
        lambda script: When(
            script, returned={"tool": "t", "value": "/x/"}, block={"human": "y"}
        ).stop(),
    ),
]


@pytest.mark.parametrize(("yaml", "make"), SPELLINGS)
def test_both_spellings_make_the_same_rule(yaml: str, make: Making) -> None:
    script = Script(None, Fallback)
    make(script)

    lines = yaml.strip("\n").splitlines()
    indented = "\n".join(["replies:", "  -", *(f"    {line}" for line in lines)])
    [rule] = file_of(indented).replies
    [use] = script.rules
    assert use.rule == rule
    assert use.rule.model_dump(exclude_unset=True) | {"when": 0} == rule.model_dump(
        exclude_unset=True
    ) | {"when": 0}


def test_a_rule_is_in_force_while_it_is_made() -> None:
    script = Script(None, Fallback)
    rule = When(script, "hi")

    with pytest.raises(ScriptFailed) as failed:
        say(script, "hi")
    assert str(failed.value) == (
        'rule 1 (text "hi"): it has no reply yet: expected mock.when(...).say(...), .call(...) or '
        "another of its methods"
    )
    rule.think("hm")
    assert say(script, "hi") == ""
    rule.say("hello")
    assert say(script, "hi") == "hello"


def test_a_function_of_the_turn_is_a_condition() -> None:
    script = Script(None, Fallback)
    When(script, lambda turn: "!" in turn.text).say("Do not shout.")
    When(script, "hi", matches=lambda turn: turn.agent.name == "support").say("hello")

    assert [say(script, text) for text in ("hey!", "hi", "ho")] == [
        "Do not shout.",
        "hello",
        "fallback reply",
    ]
    assert say(script, "hi", agent_name="sales") == "fallback reply"


@pytest.mark.parametrize(
    ("misuse", "told"),
    [
        (
            lambda script: When(script, txt="x"),
            "when(txt='x'): txt: unknown key `txt`; did you mean `text`?",
        ),
        (
            lambda script: When(script, "x").say(5),  # type: ignore[arg-type]
            "when(text='x').say(...): reply.0.say: expected a text, got 5; put quotes around it",
        ),
        (
            lambda script: When(script, "x").say("a").say("b"),
            "when(text='x').say(...): reply.1: a text without a following tool call ends the turn",
        ),
        (
            lambda script: When(script, "x").fail("rate_limt"),
            "when(text='x').fail(...): reply.0.fail: unknown failure `rate_limt`; did you mean",
        ),
        (
            lambda script: When(script, "x").say("a").times(0),
            "when(text='x').times(...): times: expected greater than or equal to 1, got 0",
        ),
        (
            lambda script: When(script, "x").then(),
            "when(text='x').then(): expected a reply before, such as .say(...)",
        ),
        (
            lambda script: When(script, "x", then="stop").say("a"),
            "when(text='x', then='stop').say(...): then: expected 'repeat', 'cycle' or 'next', got",
        ),
    ],
)
def test_misuse_says_what_was_expected_what_came_and_what_to_do(misuse: Making, told: str) -> None:
    with pytest.raises(BadRule) as refused:
        misuse(Script(None, Fallback))

    assert str(refused.value).startswith(told)


def test_a_verb_that_is_refused_changes_nothing() -> None:
    script = Script(None, Fallback)
    rule = When(script, "x").say("a")

    with pytest.raises(BadRule):
        rule.fail("nothing")
    with pytest.raises(BadRule):
        rule.times(0)

    assert say(script, "x") == "a"
    rule.usage(prompt_tokens=1)
    assert say(script, "x") == "a"


def test_every_reply_item_has_a_method() -> None:
    assert [key for key in KINDS if not hasattr(Verbs, key)] == []


def test_a_reply_can_be_made_by_itself() -> None:
    made = reply().think("hm").say("hello")

    assert made.items == [{"think": "hm"}, {"say": "hello"}]
