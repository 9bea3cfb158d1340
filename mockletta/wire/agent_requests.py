"""What a client sends to make and change agents."""

from datetime import datetime

from pydantic import model_validator

from mockletta.wire.agents import AgentType, CompactionMode, Share
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.block_requests import CreateBlock
from mockletta.wire.message_requests import MessageCreate
from mockletta.wire.model_settings import ModelSettings, ResponseFormat
from mockletta.wire.models import EmbeddingConfig, EmbeddingHandle, LLMConfig
from mockletta.wire.replies import StopReasonType
from mockletta.wire.sized_ids import BlockIdText, MessageIdText, ToolIdText
from mockletta.wire.tool_rules import ToolRule


class CompactionSettingsChange(Body):
    """Compaction settings as far as they are given; the rest keeps its default."""

    model: str | None = None
    model_settings: ModelSettings | None = None
    prompt: str | None = None
    prompt_acknowledgement: bool | None = None
    clip_chars: int | None = None
    mode: CompactionMode | None = None
    sliding_window_percentage: Share | None = None


class AgentFields(Body):
    """What can be said of an agent at its creation and later. Limits of a model are in tokens."""

    name: str | None = None
    tool_ids: list[ToolIdText] | None = None
    block_ids: list[BlockIdText] | None = None
    source_ids: list[str] | None = None
    folder_ids: list[str] | None = None
    tags: list[str] | None = None
    system: str | None = None
    tool_rules: list[ToolRule] | None = None
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
    secrets: dict[str, str] | None = None
    tool_exec_environment_variables: dict[str, str] | None = None


class CreateAgent(AgentFields):
    """A new agent. Of templates, which have no effect here, only the type is checked."""

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

    @model_validator(mode="after")
    def _voice_needs_sleeptime(self) -> "CreateAgent":
        if self.agent_type is AgentType.voice_convo_agent and not self.enable_sleeptime:
            raise ValueError(
                f"Agent type AgentType.{self.agent_type.name} requires enable_sleeptime to be True"
            )
        return self


class UpdateAgent(AgentFields):
    """A change of an agent: null leaves a thing as it is, lists replace [52]."""

    message_ids: list[MessageIdText] | None = None
    last_run_completion: datetime | None = None
    last_run_duration_ms: int | None = None
    last_stop_reason: StopReasonType | None = None
