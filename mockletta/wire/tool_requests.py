"""What a client sends to make, change and run tools."""

from typing import Annotated

from pydantic import Field

from mockletta.wire.base import Body, ProjectId
from mockletta.wire.tools import DEFAULT_RETURN_CHAR_LIMIT, PackageRequirement

ReturnCharLimit = Annotated[int, Field(ge=1, le=1_000_000)]


class CreateTool(Body):
    """A new tool, or the new form of the one with its name."""

    source_code: str
    description: str | None = None
    tags: list[str] | None = None
    source_type: str = "json"
    json_schema: dict[str, object] | None = None
    args_json_schema: dict[str, object] | None = None
    return_char_limit: ReturnCharLimit = DEFAULT_RETURN_CHAR_LIMIT
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None
    default_requires_approval: bool | None = None
    enable_parallel_execution: bool | None = False
    project_id: ProjectId = None


class UpdateTool(Body):
    """A change to a tool; what is null stays."""

    source_code: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    source_type: str | None = None
    json_schema: dict[str, object] | None = None
    args_json_schema: dict[str, object] | None = None
    return_char_limit: ReturnCharLimit | None = None
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None
    default_requires_approval: bool | None = None
    enable_parallel_execution: bool | None = None
    metadata_: dict[str, object] | None = None


class UpdateApproval(Body):
    requires_approval: bool


class RunTool(Body):
    args: dict[str, object] = Field(default_factory=dict)


class RunFromSource(Body):
    """A tool to try out that nobody has yet."""

    source_code: str
    args: dict[str, object]
    env_vars: dict[str, str] | None = None
    name: str | None = None
    source_type: str | None = None
    args_json_schema: dict[str, object] | None = None
    json_schema: dict[str, object] | None = None
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None

    def as_tool(self) -> CreateTool:
        """The tool that it would be."""
        return CreateTool(
            source_code=self.source_code,
            source_type=self.source_type or "python",
            json_schema=self.json_schema,
            args_json_schema=self.args_json_schema,
        )


class CodeInput(Body):
    """Source that a schema is wanted for."""

    code: str
    source_type: str | None = "python"
