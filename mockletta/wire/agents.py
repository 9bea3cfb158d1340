"""Agents and their parts: memory, compaction settings, secrets."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mockletta.wire.base import Body, ProjectId, Wire
from mockletta.wire.fields import (
    BlockIdText,
    MessageIdText,
    SecretText,
    SecretTexts,
    ToolIdText,
    lazy,
)
from mockletta.wire.memory import Block, CreateBlock
from mockletta.wire.models import EmbeddingConfig, EmbeddingHandle, LLMConfig
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.wire.tools import Tool

if TYPE_CHECKING:
    from mockletta.wire.folders import FileBlock, Source
    from mockletta.wire.groups import Group
    from mockletta.wire.identities import Identity
    from mockletta.wire.input_messages import MessageCreate
    from mockletta.wire.messages import ApprovalRequestMessage
    from mockletta.wire.model_settings import ModelSettings
    from mockletta.wire.response_formats import ResponseFormat
    from mockletta.wire.tool_rules import ToolRule, ToolRules
else:
    ApprovalRequestMessage = lazy("wire.messages", "ApprovalRequestMessage")
    FileBlock, Source = lazy("wire.folders", "FileBlock"), lazy("wire.folders", "Source")
    Group = lazy("wire.groups", "Group")
    Identity = lazy("wire.identities", "Identity")
    MessageCreate = lazy("wire.input_messages", "MessageCreate")
    ModelSettings = lazy("wire.model_settings", "ModelSettings")
    ResponseFormat = lazy("wire.response_formats", "ResponseFormat")
    ToolRule, ToolRules = lazy("wire.tool_rules", "ToolRule"), lazy("wire.tool_rules", "ToolRules")


class AgentType(StrEnum):
    """The types of agents. It is an enum because the server's 422 names it [42]."""

    memgpt_agent = "memgpt_agent"
    memgpt_v2_agent = "memgpt_v2_agent"
    letta_v1_agent = "letta_v1_agent"
    react_agent = "react_agent"
    workflow_agent = "workflow_agent"
    split_thread_agent = "split_thread_agent"
    sleeptime_agent = "sleeptime_agent"
    voice_convo_agent = "voice_convo_agent"
    voice_sleeptime_agent = "voice_sleeptime_agent"


CompactionMode = Literal["all", "sliding_window", "self_compact_all", "self_compact_sliding_window"]


class AgentEnvironmentVariable(Wire):
    """A secret of an agent, as the server stores it [50 everything]."""

    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    id: str
    key: str
    value: SecretText
    description: str | None = None
    organization_id: str | None = None
    value_enc: SecretText | None = None
    agent_id: str


Share = Annotated[float, Field(allow_inf_nan=False)]


class CompactionSettings(Wire):
    """How a conversation is summarised; `sliding_window_percentage` is a share from 0 to 1."""

    model: str | None = None
    model_settings: ModelSettings | None = None
    prompt: str | None = None
    prompt_acknowledgement: bool = False
    clip_chars: int | None = 50000
    mode: CompactionMode = "sliding_window"
    sliding_window_percentage: Share = 0.3


class Memory(Wire):
    agent_type: AgentType | None
    git_enabled: bool = False
    blocks: list[Block]
    file_blocks: list[FileBlock] = []
    prompt_template: str = ""


