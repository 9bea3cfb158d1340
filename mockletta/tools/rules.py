"""Tool rules: which tools a turn may call next, and when it may end.

The SDK documents what each rule does; no recording shows more of them than `exit_loop`,
`continue_loop` and `requires_approval`. Everything is counted over a turn, also where it went on
after its client had answered.

1. A turn goes on after any call, so `continue_loop` has nothing to add; `exit_loop` is stronger.
2. What rules leave open is judged call by call, so parallel calls count as if one came after the
   other.
3. A conditional rule with `require_output_mapping` allows no tool after a return it does not know.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mockletta.wire.tool_rules import (
    ChildToolRule,
    ConditionalToolRule,
    InitToolRule,
    MaxCountPerStepToolRule,
    ParentToolRule,
    RequiredBeforeExitToolRule,
    TerminalToolRule,
    ToolRule,
)

Rules = Sequence[ToolRule]


@dataclass(frozen=True, slots=True)
class Course:
    """The tools a turn has called so far, and what the last of them returned. A call that a rule
    forbade is none."""

    called: tuple[str, ...] = ()
    returned: str = ""

    @property
    def last(self) -> str | None:
        return self.called[-1] if self.called else None

    def after(self, tool: str, returned: str) -> "Course":
        return Course((*self.called, tool), returned)


def allowed(rules: Rules, course: Course, tools: Iterable[str]) -> list[str]:
    """Those of an agent's tools that may be called next, in their order."""
    first = {rule.tool_name for rule in rules if isinstance(rule, InitToolRule)}
    if first and not course.called:
        return [tool for tool in tools if tool in first]
    return [tool for tool in tools if all(_permits(rule, course, tool) for rule in rules)]


def _permits(rule: ToolRule, course: Course, tool: str) -> bool:
    is_next = rule.tool_name == course.last
    match rule:
        case ChildToolRule():
            return not is_next or tool in rule.children
        case ParentToolRule():
            return is_next or tool not in rule.children
        case ConditionalToolRule():
            return not is_next or _is_mapped(rule, course.returned, tool)
        case MaxCountPerStepToolRule() if rule.tool_name == tool:
            return course.called.count(tool) < rule.max_count_limit
        case _:
            return True


def _is_mapped(rule: ConditionalToolRule, returned: str, tool: str) -> bool:
    child = rule.child_output_mapping.get(returned)
    if child is None and rule.require_output_mapping:
        return False
    child = child or rule.default_child
    return child is None or tool == child


def prefilled(rules: Rules, course: Course, tool: str) -> Mapping[str, object]:
    """The arguments that rules lay down for the next call, whatever the model writes."""
    laid_down: dict[str, object] = {}
    for rule in rules:
        if isinstance(rule, InitToolRule) and rule.tool_name == tool and not course.called:
            laid_down |= rule.args or {}
        elif isinstance(rule, ChildToolRule) and rule.tool_name == course.last:
            nodes = [node for node in rule.child_arg_nodes or () if node.name == tool]
            for node in nodes:
                laid_down |= node.args or {}
    return laid_down


def ends_turn(rules: Rules, tools: Iterable[str]) -> bool:
    """Whether a rule ends the turn after calls of these tools."""
    ending = {rule.tool_name for rule in rules if isinstance(rule, TerminalToolRule)}
    return not ending.isdisjoint(tools)


def due(rules: Rules, course: Course, tools: Sequence[str]) -> list[str]:
    """Tools of which one has to be called now: where rules say what a turn begins with or what
    comes next, that and nothing else; else what must be called before the turn ends."""
    permitted = allowed(rules, course, tools)
    if any(_demands(rule, course, tools) for rule in rules):
        return permitted
    return [tool for tool in still_required(rules, course, tools) if tool in permitted]


def _demands(rule: ToolRule, course: Course, tools: Sequence[str]) -> bool:
    if isinstance(rule, InitToolRule):
        return not course.called and rule.tool_name in tools
    return isinstance(rule, ChildToolRule | ConditionalToolRule) and rule.tool_name == course.last


def still_required(rules: Rules, course: Course, tools: Sequence[str]) -> list[str]:
    """Those of an agent's tools that must be called before its turn may end."""
    required = [rule.tool_name for rule in rules if isinstance(rule, RequiredBeforeExitToolRule)]
    return [name for name in required if name in tools and name not in course.called]
