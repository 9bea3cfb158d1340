"""Runs and steps of turns in short form, as they are stored until somebody reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.agents import AgentState
from mockletta.wire.models import LLMConfig
from mockletta.wire.run_parts import RequestConfig, RequestedPrompt, RunStatus, StepTimes
from mockletta.wire.stop_reasons import StopReasonType

if TYPE_CHECKING:
    from mockletta.wire.runs import Run, Step

NOTHING_CACHED: Mapping[str, int] = MappingProxyType(
    {"cached_tokens": 0, "cache_read_tokens": 0, "cache_creation_tokens": 0}
)


@dataclass(slots=True)
class OpenRun:
    """A run that has not ended."""

    id: str
    status: RunStatus
    created_at: datetime
    agent_id: str
    conversation_id: str | None
    background: bool
    metadata: dict[str, object]
    config: RequestConfig
    prompt: RequestedPrompt | None
    callback_url: str | None
    may_stay_open: bool
    completed_at: ClassVar[None] = None

    def make(self) -> "Run":
        from mockletta.wire.runs import Run  # noqa: PLC0415 - rows are made when they are read

        return Run.trusted(
            id=self.id,
            status=self.status,
            created_at=self.created_at,
            agent_id=self.agent_id,
            conversation_id=self.conversation_id,
            background=self.background,
            metadata=self.metadata,
            request_config=self.config,
            callback_url=self.callback_url,
            prompt=self.prompt,
            may_stay_open=self.may_stay_open,
        )


@dataclass(slots=True)
class EndedRun:
    """A run that has ended, when and how. One that has ended before keeps its end time [71 C: run
    still, F: run later]."""

    id: str
    agent_id: str
    conversation_id: str | None
    run: "OpenRun | Run"
    at: datetime
    status: RunStatus
    stop_reason: StopReasonType | None
    error: object | None

    def make(self) -> "Run":
        run = self.run.make() if isinstance(self.run, OpenRun) else self.run
        error, metadata = self.error, run.metadata or {}
        duration = run.total_duration_ns or _nanoseconds(self.at - run.created_at)
        return run.changed(
            {
                "status": self.status,
                "stop_reason": self.stop_reason,
                "completed_at": run.completed_at or self.at.replace(tzinfo=None),
                "metadata": metadata if error is None else {**metadata, "error": error},
                "total_duration_ns": duration,
            }
        )


class StepOutcome(NamedTuple):
    """The outcome of a step. Without a stop reason the turn continues. Sizes are in tokens."""

    id: str
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    stop_reason: StopReasonType | None
    times: StepTimes

    @property
    def fields(self) -> dict[str, object]:
        """The fields of a step that succeeded [60 step retrieve]. The last one that a turn may take
        has no own stop reason [89]."""
        _, prompt, completion, reasoning, reason, times = self
        return {
            "completion_tokens": completion,
            "prompt_tokens": prompt,
            "total_tokens": prompt + completion,
            "completion_tokens_details": {"reasoning_tokens": reasoning},
            "prompt_tokens_details": dict(NOTHING_CACHED),
            "stop_reason": None if reason is StopReasonType.max_steps else reason,
            "status": "success",
            "times": times,
        }


@dataclass(slots=True)
class TurnStep:
    """A step of a turn. `own_llm` is its model if that is not its agent's. The outcome of one that
    did not succeed is a mapping of fields."""

    id: str
    run_id: str
    agent_id: str
    project_id: str | None
    llm: LLMConfig
    own_llm: LLMConfig | None
    outcome: StepOutcome | Mapping[str, object]

    def make(self) -> "Step":
        from mockletta.wire.runs import Step  # noqa: PLC0415 - rows are made when they are read

        outcome, llm = self.outcome, self.llm
        unknown = {"completion_tokens": 0, "prompt_tokens": 0, "total_tokens": 0}
        return Step.trusted(
            id=self.id,
            organization_id=ORGANIZATION_ID,
            run_id=self.run_id,
            agent_id=self.agent_id,
            project_id=self.project_id,
            provider_name=llm.model_endpoint_type,
            provider_category=llm.provider_category,
            model=llm.model,
            model_handle=llm.handle,
            model_endpoint=llm.model_endpoint,
            context_window_limit=llm.context_window,
            llm=self.own_llm,
            **(unknown | (outcome.fields if isinstance(outcome, StepOutcome) else dict(outcome))),
        )


def step_of(
    step_id: str,
    run_id: str,
    agent: AgentState,
    llm: LLMConfig,
    outcome: StepOutcome | Mapping[str, object],
) -> TurnStep:
    """Return a step of an agent with a model."""
    own_llm = None if llm is agent.llm_config else llm
    return TurnStep(step_id, run_id, agent.id, agent.project_id, llm, own_llm, outcome)


def _nanoseconds(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1_000_000) * 1_000
