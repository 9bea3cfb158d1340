"""Agent files (`.af`), for export and import [53 export].

Unknown keys of a file are ignored. Ids are local to the file, a prefix and a number.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from mockletta.wire.agents import AgentType, CompactionSettings
from mockletta.wire.base import Wire
from mockletta.wire.fields import Holds, SecretTexts
from mockletta.wire.mcp_servers import StdioServerConfig
from mockletta.wire.message_content import ApprovalReturn, ImageContent, TextContent, UserContent
from mockletta.wire.model_settings import ModelSettings
from mockletta.wire.models import EmbeddingConfig, LLMConfig
from mockletta.wire.response_formats import ResponseFormat
from mockletta.wire.tool_requests import PackageRequirement
from mockletta.wire.tool_rules import ToolRule
from mockletta.wire.tools import Tool

EARLIEST, LATEST = 1970, 9000


def _in_utc(moment: datetime) -> datetime:
    if not EARLIEST <= moment.year < LATEST:
        raise ValueError(f"the year {moment.year} is not between {EARLIEST} and {LATEST}")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


Time = Annotated[
    datetime,
    AfterValidator(_in_utc),
    PlainSerializer(lambda moment: moment.isoformat(timespec="microseconds"), return_type=str),
]
"""With an offset, unlike elsewhere on the wire."""


class Reasoning(Wire, extra="ignore"):
    type: Literal["reasoning"] = "reasoning"
    is_native: bool = True
    reasoning: str
    signature: str | None = None


class OtherContent(Wire, extra="allow"):
    """Content that is never created here; it is ignored."""

    type: Literal["tool_call", "tool_return", "redacted_reasoning", "omitted_reasoning"]


StoredContent = Annotated[
    TextContent | ImageContent | Reasoning | OtherContent, Field(discriminator="type")
]


class CalledFunction(Wire, extra="ignore"):
    arguments: str
    name: str


class StoredCall(Wire, extra="ignore"):
    """A tool call in the form of model providers [57 context]."""

    id: str
    function: CalledFunction
    type: Literal["function"] = "function"


class StoredReturn(Wire, extra="ignore"):
    """A stored tool return: `func_response` is what a model is sent [57 context]."""

    tool_call_id: str | None = None
    status: Literal["success", "error"]
    stdout: list[str] | None = None
    stderr: list[str] | None = None
    func_response: str | list[UserContent] | None = None


class StoredApproval(ApprovalReturn, extra="ignore"):
    type: Literal["approval"] = "approval"


class ExportedMessage(Wire, extra="ignore"):
    """A message. A request for approval has the role `approval` and calls."""

    type: Literal["message"] | None = "message"
    otid: str | None = None
    group_id: str | None = None
    role: Literal["system", "user", "assistant", "tool", "approval", "summary"]
    content: list[StoredContent] | str
    name: str | None = None
    sender_id: str | None = None
    batch_item_id: str | None = None
    id: str
    model: str | None = None
    agent_id: str | None = None
    tool_calls: list[StoredCall] | None = None
    tool_call_id: str | None = None
    tool_returns: list[StoredReturn] | None = []
    created_at: Time | None = None
    approve: bool | None = None
    approval_request_id: str | None = None
    denial_reason: str | None = None
    approvals: list[StoredApproval | StoredReturn] | None = []


class ExportedFileUse(Wire, extra="ignore"):
    """A file that an agent has access to."""

    agent_id: str
    file_id: str
    source_id: str
    file_name: str
    is_open: bool = True
    visible_content: str | None = None
    last_accessed_at: Time | None = None
    start_line: int | None = None
    end_line: int | None = None
    id: str


class ExportedAgent(Wire, extra="ignore"):
    """An agent with its messages, and all that is needed to create it again. Without a name it gets
    a random one [82 import: agent without name]."""

    name: str | None = None
    memory_blocks: list[object] | None = []
    tools: list[str] | None = []
    tool_ids: list[str] | None = []
    source_ids: list[str] | None = []
    folder_ids: list[str] | None = None
    block_ids: list[str] | None = []
    tool_rules: list[ToolRule] | None = []
    tags: list[str] | None = []
    system: str | None = None
    agent_type: AgentType = AgentType.letta_v1_agent
    initial_message_sequence: list[object] | None = None
    include_base_tools: bool = False
    include_multi_agent_tools: bool = False
    include_base_tool_rules: bool | None = False
    include_default_source: bool = False
    description: str | None = None
    metadata: dict[str, object] | None = None
    llm_config: LLMConfig | None = None
    embedding_config: EmbeddingConfig | None = None
    model: str | None = None
    embedding: str | None = None
    model_settings: ModelSettings | None = None
    compaction_settings: CompactionSettings | None = None
    context_window_limit: int | None = None
    embedding_chunk_size: int | None = None
    max_tokens: int | None = None
    max_reasoning_tokens: int | None = None
    enable_reasoner: bool | None = False
    reasoning: bool | None = None
    from_template: str | None = None
    template: bool = False
    project: str | None = None
    tool_exec_environment_variables: SecretTexts | None = {}
    secrets: SecretTexts | None = None
    memory_variables: dict[str, str] | None = None
    project_id: str | None = None
    template_id: str | None = None
    base_template_id: str | None = None
    identity_ids: list[str] | None = None
    message_buffer_autoclear: bool = False
    enable_sleeptime: bool | None = False
    response_format: ResponseFormat | None = None
    timezone: str | None = "UTC"
    max_files_open: int | None = None
    per_file_view_window_char_limit: int | None = None
    hidden: bool | None = None
    parallel_tool_calls: bool | None = None
    id: str
    in_context_message_ids: list[str] = []
    messages: list[ExportedMessage] = []
    files_agents: list[ExportedFileUse] = []
    group_ids: list[str] = []


class ExportedBlock(Wire, extra="ignore"):
    value: str
    limit: int = 100_000
    project_id: str | None = None
    template_name: str | None = None
    is_template: bool = False
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    preserve_on_migration: bool | None = False
    label: str
    read_only: bool = False
    description: str | None = None
    metadata: dict[str, object] | None = {}
    hidden: bool | None = None
    tags: list[str] | None = None
    id: str


class ExportedTool(Tool, extra="ignore"):
    return_char_limit: int = Field(default=50_000, ge=1, le=1_000_000)
    pip_requirements: list[PackageRequirement] | None = None


class ExportedGroup(Wire, extra="ignore"):
    agent_ids: list[str]
    description: str
    manager_config: dict[str, object] = {"manager_type": "round_robin"}
    project_id: str | None = None
    shared_block_ids: list[str] = []
    hidden: bool | None = None
    id: str


class ExportedFile(Wire, extra="ignore"):
    source_id: str
    file_name: str | None = None
    original_file_name: str | None = None
    file_path: str | None = None
    file_type: str | None = None
    file_size: int | None = None
    file_creation_date: str | None = None
    file_last_modified_date: str | None = None
    processing_status: str = "pending"
    error_message: str | None = None
    total_chunks: int | None = None
    chunks_embedded: int | None = None
    content: str | None = None
    id: str


class ExportedSource(Wire, extra="ignore"):
    name: str
    description: str | None = None
    instructions: str | None = None
    metadata: dict[str, object] | None = None
    embedding: str | None = None
    embedding_chunk_size: int | None = None
    embedding_config: EmbeddingConfig | None = None
    id: str


class ExportedMcpServer(Wire, extra="ignore"):
    id: str
    server_type: str
    server_name: str
    server_url: str | None = None
    stdio_config: Annotated[dict[str, object] | None, Holds(StdioServerConfig)] = None
    metadata_: dict[str, object] | None = None


NO_SKILL = "Either files (with 'SKILL.md') or source_url must be provided"


class ExportedSkill(Wire, extra="ignore"):
    """A skill that the exporting client adds; agents have none [53 export POST]."""

    name: str
    files: dict[str, str] | None = None
    source_url: str | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        """Refuse a skill that is nowhere [82 export POST skills bad]."""
        if "SKILL.md" not in (self.files or {}) and not self.source_url:
            raise ValueError(NO_SKILL)
        return self


class ExportFile(Wire, extra="ignore", title="AgentFileSchema"):
    """An agent file. `revision_id` is that of the recorded server's database [53 export]. What is
    wrong with one is reported under the title."""

    agents: list[ExportedAgent]
    groups: list[ExportedGroup]
    blocks: list[ExportedBlock]
    files: list[ExportedFile]
    sources: list[ExportedSource]
    tools: list[ExportedTool]
    mcp_servers: list[ExportedMcpServer]
    skills: list[ExportedSkill] = []
    metadata: dict[str, str] = {}
    created_at: Time | None = None


class ImportedAgents(Wire):
    agent_ids: list[str]
