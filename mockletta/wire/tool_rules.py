"""Rules about the order in which an agent can call its tools.

They have the same shape in requests and responses; the server sets `prompt_template` to null [50
everything]. Their union has the server's order, which its 422 quotes [42 tool_rules unknown type].
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from mockletta.wire.base import Wire
from mockletta.wire.tool_rule_types import ToolRuleType


class BaseToolRule(Wire):
    """The common fields of rules. Unlike elsewhere, unknown fields of requests are refused."""

    tool_name: str
    type: ToolRuleType
    prompt_template: str | None = None


class ChildArgNode(Wire):
    name: str
    args: dict[str, object] | None = None


class ChildToolRule(BaseToolRule):
    """After this tool only `children` can be called."""

    type: Literal[ToolRuleType.constrain_child_tools] = ToolRuleType.constrain_child_tools
    children: list[str]
    child_arg_nodes: list[ChildArgNode] | None = None


class InitToolRule(BaseToolRule):
    """A turn begins with this tool."""

    type: Literal[ToolRuleType.run_first] = ToolRuleType.run_first
    args: dict[str, object] | None = None


class TerminalToolRule(BaseToolRule):
    """A call of this tool ends the turn."""

    type: Literal[ToolRuleType.exit_loop] = ToolRuleType.exit_loop


class ConditionalToolRule(BaseToolRule):
    """The return of this tool decides which tool is next."""

    type: Literal[ToolRuleType.conditional] = ToolRuleType.conditional
    default_child: str | None = None
    child_output_mapping: dict[str, str]
    require_output_mapping: bool = False

    @field_validator("child_output_mapping")
    @classmethod
    def _has_a_child(cls, mapping: dict[str, str]) -> dict[str, str]:
        if not mapping:
            raise ValueError("Conditional tool rule must have at least one child tool.")
        return mapping


class ContinueToolRule(BaseToolRule):
    """The turn continues after this tool."""

    type: Literal[ToolRuleType.continue_loop] = ToolRuleType.continue_loop


class RequiredBeforeExitToolRule(BaseToolRule):
    """A turn cannot end before this tool was called."""

    type: Literal[ToolRuleType.required_before_exit] = ToolRuleType.required_before_exit


class MaxCountPerStepToolRule(BaseToolRule):
    """At most `max_count_limit` calls of this tool in a turn."""

    type: Literal[ToolRuleType.max_count_per_step] = ToolRuleType.max_count_per_step
    max_count_limit: int


class ParentToolRule(BaseToolRule):
    """`children` can be called only after this tool."""

    type: Literal[ToolRuleType.parent_last_tool] = ToolRuleType.parent_last_tool
    children: list[str]


class RequiresApprovalToolRule(BaseToolRule):
    """A call of this tool waits until the client approves it."""

    type: Literal[ToolRuleType.requires_approval] = ToolRuleType.requires_approval


ToolRule = Annotated[
    ChildToolRule
    | InitToolRule
    | TerminalToolRule
    | ConditionalToolRule
    | ContinueToolRule
    | RequiredBeforeExitToolRule
    | MaxCountPerStepToolRule
    | ParentToolRule
    | RequiresApprovalToolRule,
    Field(discriminator="type"),
]


def _once(rules: list[ToolRule]) -> list[ToolRule]:
    kept: list[ToolRule] = []
    for rule in rules:
        if rule not in kept:
            kept.append(rule)
    return kept


ToolRules = Annotated[list[ToolRule], AfterValidator(_once)]
"""The rules of a request. Equal rules count once."""
