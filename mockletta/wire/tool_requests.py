"""Requests about tools. Only a change of a tool ignores unknown fields [70x]."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mockletta.wire.base import Body, ProjectId, Wire
from mockletta.wire.fields import SecretTexts
from mockletta.wire.tools import DEFAULT_RETURN_CHAR_LIMIT


class PackageRequirement(Wire, extra="ignore"):
    """A pip or npm package that a tool needs. Without a version it is the newest."""

    name: str = Field(min_length=1)
    version: str | None = None


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
