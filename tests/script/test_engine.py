"""The engine: which rule replies, how often, and how a rule goes through its turn."""

import pytest

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure, ToolCall
from mockletta.errors import ScriptFailed, Unscripted
from mockletta.script import rule_progress
from mockletta.script.engine import Script
from mockletta.script.near_misses import LONGEST_KEPT
from mockletta.script.rule_progress import MOST_UNSCRIPTED
from mockletta.search import expressions
from tests.script.asking import (
    Fallback,
    a_call,
    after,
    file_of,
    only_call,
    play,
    say,
    script_of,
    summary_call,
)

WEATHER = """
replies:
  - when: {text: '/weather in (?P<city>\\w+)/i'}
    reply:
      - think: The user asks about {{ city }}.
      - call: get_weather
        with: {city: "{{ city }}"}
        returns: 18 degrees and sunny
      - say: It is {{ returned }} in {{ city }}.
"""


def texts(script: Script, *said: str, **facts: object) -> list[str]:
    return [say(script, one, **facts) for one in said]


def test_the_first_rule_that_matches_replies() -> None:
    script = script_of("replies: [{when: a, reply: '1'}, {when: b, reply: '2'}, {reply: '3'}]")

    assert texts(script, "ab", "b", "c") == ["1", "2", "3"]


def test_without_a_match_the_fallback_replies() -> None:
    script = script_of("replies: [{when: a, reply: x}]")

    assert texts(script, "b") == ["fallback reply"]
    assert [one.text for one in script.unscripted] == ["b"]


def test_only_the_newest_messages_without_a_match_are_kept_and_only_their_beginnings() -> None:
    script = script_of("replies: [{when: a, reply: x}]")
    texts(script, "old", *["b" * (LONGEST_KEPT + 1)] * MOST_UNSCRIPTED)

    assert {one.text for one in script.unscripted} == {"b" * LONGEST_KEPT}
    assert len(script.unscripted) == MOST_UNSCRIPTED


def test_an_echo_can_reply_instead() -> None:
    assert texts(script_of("otherwise: echo"), "b") == ["b"]


def test_a_script_without_rules_calls_nothing_unscripted() -> None:
    script = Script(None, Fallback)

    assert texts(script, "b") == ["fallback reply"]
    assert script.unscripted == ()


def test_a_rule_goes_through_its_turn_step_by_step() -> None:
    first, second = play(script_of(WEATHER), "Weather in Paris?")

    assert first.reasoning == "The user asks about Paris."
    assert only_call(first).arguments == '{"city": "Paris"}'
    assert second.text == "It is 18 degrees and sunny in Paris."


def test_turns_at_the_same_time_do_not_mix() -> None:
    script = script_of(WEATHER)
    calls = [a_call(f"weather in {city}", conversation_id=city) for city in ("Rome", "Oslo")]
    begun = [script.decide(call) for call in calls]

    ended = [script.decide(after(*both)) for both in zip(calls, begun, strict=True)]

    assert [one.text.split()[-1] for one in ended] == ["Rome.", "Oslo."]


def test_after_the_last_step_the_rule_does_not_begin_again() -> None:
    script = script_of("replies: [{when: go, reply: {call: t, returns: x}}]")

    assert [decision.text for decision in play(script, "go")] == ["", "fallback reply"]


def test_a_rule_that_waits_for_a_return_takes_over_once() -> None:
    script = script_of(
        """
        replies:
          - {when: go, reply: {call: t, returns: x}}
          - {when: {returned: t}, reply: [{call: t, returns: y}]}
          - {when: {step: 3}, reply: "{{ returned }} at step {{ step }}"}
        """
    )

    decisions = play(script, "go")

    assert [decision.rule for decision in decisions] == [
        'rule 1 (text "go")',
        'rule 2 (returned "t")',
        "rule 3 (step 3)",
    ]
    assert decisions[-1].text == "y at step 3"


class CallsTwice:
    """A fallback that calls a tool in the first and the third step of a turn."""

    def decide(self, call: ModelCall) -> Decision:
        if call.step in (1, 3):
            return Decision(tool_calls=(ToolCall(f"c{call.step}", "t", "{}"),))
        return Decision(text="done")


def test_a_rule_takes_over_from_the_fallback_once_in_a_turn() -> None:
    file = file_of("replies: [{when: {returned: t}, reply: {call: u}}]")

    decisions = play(Script(file, CallsTwice), "go")

    assert [[call.name for call in one.tool_calls] for one in decisions] == [
        ["t"],
        ["u"],
        ["t"],
        [],
    ]
    assert decisions[-1].text == "done"


