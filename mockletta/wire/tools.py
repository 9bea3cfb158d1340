"""Tools, and rules about the order in which an agent can call them.

Rules have the same shape in requests and responses; the server sets `prompt_template` to null [50
everything]. Their union has the server's order, which its 422 quotes [42 tool_rules unknown type].
Only a change of a tool ignores unknown fields [70x].
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from mockletta.wire.base import Body, ProjectId, Wire
from mockletta.wire.fields import SecretTexts


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


DEFAULT_RETURN_CHAR_LIMIT = 50_000

ToolType = Literal[
    "custom",
    "letta_core",
    "letta_memory_core",
    "letta_multi_agent_core",
    "letta_sleeptime_core",
    "letta_voice_sleeptime_core",
    "letta_builtin",
    "letta_files_core",
    "external_langchain",
    "external_composio",
    "external_mcp",
]
MCP_TYPE: ToolType = "external_mcp"
"""The type of the tools of MCP servers."""


class PackageRequirement(Wire, extra="ignore"):
    """A pip or npm package that a tool needs. Without a version it is the newest."""

    name: str = Field(min_length=1)
    version: str | None = None


class Tool(Wire):
    """A tool. `metadata_` has the server's spelling [00 tools before any agent].

    `return_char_limit` counts characters.
    """

    id: str
    tool_type: ToolType = "custom"
    description: str | None = None
    source_type: str | None = None
    name: str
    tags: list[str] = []
    source_code: str | None = None
    json_schema: dict[str, object] | None = None
    args_json_schema: dict[str, object] | None = None
    return_char_limit: int = DEFAULT_RETURN_CHAR_LIMIT
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None
    default_requires_approval: bool | None = None
    enable_parallel_execution: bool | None = False
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    metadata_: dict[str, object] | None = Field(default_factory=dict)
    project_id: str | None = None


class ToolExecutionResult(Wire):
    """The result of a tool that was run outside of a turn [62 run tool]."""

    status: Literal["success", "error"]
    func_return: object | None = None
    agent_state: None = None
    stdout: list[str] | None = None
    stderr: list[str] | None = None
    sandbox_config_fingerprint: str | None = None


ReturnCharLimit = Annotated[int, Field(ge=1, le=1_000_000)]


class ToolSource(Body):
    """A tool described by its source or its schema."""

    description: str | None = None
    tags: list[str] | None = None
    source_code: str
    source_type: str = "json"
    json_schema: dict[str, object] | None = None
    args_json_schema: dict[str, object] | None = None
    return_char_limit: ReturnCharLimit = DEFAULT_RETURN_CHAR_LIMIT
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None
    default_requires_approval: bool | None = None
    enable_parallel_execution: bool | None = False
    project_id: ProjectId = None


class CreateTool(ToolSource, extra="forbid"):
    """A request for a tool. An existing tool with its name is changed."""

    @model_validator(mode="after")
    def _has_schema_if_typescript(self) -> Self:
        if self.source_type == "typescript" and not self.json_schema:
            raise ValueError(
                "TypeScript tools require an explicit json_schema parameter. Unlike Python tools, "
                "schema cannot be auto-generated from TypeScript source code."
            )
        return self


class UpdateTool(Body):
    """A change of a tool. Null changes nothing."""

    description: str | None = None
    tags: list[str] | None = None
    source_code: str | None = None
    source_type: str | None = None
    json_schema: dict[str, object] | None = None
    args_json_schema: dict[str, object] | None = None
    return_char_limit: ReturnCharLimit | None = None
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None
    metadata_: dict[str, object] | None = None
    default_requires_approval: bool | None = None
    enable_parallel_execution: bool | None = None


class UpdateApproval(Body, extra="forbid"):
    requires_approval: bool


class RunTool(Body, extra="forbid"):
    args: dict[str, object] = Field(default_factory=dict)


class RunFromSource(Body, extra="forbid"):
    """A tool to run without storing it."""

    source_code: str
    args: dict[str, object]
    env_vars: SecretTexts | None = None
    name: str | None = None
    source_type: str | None = None
    args_json_schema: dict[str, object] | None = None
    json_schema: dict[str, object] | None = None
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None

    def as_tool(self) -> ToolSource:
        """Return the tool that would be created."""
        return ToolSource(
            source_code=self.source_code,
            source_type=self.source_type or "python",
            json_schema=self.json_schema,
            args_json_schema=self.args_json_schema,
        )


class CodeInput(Body):
    """Source code to derive a schema from."""

    code: str
    source_type: str | None = "python"
