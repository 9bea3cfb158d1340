"""client.steps: steps with their metrics, traces and feedback; the telemetry of an older path."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from mockletta.api.lists import Among, Keep, ListQuery, Meets, Option, find_page_of, page_of
from mockletta.api.messages.message_lists import Parts
from mockletta.api.messages.model_requests import ModelRequest
from mockletta.api.messages.provider_payloads import chat_response, provider_request
from mockletta.api.path_ids import StepId
from mockletta.api.runs.metrics import records_of, step_metrics
from mockletta.brain.decisions import ChatMessage
from mockletta.catalogue.agent_types import AGENT_TYPES
from mockletta.errors import ORGANIZATION_ID, USER_ID, BadRequest, NotFound, RowNotFound
from mockletta.http.routing import Routes
from mockletta.search.slices import Sliced
from mockletta.state.clock import EARLIEST
from mockletta.state.indexes import Scope
from mockletta.state.message_records import MessageRecord
from mockletta.state.paging import Order
from mockletta.turns.context.context_history import History, as_chat
from mockletta.turns.message_expansion import expand_as_thoughts
from mockletta.turns.model_calls import CallableTools, system_for
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.wire.models import LLMConfig
from mockletta.wire.run_parts import RequestedPrompt
from mockletta.wire.runs import FeedbackType, ProviderTrace, Step, StepMetrics
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import REPLACED_TAGS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

NOTHING_CHANGED = RequestedPrompt.trusted()
_NS_PER_MILLISECOND = 10**6


def provider_trace(world: World, step_id: str) -> ProviderTrace | None:
    """Return the trace of a step; None if the step is unknown [40 step unknown trace]."""
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
        created_at=step.times.answered if step.times else run.created_at,
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
    """Return the request: the context up to the step, with the present system message and tools, or
    those of the request."""
    store = world.store
    context = _context(world, step)
    system = asked.override_system
    if context and context[0].role == "system":
        system = system_for(str(context[0].content), system, asked.client_skills)
    tools = CallableTools(store.tools_of(step.agent_id or ""), asked.client_tools or ())
    history = History(context, (), uneven=True)
    must_call = AGENT_TYPES[store.agents.get(step.agent_id or "").agent_type].must_call_tool
    return provider_request(ModelRequest(llm, system, history, tools, must_call))


def _context(world: World, step: Step) -> list[MessageRecord]:
    """Return the messages that the model received.

    If the step has left its thread's context since, only the system message and the stored messages
    of its run are known.
    """
    store = world.store
    records = records_of(world, step)
    asked = [record for record in records if record.role == "user"]
    own = {record.id for record in records if record.role != "user"}
    run = store.runs.get(step.run_id or "")
    conversation_id = records[0].conversation_id if records else run.conversation_id
    thread = store.find_thread(conversation_id or run.agent_id)
    context = [] if thread is None else thread.context
    place = next((place for place, one in enumerate(context) if one.id in own), None)
    return context[:1] + asked if place is None else context[:place]


def _response(world: World, step: Step, llm: LLMConfig) -> dict[str, object]:
    if step.status == "failed":
        return {"error": {"type": step.error_type, **(step.error_data or {})}}
    answer = _answer(records_of(world, step))
    answered = step.times.answered if step.times else EARLIEST
    return chat_response(
        step.id.replace("step-", "chatcmpl-"),
        llm,
        answer,
        finish=_finish(step, answer),
        created=int(answered.timestamp()),
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
    """Return the model's answer. A step without stored messages has an empty one."""
    replies = [record for record in records if record.role == "assistant"]
    return as_chat(replies[-1]) if replies else ChatMessage("assistant", "")


def _finish(step: Step, answer: ChatMessage) -> str:
    if answer.tool_calls:
        return "tool_calls"
    return "length" if step.stop_reason == StopReasonType.max_tokens_exceeded else "stop"


routes = Routes("/v1")


