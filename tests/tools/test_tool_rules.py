"""Which tools may be called next, and what must still be called."""

from collections.abc import Mapping

import pytest
from pydantic import TypeAdapter

from mockletta.tools.tool_rules import CalledTools, allowed, ends_turn, prefilled, still_required
from mockletta.wire.tool_rules import ToolRule

TOOLS = ["a", "b", "c"]
RULE: TypeAdapter[ToolRule] = TypeAdapter(ToolRule)
FIRST = {"type": "run_first", "tool_name": "a"}
CHILD = {"type": "constrain_child_tools", "tool_name": "a", "children": ["b", "unknown"]}
PARENT = {"type": "parent_last_tool", "tool_name": "a", "children": ["b"]}
TWICE = {"type": "max_count_per_step", "tool_name": "a", "max_count_limit": 2}
CASES = {"type": "conditional", "tool_name": "a", "child_output_mapping": {"yes": "b"}}
STRICT = {**CASES, "require_output_mapping": True}


def rules(*given: Mapping[str, object]) -> list[ToolRule]:
    return [RULE.validate_python(one) for one in given]


def after(*tools: str, returned: str = "") -> CalledTools:
    return CalledTools(tools, returned)


@pytest.mark.parametrize(
    ("rule", "called_tools", "left"),
    [
        (FIRST, after(), "a"),
        (FIRST, after("a"), "abc"),
        (CHILD, after(), "abc"),
        (CHILD, after("a"), "b"),
        (CHILD, after("a", "b"), "abc"),
        (PARENT, after(), "ac"),
        (PARENT, after("a"), "b"),
        (PARENT, after("a", "c"), "ac"),
        (TWICE, after("a"), "abc"),
        (TWICE, after("a", "b", "a"), "bc"),
        (CASES, after(), "abc"),
        (CASES, after("a", returned="yes"), "b"),
        (CASES, after("a", returned="no"), "abc"),
        ({**CASES, "default_child": "c"}, after("a", returned="no"), "c"),
        (STRICT, after("a", returned="yes"), "b"),
        (STRICT, after("a", returned="no"), ""),
        ({**STRICT, "default_child": "c"}, after("a", returned="no"), ""),
        ({"type": "continue_loop", "tool_name": "a"}, after("a"), "abc"),
    ],
)
def test_a_rule_says_what_may_come_next(
    rule: Mapping[str, object], called_tools: CalledTools, left: str
) -> None:
    assert allowed(rules(rule), called_tools, TOOLS) == list(left)


def test_what_one_rule_forbids_no_other_allows() -> None:
    assert allowed(rules(CHILD, TWICE), after("a", "a"), TOOLS) == ["b"]
    assert allowed(rules(CHILD, {**PARENT, "tool_name": "c"}), after("a"), TOOLS) == []


def test_several_tools_can_be_the_first() -> None:
    assert allowed(rules(FIRST, {**FIRST, "tool_name": "c"}), after(), TOOLS) == ["a", "c"]


def test_rules_lay_down_arguments_of_the_call_they_are_about() -> None:
    nodes = [{"name": "b", "args": {"x": 2}}, {"name": "c", "args": None}]
    given = rules({**FIRST, "args": {"x": 1}}, {**CHILD, "child_arg_nodes": nodes})

    assert prefilled(given, after(), "a") == {"x": 1}
    assert prefilled(given, after("a"), "b") == {"x": 2}
    assert prefilled(given, after("a"), "a") == prefilled(given, after("c"), "b") == {}


def test_required_tools_are_those_the_agent_has_and_has_not_called() -> None:
    given = rules(*({"type": "required_before_exit", "tool_name": name} for name in "dba"))

    assert still_required(given, after("a"), TOOLS) == ["b"]


def test_a_terminal_tool_ends_the_turn() -> None:
    given = rules({"type": "exit_loop", "tool_name": "a"})

    assert ends_turn(given, ["a", "a"])
    assert not ends_turn(given, ["b", "a"])
    assert not ends_turn(given, ["b"])
