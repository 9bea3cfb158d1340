"""Tool rules: which tools a turn may call next, when it may end, and the section about them in the
prompt.

The SDK documents what each rule does; recordings show only `exit_loop`, `continue_loop` and
`requires_approval`. Calls are counted over a whole turn, including the part before an approval.

1. A turn continues after any call, so `continue_loop` changes nothing; `exit_loop` takes
   precedence.
2. Calls are checked one by one, so parallel calls count as consecutive ones.
3. A conditional rule with `require_output_mapping` allows no tool after an unmapped return.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mockletta.wire.tool_rule_types import OF_CHILDREN, ToolRuleType

if TYPE_CHECKING:
    from mockletta.wire.tool_rules import ConditionalToolRule, ToolRule

Rules: TypeAlias = "Sequence[ToolRule]"
SECTION = """<tool_usage_rules>
The following constraints define rules for tool usage and guide desired behavior. These rules must \
be followed to ensure proper tool execution and workflow. A single response may contain multiple \
tool calls.

{rules}
</tool_usage_rules>"""
ORDER = (
    "run_first",
    "continue_loop",
    "constrain_child_tools",
    "conditional",
    "exit_loop",
    "required_before_exit",
    "max_count_per_step",
    "parent_last_tool",
)
"""The rules in a model's prompt. It does not mention which tools need an approval."""
PLAIN = {
    "run_first": "{} must be run first",
    "continue_loop": "{} requires continuing your response when called",
    "conditional": "{} will determine which tool to use next based on its output",
    "exit_loop": "{} ends your response (yields control) when called",
    "required_before_exit": "{} must be called before ending the conversation",
}


class CalledTools(NamedTuple):
    """The tools that a turn has called, and the last return. Refused calls do not count."""

    called: tuple[str, ...] = ()
    returned: str = ""

    @property
    def last(self) -> str | None:
        return self.called[-1] if self.called else None

    def after(self, tool: str, returned: str) -> "CalledTools":
        return CalledTools((*self.called, tool), returned)


def allowed(rules: Rules, called_tools: CalledTools, tools: Iterable[str]) -> list[str]:
    """Return the tools that may be called next, in their order."""
    first = {rule.tool_name for rule in rules if rule.type is ToolRuleType.run_first}
    if first and not called_tools.called:
        return [tool for tool in tools if tool in first]
    return [tool for tool in tools if all(_permits(rule, called_tools, tool) for rule in rules)]


def _permits(rule: "ToolRule", called_tools: CalledTools, tool: str) -> bool:
    is_next = rule.tool_name == called_tools.last
    if rule.type is ToolRuleType.constrain_child_tools:
        return not is_next or tool in rule.children
    if rule.type is ToolRuleType.parent_last_tool:
        return (tool in rule.children) is is_next
    if rule.type is ToolRuleType.conditional:
        return not is_next or _is_mapped(rule, called_tools.returned, tool)
    if rule.type is ToolRuleType.max_count_per_step and rule.tool_name == tool:
        return called_tools.called.count(tool) < rule.max_count_limit
    return True


def _is_mapped(rule: "ConditionalToolRule", returned: str, tool: str) -> bool:
    child = rule.child_output_mapping.get(returned)
    if child is None and rule.require_output_mapping:
        return False
    child = child or rule.default_child
    return child is None or tool == child


def prefilled(rules: Rules, called_tools: CalledTools, tool: str) -> Mapping[str, object]:
    """Return the arguments that rules set for the next call; they override the model's."""
    fixed: dict[str, object] = {}
    for rule in rules:
        if (
            rule.type is ToolRuleType.run_first
            and rule.tool_name == tool
            and not called_tools.called
        ):
            fixed |= rule.args or {}
        elif (
            rule.type is ToolRuleType.constrain_child_tools and rule.tool_name == called_tools.last
        ):
            nodes = [node for node in rule.child_arg_nodes or () if node.name == tool]
            for node in nodes:
                fixed |= node.args or {}
    return fixed


def ends_turn(rules: Rules, tools: Sequence[str]) -> bool:
    """Return whether rules end the turn after the calls of a step: each must be of a tool that ends
    it.

    A turn continues after any other call beside them.
    """
    ending = {rule.tool_name for rule in rules if rule.type is ToolRuleType.exit_loop}
    return bool(tools) and ending.issuperset(tools)


def due(rules: Rules, called_tools: CalledTools, tools: Sequence[str]) -> list[str]:
    """Return the tools of which the model must call one now.

    Rules for the first and the next call come first; then tools that must be called before the turn
    ends.
    """
    permitted = allowed(rules, called_tools, tools)
    if demands_call(rules, called_tools, tools):
        return permitted
    return [tool for tool in still_required(rules, called_tools, tools) if tool in permitted]


def demands_call(rules: Rules, called_tools: CalledTools, tools: Sequence[str]) -> bool:
    """Return whether the model's next output must be a call."""
    return any(_demands(rule, called_tools, tools) for rule in rules)


def _demands(rule: "ToolRule", called_tools: CalledTools, tools: Sequence[str]) -> bool:
    if rule.type is ToolRuleType.run_first:
        return not called_tools.called and rule.tool_name in tools
    return rule.type in OF_CHILDREN and rule.tool_name == called_tools.last


def still_required(rules: Rules, called_tools: CalledTools, tools: Sequence[str]) -> list[str]:
    """Return the tools that must be called before the turn may end."""
    required = [rule.tool_name for rule in rules if rule.type is ToolRuleType.required_before_exit]
    return [name for name in required if name in tools and name not in called_tools.called]


def broken_rules(rules: "Iterable[ToolRule]", tool: str) -> list[str]:
    """Render the rules about a tool: the refusal of its call names them as possible reasons [85
    max_count_per_step].

    Rules that name the tool as a child are not among them.
    """
    return [_rendered(rule) for rule in _in_order(rules) if rule.tool_name == tool]


def tool_usage_rules(rules: "Iterable[ToolRule]") -> str | None:
    """Render the section about an agent's rules [50 everything: context]; None if there are
    none."""
    texts = [_rendered(rule) for rule in _in_order(rules)]
    return SECTION.format(rules="\n".join(texts)) if texts else None


def _in_order(rules: "Iterable[ToolRule]") -> "list[ToolRule]":
    told = [rule for rule in rules if rule.type in ORDER]
    return sorted(told, key=lambda rule: ORDER.index(rule.type))


def _rendered(rule: "ToolRule") -> str:
    return f"<tool_rule>\n{_rule_text(rule)}\n</tool_rule>"


def _rule_text(rule: "ToolRule") -> str:
    name = rule.tool_name
    if rule.type is ToolRuleType.constrain_child_tools:
        return f"After using {name}, you must use one of these tools: {', '.join(rule.children)}"
    if rule.type is ToolRuleType.parent_last_tool:
        return f"{', '.join(rule.children)} can only be used after {name}"
    if rule.type is ToolRuleType.max_count_per_step:
        return f"{name}: at most {rule.max_count_limit} use(s) per response"
    return PLAIN[rule.type].format(name)