class StepsQuery(ListQuery):
    """Newest first by default; dates are ISO 8601 and in UTC unless they have a timezone."""

    limit: Limit | None = 50
    agent_id: str | None = None
    trace_ids: Annotated[list[str] | None, Among("trace_id")] = None
    model: str | None = None
    feedback: Literal["positive", "negative"] | None = None
    has_feedback: Annotated[
        bool | None, Meets(lambda step, has: (step.feedback is not None) == has)
    ] = None
    tags: Annotated[
        list[str] | None, Meets(lambda step, tags: bool({*tags} & {*(step.tags or ())}))
    ] = None
    project_id: str | None = None
    start_date: Annotated[str | None, Option()] = None
    end_date: Annotated[str | None, Option()] = None

    def keeps(self, world: World) -> Keep | None:
        keep = super().keeps(world)
        if not self.start_date and not self.end_date:
            return keep
        return lambda step: (keep is None or keep(step)) and self.is_in_time(_start_of(world, step))

    @property
    def scope(self) -> Scope | None:
        return None if self.agent_id is None else ("agent_id", self.agent_id)

    def is_in_time(self, created_at: datetime | None) -> bool:
        start, end = _date(self.start_date), _date(self.end_date)
        if created_at is None:
            return start is None and end is None
        return (start is None or created_at >= start) and (end is None or created_at <= end)


class StepMessagesQuery(ListQuery):
    """Oldest first by default."""

    limit: Limit | None = 100
    order: Order = "asc"


class Feedback(Body):
    """Without feedback, earlier feedback is withdrawn. Tags are added, unless a quirk replaces
    them."""

    feedback: FeedbackType | None = None
    tags: list[str] | None = None


@routes.get("/steps/", "steps.list")
def list_steps(context: RequestContext, query: StepsQuery) -> Sliced[list[Step]]:
    return (yield from find_page_of(context, context.world.store.steps, query))


@routes.get("/steps/{step_id}", "steps.retrieve")
def retrieve(world: World, step_id: StepId) -> Step:
    return world.store.steps.get(step_id)


@routes.get("/steps/{step_id}/metrics", "steps.metrics.retrieve")
def retrieve_metrics(world: World, step_id: StepId) -> StepMetrics:
    step = world.store.steps.find(step_id)
    if step is None:
        raise RowNotFound("StepMetrics", step_id)
    return step_metrics(world, step)


@routes.get("/steps/{step_id}/trace", "steps.trace.retrieve")
def retrieve_trace(world: World, step_id: StepId) -> ProviderTrace | None:
    return provider_trace(world, step_id)


@routes.patch("/steps/{step_id}/feedback", "steps.feedback.create")
def create_feedback(context: RequestContext, step_id: StepId, body: Feedback) -> Step:
    """Set a step's feedback, or withdraw it, and add its tags [60 step feedback *]."""
    steps = context.world.store.steps
    step = steps.get(step_id)
    tags = list(dict.fromkeys([*(step.tags or ()), *(body.tags or ())]))
    if body.tags is not None and tags != body.tags:
        is_on = REPLACED_TAGS in context.world.quirks
        context.depends_on(REPLACED_TAGS, f"the tags {tags if is_on else body.tags}")
        tags = body.tags if is_on and body.tags else tags
    return steps.replace(step.changed({"feedback": body.feedback, "tags": tags}))


@routes.get("/steps/{step_id}/messages", "steps.messages.list")
def list_messages(context: RequestContext, step_id: StepId, query: StepMessagesQuery) -> Parts:
    """List a step's messages, including the user's; an unknown step has none [40, 89]."""
    for cursor in filter(None, (query.after, query.before)):
        if cursor not in context.world.store.messages:
            raise NotFound(f"No Message found with id {cursor}")
    step = context.world.store.steps.find(step_id)
    page = page_of(context, [] if step is None else records_of(context.world, step), query)
    return [message for record in page for message in expand_as_thoughts(record)]


def _start_of(world: World, step: Step) -> datetime | None:
    run = world.store.runs.find(step.run_id or "")
    return None if run is None else run.created_at


def _date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"Invalid isoformat string: '{text}'") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@routes.get("/telemetry/{step_id}", "telemetry.retrieve")
def retrieve_telemetry(world: World, step_id: str) -> ProviderTrace | None:
    """Retrieve a step's trace by an older path, whose id is not checked."""
    return provider_trace(world, step_id)
