"""The durations of runs and steps by the world's clock, and the spans of a run's trace."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from types import MappingProxyType

from mockletta.state.clock import EARLIEST
from mockletta.state.message_records import MessageRecord
from mockletta.wire.runs import Run, RunMetrics, Span, Step, StepMetrics
from mockletta.world.world import World

_MICROSECOND = timedelta(microseconds=1)
_AGENT = "POST /v1/agents/{agent_id}/messages"
_REQUESTS = MappingProxyType(
    {
        "send_conversation_message": "POST /v1/conversations/{conversation_id}/messages",
        "send_message_streaming": f"{_AGENT}/stream",
        "send_message_async": f"{_AGENT}/async",
    }
)
"""The name of the root span's request, by the run's type."""


def records_of(world: World, step: Step) -> list[MessageRecord]:
    """Return the messages that were stored with a step, including those of the request."""
    records = world.store.messages.all(("run_id", step.run_id or ""))
    return [record for record in records if record.step_id == step.id]


def step_metrics(world: World, step: Step) -> StepMetrics:
    """Return a step's durations. A step without tool calls has none for tools [60 step metrics]."""
    known = StepMetrics(
        id=step.id, run_id=step.run_id, agent_id=step.agent_id, project_id=step.project_id
    )
    if step.times is None:
        return known
    begun, _, answered, ended = step.times
    ran_tools = any(record.role == "tool" for record in records_of(world, step))
    return known.changed(
        {
            "step_start_ns": _nanoseconds(begun - EARLIEST),
            "llm_request_start_ns": _nanoseconds(begun - EARLIEST),
            "llm_request_ns": _nanoseconds(answered - begun),
            "tool_execution_ns": _nanoseconds(ended - answered) if ran_tools else None,
            "step_ns": _nanoseconds(ended - begun),
        }
    )


def run_metrics(world: World, run: Run) -> RunMetrics:
    """Return a run's durations, and its called tools that still exist [60 run metrics]."""
    records = world.store.messages.all(("run_id", run.id))
    names = dict.fromkeys(call.name for record in records for call in record.tool_calls)
    tools = [tool.id for name in names if (tool := world.store.tool_named(name)) is not None]
    agent = world.store.agents.find(run.agent_id)
    return RunMetrics(
        id=run.id,
        agent_id=run.agent_id,
        run_start_ns=_nanoseconds(run.created_at - EARLIEST),
        run_ns=run.total_duration_ns,
        num_steps=len(world.store.steps.all(("run_id", run.id))),
        tools_used=tools or None,
        project_id=None if agent is None else agent.project_id,
    )


def run_spans(world: World, run: Run) -> list[Span]:
    """Return the spans of a run's trace: the request, the first token, steps and tools."""
    steps = {step.id: step for step in world.store.steps.all(("run_id", run.id))}
    spans = [_root(world, run)]
    spans += [
        _first_word(run, step) for step in list(steps.values())[:1] if step.status != "failed"
    ]
    spans += [_step_span(run, step) for step in steps.values()]
    records = world.store.messages.all(("run_id", run.id))
    names = {call.tool_call_id: call.name for record in records for call in record.tool_calls}
    for record in records:
        spans.extend(_tool_spans(run, steps.get(record.step_id or ""), record, names))
    return sorted(spans, key=lambda span: span.timestamp)


def _root(world: World, run: Run) -> Span:
    run_type = str((run.metadata or {}).get("run_type"))
    running = _nanoseconds(world.clock.peek() - run.created_at)
    failed = run.status == "failed"
    return Span(
        timestamp=run.created_at,
        trace_id=_trace_id(run),
        span_id=_span_id(run.id),
        span_name=_REQUESTS.get(run_type, _AGENT),
        span_kind="Server",
        span_attributes=_texts(
            {
                "run.id": run.id,
                "agent.id": run.agent_id,
                "conversation.id": run.conversation_id,
                "run.status": run.status,
                "stop_reason": run.stop_reason,
            }
        ),
        duration=running if run.total_duration_ns is None else run.total_duration_ns,
        status_code="Error" if failed else "Ok",
    )


def _first_word(run: Run, step: Step) -> Span:
    heard = step.times.heard if step.times else run.created_at
    return Span(
        timestamp=run.created_at,
        trace_id=_trace_id(run),
        span_id=_span_id(f"{run.id} first word"),
        parent_span_id=_span_id(run.id),
        span_name="time_to_first_token",
        duration=_nanoseconds(heard - run.created_at),
    )


def _step_span(run: Run, step: Step) -> Span:
    begun, ended = (step.times.begun, step.times.ended) if step.times else (run.created_at,) * 2
    failed = step.status == "failed"
    return Span(
        timestamp=begun,
        trace_id=_trace_id(run),
        span_id=_span_id(step.id),
        parent_span_id=_span_id(run.id),
        span_name="agent_step",
        span_attributes=_texts(
            {
                "step.id": step.id,
                "model": step.model_handle,
                "prompt_tokens": step.prompt_tokens,
                "completion_tokens": step.completion_tokens,
                "stop_reason": step.stop_reason,
            }
        ),
        duration=_nanoseconds(ended - begun),
        status_code="Error" if failed else "Ok",
        status_message=str((step.error_data or {}).get("message")) if failed else "",
    )


def _tool_spans(
    run: Run, step: Step | None, record: MessageRecord, names: Mapping[str, str]
) -> Iterator[Span]:
    """Return a span for each return. Tools that waited for an approval ran before the first step of
    the continued run."""
    begun: datetime = step.times.answered if step and step.times else run.created_at
    share = (record.created_at - begun) / max(len(record.tool_returns), 1)
    for place, returned in enumerate(record.tool_returns):
        yield Span(
            timestamp=begun + share * place,
            trace_id=_trace_id(run),
            span_id=_span_id(f"{record.id} {place}"),
            parent_span_id=_span_id(step.id if step else run.id),
            span_name="execute_tool",
            span_attributes=_texts(
                {
                    "tool.name": names.get(returned.tool_call_id, record.name),
                    "tool.call_id": returned.tool_call_id,
                    "tool.status": returned.status,
                }
            ),
            duration=_nanoseconds(share),
            status_code="Ok" if returned.status == "success" else "Error",
        )


def _texts(attributes: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in attributes.items() if value is not None}


def _nanoseconds(time: timedelta) -> int:
    return time // _MICROSECOND * 1_000


def _trace_id(run: Run) -> str:
    return run.id.removeprefix("run-").replace("-", "")


def _span_id(of: str) -> str:
    return blake2b(of.encode(), digest_size=8).hexdigest()