class AgentState(Wire):
    """An agent. Relations that were not requested are empty [50 retrieve default]."""

    created_by_id: str | None
    last_updated_by_id: str | None
    created_at: datetime
    updated_at: datetime
    id: str
    name: str
    tool_rules: list[ToolRule] | None = []
    message_ids: list[str] | None
    system: str
    agent_type: AgentType
    llm_config: LLMConfig
    embedding_config: EmbeddingConfig | None = None
    model: str | None
    embedding: str | None = None
    model_settings: ModelSettings | None
    compaction_settings: CompactionSettings | None
    response_format: ResponseFormat | None = None
    description: str | None = None
    metadata: dict[str, object] | None = None
    memory: Memory
    blocks: list[Block]
    tools: list[Tool]
    sources: list[Source] = []
    tags: list[str]
    tool_exec_environment_variables: list[AgentEnvironmentVariable] = []
    secrets: list[AgentEnvironmentVariable] = []
    project_id: str | None = None
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    identity_ids: list[str] = []
    identities: list[Identity] = []
    pending_approval: ApprovalRequestMessage | None = None
    message_buffer_autoclear: bool = False
    enable_sleeptime: bool | None = None
    multi_agent_group: Group | None = None
    managed_group: Group | None = None
    last_run_completion: datetime | None = None
    last_run_duration_ms: int | None = None
    last_stop_reason: StopReasonType | None = None
    timezone: str | None = "UTC"
    max_files_open: int | None = None
    per_file_view_window_char_limit: int | None = None
    hidden: bool | None = None


class CompactionSettingsChange(Body):
    """The given compaction settings; others keep their defaults."""

    model: str | None = None
    model_settings: ModelSettings | None = None
    prompt: str | None = None
    prompt_acknowledgement: bool | None = None
    clip_chars: int | None = None
    mode: CompactionMode = "sliding_window"
    sliding_window_percentage: Share | None = None


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


class AgentFields(Body):
    """The fields of an agent that can be set on creation and later. Limits of a model are in
    tokens."""

    name: str | None = None
    tool_ids: list[ToolIdText] | None = None
    source_ids: list[str] | None = None
    folder_ids: list[str] | None = None
    block_ids: list[BlockIdText] | None = None
    tags: Annotated[list[str], AfterValidator(_once)] | None = None
    system: str | None = None
    tool_rules: ToolRules | None = None
    description: str | None = None
    metadata: dict[str, object] | None = None
    llm_config: LLMConfig | None = None
    embedding_config: EmbeddingConfig | None = None
    model: str | None = None
    model_settings: ModelSettings | None = None
    embedding: EmbeddingHandle | None = None
    context_window_limit: int | None = None
    max_tokens: int | None = None
    reasoning: bool | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None
    compaction_settings: CompactionSettingsChange | None = None
    message_buffer_autoclear: bool | None = None
    enable_sleeptime: bool | None = None
    project_id: str | None = None
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    identity_ids: list[str] | None = None
    timezone: str | None = None
    max_files_open: int | None = None
    per_file_view_window_char_limit: int | None = None
    hidden: bool | None = None
    secrets: SecretTexts | None = None
    tool_exec_environment_variables: SecretTexts | None = None


class CreateAgent(AgentFields):
    """A request for an agent. Templates have no effect here; only their type is checked."""

    project_id: ProjectId = None
    memory_blocks: list[CreateBlock] | None = None
    tools: list[str] | None = None
    agent_type: AgentType = AgentType.letta_v1_agent
    initial_message_sequence: list[MessageCreate] | None = None
    include_base_tools: bool = True
    include_multi_agent_tools: bool = False
    include_base_tool_rules: bool | None = None
    include_default_source: bool = False
    enable_reasoner: bool | None = None
    max_reasoning_tokens: int | None = None
    embedding_chunk_size: int | None = None
    from_template: str | None = None
    template: bool = False
    project: str | None = None
    memory_variables: dict[str, str] | None = None

    @field_validator("name", mode="before")
    @classmethod
    def _is_text(cls, name: object) -> object:
        if name is None:
            raise PydanticCustomError("string_type", "Input should be a valid string")
        return name

    @model_validator(mode="after")
    def _voice_needs_sleeptime(self) -> "CreateAgent":
        if self.agent_type is AgentType.voice_convo_agent and not self.enable_sleeptime:
            raise ValueError(
                f"Agent type AgentType.{self.agent_type.name} requires enable_sleeptime to be True"
            )
        return self


class UpdateAgent(AgentFields):
    """A change of an agent. Null changes nothing, lists replace [52]."""

    embedding: str | None = None
    message_ids: list[MessageIdText] | None = None
    last_run_completion: datetime | None = None
    last_run_duration_ms: int | None = None
    last_stop_reason: StopReasonType | None = None
