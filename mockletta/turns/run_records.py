"""The records of runs and steps: opens and closes a run, and adds a row for each step."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from mockletta.turns.lazy_records import EndedRun, OpenRun, StepOutcome, step_of
from mockletta.turns.model_failures import TurnFailure
from mockletta.turns.turn_state import Delivery, TurnState
from mockletta.wire.message_requests import MessageRequest
from mockletta.wire.run_parts import RequestConfig, RequestedPrompt, RunStatus, StepTimes
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import NO_RUN_COMPLETION
from mockletta.world.world import World

_CONFIGURED = frozenset(RequestConfig.model_fields)
_PROMPTED = frozenset(RequestedPrompt.model_fields)


def open_run(
    world: World,
    request: MessageRequest,
    *,
    at: datetime,
    agent_id: str,
    conversation_id: str | None,
    metadata: dict[str, object],
    delivery: Delivery,
    callback_url: str | None = None,
    may_stay_open: bool = False,
) -> str:
    """Add a new run, and return its id. Its metadata has the `run_type`. A streamed run starts as
    running, others as created [20, 57]."""
    run = OpenRun(
        world.ids.new("run"),
        "running" if delivery.streaming else "created",
        at,
        agent_id,
        conversation_id,
        delivery.background or delivery.is_async,
        metadata,
        _config_of(request),
        _prompt_of(request),
        callback_url,
        may_stay_open,
    )
    world.store.runs.add_lazily(run)
    return run.id


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

    Its callback is sent once, at its first end [76 cancelled: run].
    """
    runs = world.store.runs
    run = runs.stored(run_id)
    if not isinstance(run, OpenRun):
        run = runs.get(run_id)
    now = world.clock.now()
    ended = EndedRun(run_id, run.agent_id, run.conversation_id, run, now, status, reason, error)
    runs.replace_lazily(ended)
    _update_owners(world, ended)
    if run.callback_url and run.completed_at is None:
        from mockletta.turns.callbacks import dispatch  # noqa: PLC0415 - few runs have one

        dispatch(world, runs.get(run_id))


def enter_step(state: TurnState, step_id: str, outcome: StepOutcome | Mapping[str, object]) -> None:
    """Add a step of a turn."""
    step = step_of(step_id, state.run_id, state.agent, state.llm, outcome)
    state.world.store.steps.add_lazily(step)


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


def _update_owners(world: World, ended: EndedRun) -> None:
    store, now = world.store, ended.at
    agent = store.agents.find(ended.agent_id)
    if agent is not None:
        changes: dict[str, object] = {"updated_at": now}
        if ended.stop_reason is not None:
            changes["last_stop_reason"] = ended.stop_reason
        if NO_RUN_COMPLETION not in world.quirks:
            duration = now - ended.run.created_at
            changes["last_run_completion"] = now
            changes["last_run_duration_ms"] = int(duration.total_seconds() * 1_000)
        store.agents.replace(agent.changed(changes))
    conversation = store.conversations.find(ended.conversation_id or "")
    if conversation is not None:
        store.conversations.replace(conversation.changed({"last_run_completion": now}))