def test_a_message_within_a_turn_does_not_start_a_rule() -> None:
    script = script_of("replies: [{when: go, reply: again}]")
    call = a_call("go")
    decision = Decision(tool_calls=(ToolCall("c", "t", "{}"),))

    assert script.decide(after(call, decision)).text == "fallback reply"
    assert script.unscripted == ()


def test_a_stop_reason_ends_the_turn() -> None:
    script = script_of("replies: [{when: go, reply: [{call: t}, {stop: max_steps}]}]")
    call = a_call("go")
    decision = script.decide(call)

    assert decision.stop_reason == "max_steps"
    assert script.decide(after(call, decision)).text == "fallback reply"


def test_an_overflow_is_followed_by_the_next_step_of_the_same_turn() -> None:
    script = script_of("replies: [{when: go, reply: [{fail: context_overflow}, '{{ message }}!']}]")
    call = a_call("go")

    with pytest.raises(ModelFailure):
        script.decide(call)

    assert script.decide(call).text == "go!"


def test_an_overflow_without_a_next_step_stays_one() -> None:
    script = script_of("replies: [{when: go, reply: {fail: context_overflow}}]")
    call = a_call("go")

    for _ in range(3):
        with pytest.raises(ModelFailure):
            script.decide(call)
    assert [use.served for use in script.rules] == [1]


def test_a_failure_ends_the_turn() -> None:
    script = script_of("replies: [{when: go, reply: {fail: timeout}}]")

    for _ in range(2):
        with pytest.raises(ModelFailure):
            script.decide(a_call("go"))
    assert [use.served for use in script.rules] == [2]


def test_a_rule_is_used_up_for_all() -> None:
    script = script_of("replies: [{when: {text: a, times: 2}, reply: 'no. {{ count }}'}]")

    assert texts(script, "a", "a", "a") == ["no. 1", "no. 2", "fallback reply"]
    assert say(script, "a", conversation_id="conv-2") == "fallback reply"


def test_a_rule_can_be_used_up_for_each_agent() -> None:
    script = script_of("replies: [{when: {times: 1}, per: agent, reply: '{{ count }}'}]")

    assert texts(script, "a", "a") == ["1", "fallback reply"]
    assert texts(script, "a", "a", agent_id="agent-2") == ["1", "fallback reply"]


@pytest.mark.parametrize(
    ("then", "replied"),
    [
        ("repeat", ["1", "2", "2", "2"]),
        ("cycle", ["1", "2", "1", "2"]),
        ("next", ["1", "2", "fallback reply", "fallback reply"]),
    ],
)
def test_a_sequence_is_served_in_turn(then: str, replied: list[str]) -> None:
    script = script_of(f"replies: [{{sequence: ['1', '2'], then: {then}}}]")

    assert texts(script, "a", "b", "c", "d") == replied


@pytest.mark.parametrize(
    ("per", "replied"),
    [
        ("", ["1", "1", "1", "2"]),
        ("per: conversation,", ["1", "1", "1", "2"]),
        ("per: agent,", ["1", "2", "1", "2"]),
        ("per: world,", ["1", "2", "2", "2"]),
    ],
)
def test_a_sequence_advances_for_whom_it_says(per: str, replied: list[str]) -> None:
    script = script_of(f"replies: [{{{per} sequence: ['1', '2']}}]")
    whom = [("a1", "c1"), ("a1", "c2"), ("a2", None), ("a2", None)]

    assert replied == [
        say(script, "x", agent_id=agent, conversation_id=conversation)
        for agent, conversation in whom
    ]


def test_a_strict_script_explains_what_it_does_not_reply_to() -> None:
    script = script_of(
        """
        replies:
          - {when: {text: flaky, times: 1}, reply: x}
          - {name: welcome, when: {agent: support, turn: 2}, reply: x}
          - {when: {agent: sales, text: flakes}, reply: x}
          - {when: {agent: sales, text: nothing alike}, reply: x}
        otherwise: strict
        """
    )
    say(script, "flaky")

    with pytest.raises(Unscripted) as refused:
        script.decide(a_call("flaky"))

    head, *lines = str(refused.value).splitlines()
    place = "agent support, conversation conv-1, turn 1, step 1"
    assert head == f'No rule matches the message "flaky" ({place}). The nearest:'
    assert lines == [
        '- rule 1 (text "flaky"): it matched, but is used up (1 of 1)',
        "- welcome: turn is 1, not 2",
        '- rule 3 (agent "sales", text "flakes"): agent is "support" (agent-1), not "sales"',
    ]
    assert script.unscripted[-1].explanation == refused.value.explanation == str(refused.value)


