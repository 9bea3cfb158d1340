"""What a model is told of the rules for its tools [50 everything: context]."""

from collections.abc import Iterable

from mockletta.wire.tool_rules import (
    ChildToolRule,
    MaxCountPerStepToolRule,
    ParentToolRule,
    ToolRule,
)

RULES = """<tool_usage_rules>
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
    "requires_approval",
)
PLAIN = {
    "run_first": "{} must be run first",
    "continue_loop": "{} requires continuing your response when called",
    "conditional": "{} will determine which tool to use next based on its output",
    "exit_loop": "{} ends your response (yields control) when called",
    "required_before_exit": "{} must be called before ending the conversation",
    "requires_approval": "{} requires approval before it is run",
}


def tool_usage_rules(rules: Iterable[ToolRule]) -> str | None:
    """The section of the system prompt about an agent's rules; None without any."""
    ordered = sorted(rules, key=lambda rule: ORDER.index(rule.type))
    texts = [f"<tool_rule>\n{_text(rule)}\n</tool_rule>" for rule in ordered]
    return RULES.format(rules="\n".join(texts)) if texts else None


def _text(rule: ToolRule) -> str:
    name = rule.tool_name
    if isinstance(rule, ChildToolRule):
        return f"After using {name}, you must use one of these tools: {', '.join(rule.children)}"
    if isinstance(rule, ParentToolRule):
        return f"{', '.join(rule.children)} can only be used after {name}"
    if isinstance(rule, MaxCountPerStepToolRule):
        return f"{name}: at most {rule.max_count_limit} use(s) per response"
    return PLAIN[rule.type].format(name)
