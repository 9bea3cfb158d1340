"""A step's model call as its provider would have seen it, made up from what is stored of it."""

from collections.abc import Sequence

from mockletta.api.messages.model_requests import ModelRequest
from mockletta.api.messages.provider_payloads import chat_response, provider_request
from mockletta.api.runs.metrics import records_of, step_metrics
from mockletta.brain.decisions import ChatMessage
from mockletta.catalogue.agent_types import AGENT_TYPES
from mockletta.errors import ORGANIZATION_ID, USER_ID
from mockletta.state.clock import EARLIEST
from mockletta.state.message_records import MessageRecord
from mockletta.turns.context_history import History, as_chat
from mockletta.turns.model_calls import Offers, system_for
from mockletta.wire.messages import StopReasonType
from mockletta.wire.models import LLMConfig
from mockletta.wire.runs import ProviderTrace, RequestedPrompt, Step
from mockletta.world.world import World

NOTHING_CHANGED = RequestedPrompt.trusted()
_NS_PER_MILLISECOND = 10**6


def provider_trace(world: World, step_id: str) -> ProviderTrace | None:
    """The trace of a step; none for a step that there is not [40 step unknown trace]."""
    step = world.store.steps.find(step_id)
    if step is None:
        return None
    agent = world.store.agents.get(step.agent_id or "")
    run = world.store.runs.get(step.run_id or "")
    llm = step.llm or agent.llm_config.changed({"model": step.model, "handle": step.model_handle})
    metrics = step_metrics(world, step)
    return ProviderTrace(
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
        created_at=step.times.told if step.times else run.created_at,
        updated_at=step.times.ended if step.times else run.created_at,
        id=step.id.replace("step-", "provider_trace-"),
        request_json=_request(world, step, llm, run.prompt or NOTHING_CHANGED),
        response_json=_response(world, step, llm),
        step_id=step.id,
        agent_id=agent.id,
        agent_tags=list(agent.tags or ()),
        call_type="agent_step",
        run_id=run.id,
        org_id=ORGANIZATION_ID,
        llm_config=llm.model_dump(mode="json"),
        latency_ms=(metrics.llm_request_ns or 0) // _NS_PER_MILLISECOND,
    )


def _request(world: World, step: Step, llm: LLMConfig, asked: RequestedPrompt) -> dict[str, object]:
    """The request: the context up to the step, with the system message and the tools of now, and
    what was requested in their place."""
    store = world.store
    context = _context(world, step)
    first = store.messages.get(context[0]) if context else None
    system = asked.override_system
    if first and first.role == "system":
        system = system_for(str(first.content), system, asked.client_skills)
    tools = Offers(store.tools_of(step.agent_id or ""), asked.client_tools or ())
    history = History(store.messages, context, (), uneven=True)
    must_call = AGENT_TYPES[store.agents.get(step.agent_id or "").agent_type].must_call_tool
    return provider_request(ModelRequest(llm, system, history, tools, must_call))


def _context(world: World, step: Step) -> list[str]:
    """The ids of the messages that the model was sent. Of a step that has left its thread's context
    since, only the system message and what its own run had stored are known."""
    store = world.store
    records = records_of(world, step)
    asked = [record.id for record in records if record.role == "user"]
    own = {record.id for record in records} - set(asked)
    run = store.runs.get(step.run_id or "")
    conversation_id = records[0].conversation_id if records else run.conversation_id
    thread = store.find_thread(conversation_id or run.agent_id)
    context = [] if thread is None else thread.context
    place = next((place for place, one in enumerate(context) if one in own), None)
    return context[:1] + asked if place is None else context[:place]


def _response(world: World, step: Step, llm: LLMConfig) -> dict[str, object]:
    if step.status == "failed":
        return {"error": {"type": step.error_type, **(step.error_data or {})}}
    answer = _answer(records_of(world, step))
    told = step.times.told if step.times else EARLIEST
    return chat_response(
        step.id.replace("step-", "chatcmpl-"),
        llm,
        answer,
        finish=_finish(step, answer),
        created=int(told.timestamp()),
        usage=_usage(step),
    )


def _usage(step: Step) -> dict[str, object]:
    return {
        "completion_tokens": step.completion_tokens,
        "prompt_tokens": step.prompt_tokens,
        "total_tokens": step.total_tokens,
        "completion_tokens_details": {
            "accepted_prediction_tokens": None,
            "audio_tokens": None,
            "reasoning_tokens": (step.completion_tokens_details or {}).get("reasoning_tokens"),
            "rejected_prediction_tokens": None,
        },
        "prompt_tokens_details": {"audio_tokens": None, "cached_tokens": 0},
    }


def _answer(records: Sequence[MessageRecord]) -> ChatMessage:
    """What the model said; a step that has nothing of it stored was answered with nothing."""
    replies = [record for record in records if record.role == "assistant"]
    return as_chat(replies[-1]) if replies else ChatMessage("assistant", "")


def _finish(step: Step, answer: ChatMessage) -> str:
    if answer.tool_calls:
        return "tool_calls"
    return "length" if step.stop_reason == StopReasonType.max_tokens_exceeded else "stop"
