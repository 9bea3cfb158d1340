"""The types of tool rules. They are apart from the rules, which most agents do not have."""

from enum import StrEnum


class ToolRuleType(StrEnum):
    constrain_child_tools = "constrain_child_tools"
    run_first = "run_first"
    exit_loop = "exit_loop"
    conditional = "conditional"
    continue_loop = "continue_loop"
    required_before_exit = "required_before_exit"
    max_count_per_step = "max_count_per_step"
    parent_last_tool = "parent_last_tool"
    requires_approval = "requires_approval"


OF_CHILDREN = (ToolRuleType.constrain_child_tools, ToolRuleType.conditional)
"""The types of rules that demand a call of another tool next."""
