"""Rules and script files: their shorthand, and what is said of wrong ones."""

import json
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from mockletta.script.script_models import Rule, ScriptFile, script_schema
from mockletta.script.text_patterns import Whole
from mockletta.script.validation_problems import problems
from tests.source import DATA


def rule(text: str) -> Rule:
    return Rule.model_validate(yaml.safe_load(text))


def test_a_rule_can_be_written_short() -> None:
    short = rule("{when: hello, reply: hi}")

    assert short == rule("{when: {text: [hello]}, reply: [{say: hi}]}")
    assert short == rule("{when: [hello], reply: {say: hi}}")


def test_conditions_can_be_written_short() -> None:
    short = rule("{when: {returned: t, turn: 1, agent: a, text: {exact: x}}, reply: hi}").when

    assert short.returned is not None
    assert (short.returned.tool, short.turn, short.agent) == (("t",), (1,), ("a",))
    assert short.text == (Whole(exact="x"),)
    assert (
        short
        == rule(
            "{when: {returned: {tool: t}, turn: [1], agent: [a], text: [{exact: x}]}, reply: hi}"
        ).when
    )


def test_a_rule_with_a_summary_answers_compaction() -> None:
    assert rule("{reply: {summary: x}}").purpose == "summary"
    assert rule("{when: {purpose: summary}, reply: {fail: timeout}}").purpose == "summary"
    assert rule("{reply: x}").purpose == "reply"


def test_a_script_without_anything_leaves_all_to_the_default_brain() -> None:
    file = ScriptFile.model_validate({})

    assert (file.replies, file.otherwise, file.faults) == ((), "default", ())


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("5", (), "expected a mapping, got 5"),
        ("{when: x}", ("when",), "a rule has either a `reply` or a `sequence` of replies"),
        ("{reply: x, sequence: [y]}", ("when",), "a rule has either a `reply` or a `sequence`"),
        ("{reply: x, then: cycle}", ("then",), "`then` requires `sequence`"),
        ("{reply: x, per: agent}", ("per",), "`per` requires `sequence` or `times`"),
        ("{reply: []}", ("reply",), "expected at least one"),
        ("{reply: 5}", ("reply",), "expected a list, got 5"),
        ("{sequence: [a, [b, c]]}", ("sequence", 1, 1), "a text without a following tool call"),
        ("{when: {purpose: reply}, reply: {summary: x}}", ("when",), "a rule with a `summary` has"),
        ("{when: {txt: x}, reply: x}", ("when", "txt"), "unknown key `txt`; did you mean `text`?"),
        ("{when: {text: [x, 5]}, reply: x}", ("when", "text", 1), "expected a text, got 5"),
        ("{when: {text: []}, reply: x}", ("when", "text"), "expected at least one"),
        ("{when: {text: {exat: x}}, reply: x}", ("when", "text", 0, "exat"), "unknown key `exat`"),
        ("{when: {agent: {tga: x}}, reply: x}", ("when", "agent", "tga"), "unknown key `tga`"),
        ("{when: {agent: 5}, reply: x}", ("when", "agent", 0), "expected a text, got 5"),
        (
            "{when: {turn: first}, reply: x}",
            ("when", "turn", 0),
            'expected a valid integer, got "f',
        ),
        ("{when: {turn: 0}, reply: x}", ("when", "turn", 0), "expected greater than or equal to 1"),
        ("{when: {role: boss}, reply: x}", ("when", "role", 0), "expected 'user', 'system' or"),
        ("{when: {returned: {valu: x}}, reply: x}", ("when", "returned", "valu"), "unknown key"),
        ("{when: 'in {turn}', reply: x}", ("when",), "templates already use the name `turn`"),
        ("{when: 'in {city}', reply: '{{ citty }}'}", ("reply", 0), "the template '{{ citty }}'"),
        ("{sequence: [a, ['{{ b }}']]}", ("sequence", 1, 0), "the template '{{ b }}' reads an unk"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_was_expected(
    text: str, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        rule(text)

    [problem] = problems(refused.value)
    assert problem.path == path
    assert problem.message.startswith(message)


def test_a_template_can_read_the_groups_of_all_patterns() -> None:
    text = "{{ a }} {{ b }} {{ c }} {{ message }}"

    assert rule(
        f"{{when: {{text: 'x {{a}}', block: {{human: 'y {{b}}'}}, returned: {{value: 'z {{c}}'}}}},"
        f" reply: '{text}'}}"
    )


def test_a_fault_is_no_template() -> None:
    assert rule("{reply: [x, {fault: {error_event: 1, message: '{{ anything }}'}}]}")


SCHEMA: Any = json.loads(script_schema())


def accepts(text: str) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(text)))


def test_the_published_schema_is_up_to_date() -> None:
    assert (DATA / "script.schema.json").read_text(encoding="utf-8") == script_schema()


@pytest.mark.parametrize(
    "rule",
    [
        "{when: hello, reply: hi}",
        "{when: [hello, {exact: x}], reply: [hi]}",
        "{when: {text: {contains: x}, agent: a, returned: t, turn: 1}, reply: {say: hi}}",
        "{when: {agent: {tag: x}, returned: {tool: [t], value: /x/}}, reply: [{say: hi}]}",
        "{sequence: [hi, [hi, {stop: end_turn}], {say: hi, ttft: 800ms}], per: agent, then: cycle}",
        "{reply: [{call: t, with: {a: [1]}, returns: {b: null}, stdout: x}, {wait: 2}]}",
        "{reply: [{calls: [{call: t}]}, {edit: human, replace: a, with: b}, {fail: rate_limit}]}",
        "{reply: {summary: s}, ttft: 1, chunk: 2}",
    ],
)
def test_it_takes_every_form(rule: str) -> None:
    assert accepts(f"{{version: 1, replies: [{rule}], otherwise: strict, faults: [{{}}]}}")


@pytest.mark.parametrize(
    "rule",
    [
        "{whn: hello, reply: hi}",
        "{when: {txt: x}, reply: hi}",
        "{when: {text: 5}, reply: hi}",
        "{when: {turn: first}, reply: hi}",
        "{reply: [{sai: hi}]}",
        "{reply: [{fail: rate_limt}]}",
        "{reply: [{call: t, stdout: 5, returns: x}]}",
        "{reply: [{stop: now}]}",
    ],
)
def test_it_refuses_what_is_none(rule: str) -> None:
    assert not accepts(f"{{replies: [{rule}]}}")
