"""client.steps: steps, their metrics, traces and feedback; the telemetry of an older path."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from mockletta.api.lists import Among, Keep, Limit, ListQuery, Meets, Option, page_of
from mockletta.api.messages.message_lists import Parts
from mockletta.api.path_ids import StepId
from mockletta.api.runs.metrics import records_of, step_metrics
from mockletta.api.runs.traces import provider_trace
from mockletta.errors import BadRequest, RowNotFound
from mockletta.http.routing import Routes
from mockletta.state.paging import Order
from mockletta.state.table import Scope
from mockletta.turns.message_expansion import expand_as_thoughts
from mockletta.wire.base import Body
from mockletta.wire.runs import FeedbackType, ProviderTrace, Step, StepMetrics
from mockletta.world.quirks import REPLACED_TAGS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1")


class StepsQuery(ListQuery):
    """Newest first by default; dates are ISO 8601 and in UTC unless they say otherwise."""

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
        return lambda step: (keep is None or keep(step)) and self.is_in_time(_begun(world, step))

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
    """No feedback takes back what was given. Tags are added, unless a quirk replaces them."""

    feedback: FeedbackType | None = None
    tags: list[str] | None = None


@routes.get("/steps/", "steps.list")
def list_steps(context: RequestContext, query: StepsQuery) -> list[Step]:
    return page_of(context, context.world.store.steps, query)


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
    """Set a step's feedback, or take it back, and add its tags [60 step feedback *]."""
    steps = context.world.store.steps
    step = steps.get(step_id)
    tags = list(dict.fromkeys([*(step.tags or ()), *(body.tags or ())]))
    if body.tags is not None and tags != body.tags:
        is_on = REPLACED_TAGS in context.world.quirks
        context.depends_on(REPLACED_TAGS, f"the tags {tags if is_on else body.tags}")
        tags = body.tags if is_on else tags
    return steps.replace(step.changed({"feedback": body.feedback, "tags": tags}))


@routes.get("/steps/{step_id}/messages", "steps.messages.list")
def list_messages(context: RequestContext, step_id: StepId, query: StepMessagesQuery) -> Parts:
    """List a step's messages, the user's included; an unknown step has none [40, 89]."""
    step = context.world.store.steps.find(step_id)
    page = page_of(context, [] if step is None else records_of(context.world, step), query)
    return [message for record in page for message in expand_as_thoughts(record)]


def _begun(world: World, step: Step) -> datetime | None:
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
