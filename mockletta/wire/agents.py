"""Agents and what hangs from them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.base import Wire
from mockletta.wire.blocks import Block
from mockletta.wire.files import FileBlock
from mockletta.wire.folders import Source
from mockletta.wire.groups import Group
from mockletta.wire.identities import Identity
from mockletta.wire.messages import ApprovalRequestMessage
from mockletta.wire.model_settings import ModelSettings, ResponseFormat
from mockletta.wire.models import EmbeddingConfig, LLMConfig
from mockletta.wire.replies import StopReasonType
from mockletta.wire.tool_rules import ToolRule
from mockletta.wire.tools import Tool


class AgentType(StrEnum):
    """The kinds of agent; an enum since its 422 names one [42]."""

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
    """A secret of an agent, as the server keeps it [50 everything]."""

    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    id: str
    key: str
    value: str
    description: str | None = None
    organization_id: str | None = None
    value_enc: str | None = None
    agent_id: str


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


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
    """An agent, whole; relations that were not asked for are empty [50 retrieve default]."""

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
    max_files_open: int | None = 10
    per_file_view_window_char_limit: int | None = 25000
    hidden: bool | None = None
