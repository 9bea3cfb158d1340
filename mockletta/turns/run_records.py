"""The records of runs and steps: opens and closes a run, and adds a row for each step."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache

from mockletta.errors import ORGANIZATION_ID
from mockletta.turns.model_failures import TurnFailure
from mockletta.turns.turn_state import TurnState
from mockletta.wire.agents import AgentState
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.messages import StopReasonType
from mockletta.wire.models import LLMConfig
from mockletta.wire.runs import RequestConfig, RequestedPrompt, Run, RunStatus, Step, StepTimes
from mockletta.world.quirks import NO_RUN_COMPLETION
from mockletta.world.world import World

_FACTS = (
    "agent_id",
    "project_id",
    "provider_name",
    "provider_category",
    "model",
    "model_handle",
    "model_endpoint",
    "context_window_limit",
)
"""The fields of a step that tell its agent and its model."""
_CONFIGURED = frozenset(RequestConfig.model_fields)
_PROMPTED = frozenset(RequestedPrompt.model_fields)


def open_run(
    world: World,
    request: MessageRequest,
    *,
    agent_id: str,
    conversation_id: str | None,
    metadata: dict[str, object],
    streaming: bool,
    background: bool,
    callback_url: str | None = None,
    may_stay_open: bool = False,
) -> Run:
    """Add a new run. Its metadata has the `run_type`. A streamed run starts as running, others as
    created [20, 57]."""
    run = Run.trusted(
        id=world.ids.new("run"),
        status="running" if streaming else "created",
        created_at=world.clock.now(),
        agent_id=agent_id,
        conversation_id=conversation_id,
        background=background,
        metadata=metadata,
        request_config=_config_of(request),
        callback_url=callback_url,
        prompt=_prompt_of(request),
        may_stay_open=may_stay_open,
    )
    return world.store.runs.add(run)


def _config_of(request: MessageRequest) -> RequestConfig:
    if _CONFIGURED.isdisjoint(request.__pydantic_fields_set__):
        return _usual_config()
    return RequestConfig.trusted(
        use_assistant_message=request.use_assistant_message,
        assistant_message_tool_name=request.assistant_message_tool_name,
        assistant_message_tool_kwarg=request.assistant_message_tool_kwarg,
        include_return_message_types=request.include_return_message_types,
    )


def _prompt_of(request: MessageRequest) -> RequestedPrompt | None:
    if _PROMPTED.isdisjoint(request.__pydantic_fields_set__):
        return None
    skills, tools = request.client_skills or None, request.client_tools or None
    if request.override_system is None and skills is None and tools is None:
        return None
    return RequestedPrompt.trusted(
        override_system=request.override_system, client_skills=skills, client_tools=tools
    )


@cache
def _usual_config() -> RequestConfig:
    return RequestConfig.trusted(**dict(RequestConfig()))


def close_run(
    world: World,
    run_id: str,
    status: RunStatus,
    reason: StopReasonType | None,
    error: object | None = None,
) -> None:
    """Record the end of a run, in the run, its agent and its conversation.

    A run that has ended before keeps its end time [71 C: run still, F: run later]. Its callback is
    sent once, at its first end [76 cancelled: run].
    """
    run = world.store.runs.get(run_id)
    now = world.clock.now()
    metadata, duration = run.metadata or {}, now - run.created_at
    ended = run.changed(
        {
            "status": status,
            "stop_reason": reason,
            "completed_at": run.completed_at or now.replace(tzinfo=None),
            "metadata": metadata if error is None else {**metadata, "error": error},
            "total_duration_ns": run.total_duration_ns or _nanoseconds(duration),
        }
    )
    world.store.runs.replace(ended)
    _update_owners(world, run, now, duration, reason)
    if run.callback_url and run.completed_at is None:
        from mockletta.turns.callbacks import dispatch  # noqa: PLC0415 - few runs have one

        dispatch(world, ended)


def new_step(
    step_id: str, run_id: str, agent: AgentState, llm: LLMConfig, outcome: Mapping[str, object]
) -> Step:
    """Create a step with the facts of its model, and with its outcome."""
    usual = _usual_step(
        agent.id,
        agent.project_id,
        llm.model_endpoint_type,
        llm.provider_category,
        llm.model,
        llm.handle,
        llm.model_endpoint,
        llm.context_window,
    )
    own = None if llm is agent.llm_config else llm
    return usual.changed({"id": step_id, "run_id": run_id, "llm": own, **outcome})


@lru_cache(64)
def _usual_step(*facts: object) -> Step:
    """Return what all steps of an agent with a model have in common."""
    named = dict(zip(_FACTS, facts, strict=True))
    return Step.trusted(
        organization_id=ORGANIZATION_ID,
        completion_tokens=0,
        prompt_tokens=0,
        total_tokens=0,
        **named,
    )


def enter_step(state: TurnState, step_id: str, outcome: Mapping[str, object]) -> None:
    """Add a step of a turn."""
    step = new_step(step_id, state.run_id, state.agent, state.llm, outcome)
    state.world.store.steps.add(step)


def success_outcome(
    prompt_tokens: int,
    completion_tokens: int,
    reasoning_tokens: int,
    stop_reason: StopReasonType | None,
    times: StepTimes,
) -> dict[str, object]:
    """Return the outcome of a step that succeeded [60 step retrieve]."""
    return {
        "completion_tokens": completion_tokens,
        "prompt_tokens": prompt_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "completion_tokens_details": _reasoning(reasoning_tokens),
        "prompt_tokens_details": _nothing_cached(),
        "stop_reason": stop_reason,
        "status": "success",
        "times": times,
    }


@lru_cache(64)
def _reasoning(tokens: int) -> dict[str, int]:
    return {"reasoning_tokens": tokens}


@cache
def _nothing_cached() -> dict[str, int]:
    return {"cached_tokens": 0, "cache_read_tokens": 0, "cache_creation_tokens": 0}


def failure_outcome(failure: TurnFailure, begun: datetime, now: datetime) -> dict[str, object]:
    """Return the outcome of a step whose model call failed [60 failed run steps]. It has no
    traceback."""
    return {
        "stop_reason": failure.stop_reason,
        "error_type": failure.step_error,
        "error_data": {"message": failure.detail, "traceback": "", "details": None},
        "status": "failed",
        "times": StepTimes(begun, now, now, now),
    }


def _nanoseconds(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1_000_000) * 1_000


def _update_owners(
    world: World, run: Run, now: datetime, duration: timedelta, reason: StopReasonType | None
) -> None:
    store = world.store
    agent = store.agents.find(run.agent_id)
    if agent is not None:
        changes: dict[str, object] = {"updated_at": now}
        if reason is not None:
            changes["last_stop_reason"] = reason
        if NO_RUN_COMPLETION not in world.quirks:
            changes["last_run_completion"] = now
            changes["last_run_duration_ms"] = int(duration.total_seconds() * 1_000)
        store.agents.replace(agent.changed(changes))
    conversation = store.conversations.find(run.conversation_id or "")
    if conversation is not None:
        store.conversations.replace(conversation.changed({"last_run_completion": now}))
