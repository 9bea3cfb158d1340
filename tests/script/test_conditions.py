"""What a rule waits for: when each condition holds, and what is said if not."""

import pytest
import yaml

from mockletta.brain.decisions import ChatMessage, ToolCall
from mockletta.errors import ScriptFailed
from mockletta.script.conditions import conditions, groups_where_all_hold, label
from mockletta.script.script_models import RuleConditions
from mockletta.script.turn_view import TurnView
from tests.script.asking import a_call, blocks, envelope, user

CALLED = ChatMessage("assistant", "", (ToolCall("c", "get_weather", "{}"),))
RETURNED = ChatMessage("tool", envelope("18 degrees"), tool_call_id="c")
VIEW = TurnView(
    a_call(
        user("weather in Paris?", images=1),
        CALLED,
        RETURNED,
        agent_tags=("vip", "beta"),
        tools=("get_weather", "search"),
        blocks=blocks(human="Name: Ann"),
        turn=2,
        step=2,
    )
)


@pytest.mark.parametrize(
    ("when", "spelled"),
    [
        ("{text: weather in}", 'text "weather in"'),
        ("{text: [snow, weather]}", 'text "snow" or "weather"'),
        ("{text: {exact: 'weather in Paris?'}}", 'text exactly "weather in Paris?"'),
        ("{text: {contains: 'Paris?'}}", 'text "Paris?"'),
        ("{text: /WEATHER/i}", "text /WEATHER/i"),
        ("{agent: support}", 'agent "support"'),
        ("{agent: agent-1}", 'agent "agent-1"'),
        ("{agent: /^sup/}", "agent /^sup/"),
        ("{agent: {tag: vip}}", 'tag "vip"'),
        ("{tag: [x, beta]}", 'tag "x" or "beta"'),
        ("{conversation: conv-1}", 'conversation "conv-1"'),
        ("{model: openai/gpt-4o-mini}", 'model "openai/gpt-4o-mini"'),
        ("{turn: 2, step: [1, 2]}", "turn 2, step 1 or 2"),
        ("{tool: search}", 'tool "search"'),
        ("{returned: get_weather}", 'returned "get_weather"'),
        ("{returned: {}}", "returned /.*/"),
        (
            "{returned: {value: 18 deg, status: success}}",
            'returned value "18 deg", returned status',
        ),
        ("{block: {human: Ann}}", 'block human "Ann"'),
        ("{role: user, image: true}", "role user, image true"),
        ("{}", "any message"),
    ],
)
def test_a_condition_holds_and_is_spelled(when: str, spelled: str) -> None:
    wanted = conditions(RuleConditions.model_validate(yaml.safe_load(when)))

    assert groups_where_all_hold(wanted, VIEW) is not None
    assert label(wanted).startswith(spelled)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("{text: snow}", 'text is "weather in Paris?", not "snow"'),
        ("{agent: sales}", 'agent is "support" (agent-1), not "sales"'),
        ("{tag: old}", 'tag is "vip, beta", not "old"'),
        ("{conversation: default}", 'conversation is "conv-1", not "default"'),
        ("{model: anthropic/x}", 'model is "openai/gpt-4o-mini", not "anthropic/x"'),
        ("{turn: 1}", "turn is 2, not 1"),
        ("{step: [1, 3]}", "step is 2, not 1 or 3"),
        ("{tool: buy}", 'tool is "get_weather, search", not "buy"'),
        ("{returned: search}", 'returned is "get_weather", not "search"'),
        ("{returned: {value: snow}}", 'returned value is "18 degrees", not "snow"'),
        ("{returned: {status: error}}", "returned status is success, not error"),
        ("{block: {human: Bob}}", 'block human is "Name: Ann", not "Bob"'),
        ("{block: {persona: Bob}}", 'block persona is absent, not "Bob"'),
        ("{role: system}", "role is user, not system"),
        ("{image: false}", "image is true, not false"),
    ],
)
def test_a_condition_that_does_not_hold_says_what_there_is(when: str, why: str) -> None:
    [condition] = conditions(RuleConditions.model_validate(yaml.safe_load(when)))

    assert not condition.holds(VIEW)
    assert condition.miss(VIEW) == why


def test_nothing_has_returned_at_the_beginning() -> None:
    view = TurnView(a_call("x" * 200))
    when = "{returned: {tool: t, value: v, status: error}, text: y}"

    missed = [
        one.miss(view) for one in conditions(RuleConditions.model_validate(yaml.safe_load(when)))
    ]

    assert missed == [
        'returned is "", not "t"',
        'returned value is absent, not "v"',
        "returned status is none, not error",
        f'text is "{"x" * 100}…", not "y"',
    ]


def test_groups_come_from_all_patterns_and_the_earlier_one_wins() -> None:
    when = RuleConditions.model_validate(
        {"text": "weather in {city}", "block": {"human": "/(?P<city>N)ame: (?P<name>.*)/"}}
    )

    groups = groups_where_all_hold(conditions(when), VIEW)

    assert groups is not None
    assert (groups["city"], groups["name"]) == ("N", "Ann")


def test_a_function_is_a_condition_too() -> None:
    def is_loud(turn: TurnView) -> bool:
        return "!" in turn.text

    [condition] = conditions(RuleConditions(), is_loud)

    assert not condition.holds(VIEW)
    assert condition.miss(VIEW) == "is_loud is false, not true"


def test_a_function_that_fails_says_where() -> None:
    def broken(turn: TurnView) -> bool:
        raise KeyError(turn.text)

    [condition] = conditions(RuleConditions(), broken)

    with pytest.raises(ScriptFailed) as failed:
        condition.holds(VIEW)
    assert str(failed.value).startswith("broken raised KeyError: 'weather in Paris?' (/")
    assert "test_conditions.py:" in str(failed.value)