def test_a_strict_script_explains_a_sequence_that_is_over_and_a_turn_without_a_step() -> None:
    script = script_of(
        """
        replies:
          - {when: a, sequence: [x], then: next}
          - {when: b, reply: {call: t, returns: x}}
          - {when: {returned: t}, reply: {call: t, returns: x}}
        otherwise: strict
        """
    )
    say(script, "a")

    with pytest.raises(Unscripted, match=r"it matched, but its sequence is over \(1 of 1\)"):
        script.decide(a_call("a"))
    with pytest.raises(Unscripted) as refused:
        play(script, "b")
    head, *lines = str(refused.value).splitlines()
    assert head.endswith("turn 1, step 3, after t returned). The nearest:")
    assert lines == [
        '- rule 3 (returned "t"): it matched, but already replied in this turn',
    ]


def test_the_nearest_rules_read_like_the_message() -> None:
    script = script_of(
        """
        replies:
          - {when: {returned: wether}, reply: x}
          - {when: wet, reply: x}
          - {when: dog, reply: x}
          - {when: weather, reply: x}
          - {when: health, reply: x}
        otherwise: strict
        """
    )

    with pytest.raises(Unscripted) as refused:
        script.decide(a_call("whether"))

    assert [line.split(":")[0] for line in str(refused.value).splitlines()[1:]] == [
        '- rule 4 (text "weather")',
        '- rule 5 (text "health")',
        '- rule 2 (text "wet")',
    ]


def test_a_strict_script_without_rules_says_that_it_has_none() -> None:
    with pytest.raises(Unscripted, match="The script has no rules"):
        script_of("otherwise: strict").decide(a_call("a"))


def test_a_strict_script_leaves_summaries_to_the_fallback() -> None:
    assert script_of("otherwise: strict").decide(summary_call("a")).text == "fallback summary"


def test_rules_are_counted_and_those_never_served_are_known() -> None:
    script = script_of("replies: [{name: used, when: a, reply: x}, {when: b, reply: x}]")
    texts(script, "a", "a")

    assert [(use.label, use.served) for use in script.rules] == [
        ("used", 2),
        ('rule 2 (text "b")', 0),
    ]
    assert [use.label for use in script.unused] == ['rule 2 (text "b")']


def test_new_rules_of_the_file_leave_those_that_were_added() -> None:
    script = script_of("{replies: [{when: a, reply: old}], otherwise: strict}")
    script.add(file_of("replies: [{when: b, reply: added}]").replies[0])

    script.replace(file_of("replies: [{when: a, reply: new}]"))

    assert texts(script, "a", "b", "c") == ["new", "added", "fallback reply"]
    assert script.otherwise == "default"


def test_who_replies_otherwise_can_be_changed() -> None:
    script = script_of("replies: []")
    script.otherwise = "echo"

    assert texts(script, "a") == ["a"]


def test_a_copy_goes_on_by_itself() -> None:
    script = script_of("{replies: [{when: {text: a, times: 2}, reply: '{{ count }}'}]}")
    script.add(file_of("replies: [{sequence: ['1', '2']}]").replies[0])
    texts(script, "a", "x")

    copy = Script(None, Fallback)
    copy.take_over(script)

    assert texts(copy, "a", "a", "x") == ["2", "2", "2"]
    assert texts(script, "a", "y") == ["2", "2"]
    assert [use.served for use in script.rules] == [2, 2]
    copy.add(file_of("replies: [{reply: z}]").replies[0])
    assert (len(copy.rules), len(script.rules)) == (3, 2)


def test_a_turn_goes_on_in_a_copy() -> None:
    script = script_of(WEATHER)
    call = a_call("weather in Oslo")
    begun = script.decide(call)

    copy = Script(None, Fallback)
    copy.take_over(script)
    for one in (copy, script):
        assert one.decide(after(call, begun)).text.endswith("in Oslo.")


def test_counts_and_turns_are_forgotten_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for limit in ("MOST_COUNTS", "MOST_TURNS"):
        monkeypatch.setattr(rule_progress, limit, 10)
    script = script_of(
        "replies: [{when: go, reply: [{call: t}, done]}, {sequence: ['1', '2'], per: conversation}]"
    )
    call = a_call("go")
    begun = script.decide(call)
    say(script, "a")

    for number in range(10):
        script.decide(a_call("go", conversation_id=f"conv-{number}"))
        say(script, "a", conversation_id=f"other-{number}")

    assert script.decide(after(call, begun)).text == "fallback reply"
    assert say(script, "a") == "1"


def test_an_expression_that_takes_for_ever_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "SECONDS", 0.01)

    with pytest.raises(ScriptFailed, match="make it simpler"):
        script_of("replies: [{when: '/^(a|aa)+$/', reply: x}]").decide(a_call("a" * 100 + "b"))
