"""Rules that never reply, since an earlier one always comes first."""

import pytest

from mockletta.script.unreachable_rules import impossible, shadowed
from tests.script.asking import file_of


def shadows(*rules: str) -> list[str]:
    return [why for _, why in shadowed(file_of(f"replies: [{', '.join(rules)}]").replies)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{}", "{turn: 1}"),
        ("{text: weather}", "{text: weather in Paris}"),
        ("{text: weather}", "{text: {exact: the weather}}"),
        ("{text: weather}", "{text: [weather, 'weather?'], agent: a}"),
        ("{text: {contains: '{x}'}}", "{text: {contains: 'a {x}'}}"),
        ("{text: 'in {city}'}", "{text: in Paris}"),
        ("{text: /weather/}", "{text: /weather/}"),
        ("{text: /^w/}", "{text: {exact: weather}}"),
        ("{agent: [a, b]}", "{agent: a}"),
        ("{agent: /^a/}", "{agent: [ab, ac]}"),
        ("{agent: {tag: x}}", "{agent: {tag: x}, image: true}"),
        ("{image: true}", "{image: true, block: {human: x}}"),
        ("{block: {human: x}}", "{block: {human: xy, persona: z}}"),
        ("{turn: [1, 2]}", "{turn: 2}"),
        ("{returned: t}", "{returned: {tool: t, value: x, status: error}}"),
        ("{returned: {value: x, status: error}}", "{returned: {value: xy, status: error}}"),
    ],
)
def test_a_rule_that_asks_for_more_is_shadowed(earlier: str, later: str) -> None:
    rules = (f"{{when: {earlier}, reply: x}}", f"{{when: {later}, reply: x}}")

    [told] = shadows(*rules)
    assert told.startswith("rule 2 never replies: rule 1 (")
    assert earlier == later or not shadows(*reversed(rules))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{text: weather, times: 1}", "{text: weather}"),
        ("{text: in Paris}", "{text: 'in {city}'}"),
        ("{text: {exact: weather}}", "{text: weather}"),
        ("{text: /^w/}", "{text: weather}"),
        ("{text: weather}", "{text: /weather/}"),
        ("{text: [a, b]}", "{text: [b, c]}"),
        ("{agent: ab}", "{agent: abc}"),
        ("{agent: a}", "{agent: {tag: a}}"),
        ("{text: a}", "{text: a, returned: t}"),
        ("{step: 1}", "{turn: 1}"),
        ("{turn: 1}", "{turn: [1, 2]}"),
        ("{text: a}", "{text: a, purpose: summary}"),
    ],
)
def test_a_rule_that_can_reply_is_not_shadowed(earlier: str, later: str) -> None:
    assert not shadows(f"{{when: {earlier}, reply: x}}", f"{{when: {later}, reply: x}}")


def test_a_sequence_that_ends_shadows_nothing() -> None:
    assert not shadows("{sequence: [x], then: next}", "{reply: x}")
    assert shadows("{name: all, sequence: [x]}", "{reply: x}") == [
        "rule 2 never replies: rule 1 (all) comes first"
    ]


def test_a_condition_with_a_template_can_never_hold() -> None:
    file = file_of("replies: [{when: {text: hi, tool: '{{ n }}'}, reply: x}, {when: ho, reply: y}]")
    [(place, why)] = impossible(file.replies)
    assert place == 0
    assert why == (
        "rule 1 never replies: `tool` is compared with '{{ n }}' as it is written, without "
        "templates"
    )
