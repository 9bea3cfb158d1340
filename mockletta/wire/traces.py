"""Metrics and traces of runs and steps."""

from datetime import datetime
from typing import Literal

from pydantic.alias_generators import to_pascal

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.base import Wire


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
