"""Runs and their steps, with their metrics and traces."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema
from pydantic.alias_generators import to_pascal

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Wire
from mockletta.wire.messages import MessageType
from mockletta.wire.models import LLMConfig
from mockletta.wire.run_parts import RequestConfig, RequestedPrompt, RunStatus, StepTimes
from mockletta.wire.stop_reasons import StopReasonType

WithoutZone = Annotated[
    datetime, WithJsonSchema({"type": "string", "description": "A time in UTC, without its zone."})
]


class Run(Wire):
    """The processing of one request with messages. `completed_at` has no zone [60 retrieve].

    Durations are in nanoseconds. Its `prompt` only shows in the traces of its steps.
    """

    id: str
    status: RunStatus
    created_at: datetime
    completed_at: WithoutZone | None = None
    agent_id: str
    conversation_id: str | None = None
    base_template_id: str | None = None
    background: bool | None = None
    metadata: dict[str, object] | None = None
    request_config: RequestConfig | None = None
    stop_reason: StopReasonType | None = None
    callback_url: str | None = None
    callback_sent_at: WithoutZone | None = None
    callback_status_code: int | None = None
    callback_error: str | None = None
    ttft_ns: int | None = None
    total_duration_ns: int | None = None
    prompt: RequestedPrompt | None = Field(default=None, exclude=True)
    may_stay_open: bool = Field(default=False, exclude=True)
    """Whether the recorded server never ends such a run."""

    @property
    def wanted_types(self) -> list[MessageType] | None:
        """The types of messages that a list of its messages has; None means all [76 types]."""
        config = self.request_config
        return (config and config.include_return_message_types) or None


class RunUsage(Wire):
    """The tokens of all steps of a run."""

    completion_tokens: int
    prompt_tokens: int
    total_tokens: int
    prompt_tokens_details: None = None
    completion_tokens_details: None = None


class FeedbackType(StrEnum):
    """A client's opinion of a step. It is an enum because the server's 422 names one [60 step
    feedback bad]."""

    positive = "positive"
    negative = "negative"


class Step(Wire):
    """A model call of a run [60 step retrieve].

    Its `times` are only shown as metrics. `llm` is its model if that is not its agent's own.
    """

    id: str
    origin: str | None = None
    organization_id: str | None = None
    provider_id: str | None = None
    run_id: str | None = None
    agent_id: str | None = None
    provider_name: str | None = None
    provider_category: str | None = None
    model: str | None = None
    model_handle: str | None = None
    model_endpoint: str | None = None
    context_window_limit: int | None = None
    completion_tokens: int | None = None
    prompt_tokens: int | None = None
    total_tokens: int | None = None
    cached_input_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    completion_tokens_details: dict[str, object] | None = None
    prompt_tokens_details: dict[str, object] | None = None
    stop_reason: StopReasonType | None = None
    tags: list[str] | None = []
    tid: str | None = None
    trace_id: str | None = None
    request_id: str | None = None
    messages: list[object] | None = []
    feedback: Literal["positive", "negative"] | None = None
    project_id: str | None = None
    error_type: str | None = None
    error_data: dict[str, object] | None = None
    status: Literal["pending", "success", "failed", "cancelled"] | None = None
    times: StepTimes | None = Field(default=None, exclude=True)
    llm: LLMConfig | None = Field(default=None, exclude=True)


class StepMetrics(Wire):
    """The duration of a step, in nanoseconds; a start is a time since 1970 [60 step metrics]."""

    id: str
    organization_id: str = ORGANIZATION_ID
    provider_id: str | None = None
    run_id: str | None = None
    agent_id: str | None = None
    step_start_ns: int | None = None
    llm_request_start_ns: int | None = None
    llm_request_ns: int | None = None
    tool_execution_ns: int | None = None
    step_ns: int | None = None
    base_template_id: str | None = None
    template_id: str | None = None
    project_id: str | None = None


class RunMetrics(Wire):
    """The duration of a run, in nanoseconds, and the tools it called [60 run metrics]."""

    id: str
    organization_id: str = ORGANIZATION_ID
    agent_id: str | None = None
    project_id: str | None = None
    run_start_ns: int | None = None
    run_ns: int | None = None
    num_steps: int | None = None
    tools_used: list[str] | None = None
    template_id: str | None = None
    base_template_id: str | None = None


class ProviderTrace(Wire):
    """A model call as its provider would receive it [60 step trace]."""

    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    created_at: datetime
    updated_at: datetime | None = None
    id: str
    request_json: dict[str, object]
    response_json: dict[str, object]
    step_id: str | None = None
    agent_id: str | None = None
    agent_tags: list[str] | None = None
    call_type: str | None = None
    run_id: str | None = None
    source: str | None = None
    org_id: str | None = None
    compaction_settings: dict[str, object] | None = None
    llm_config: dict[str, object] | None = None
    billing_context: None = None
    latency_ms: int | None = None


class Span(Wire, alias_generator=to_pascal):
    """One span of a run's trace, with the column names of OpenTelemetry's tables.

    The duration is in nanoseconds; attributes are texts.
    """

    timestamp: datetime
    trace_id: str
    span_id: str
    parent_span_id: str = ""
    span_name: str
    span_kind: Literal["Server", "Internal"] = "Internal"
    service_name: str = "letta-server"
    span_attributes: dict[str, str] = {}
    duration: int
    status_code: Literal["Ok", "Error"] = "Ok"
    status_message: str = ""
