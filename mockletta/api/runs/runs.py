"""client.runs: runs, their messages, steps and usage; deleting runs; feedback on steps."""

from collections.abc import Iterable
from typing import Annotated, get_args

from pydantic import Field

from mockletta.api.lists import Among, Keep, ListQuery, Option, find_page_of, page_of
from mockletta.api.messages.message_lists import Listed, expanded, refuse_unknown_cursors
from mockletta.api.messages.streams import Streamed, resume
from mockletta.api.runs.metrics import run_metrics, run_spans
from mockletta.errors import BadRequest, InvalidId, NotFound, RowNotFound
from mockletta.http.routing import Routes
from mockletta.search.slices import Sliced
from mockletta.state.indexes import Scope
from mockletta.state.paging import Order, Page
from mockletta.turns.cancelling import abort
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit, is_run_id
from mockletta.wire.message_requests import ResumeRequest
from mockletta.wire.run_parts import RunStatus
from mockletta.wire.runs import Run, RunMetrics, RunUsage, Span, Step
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import CHRONOLOGICAL_CURSORS, INVERTED_RUN_CURSORS, UNFINISHED_RUNS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/runs")
STATUSES = get_args(RunStatus)
ACTIVE = ("created", "running")
MOST_RUNS = 1_000
MOST_SPANS = 5_000


class RunsQuery(ListQuery):
    """Newest first by default. `ascending` and `agent_ids` are older names."""

    limit: Annotated[int, Field(ge=1, le=MOST_RUNS)] | None = 100
    agent_id: str | None = None
    agent_ids: Annotated[list[str] | None, Among("agent_id")] = None
    conversation_id: str | None = None
    statuses: Annotated[list[str] | None, Among("status")] = None
    background: bool | None = None
    stop_reason: StopReasonType | None = None
    active: Annotated[bool, Option()] = False
    ascending: Annotated[bool, Option()] = False

    def keeps(self, world: World) -> Keep | None:
        """Refuse unknown statuses. If none are given, those of an active run count."""
        for status in self.statuses or []:
            if status not in STATUSES:
                raise BadRequest(f"'{status}' is not a valid RunStatus")
        if self.active and not self.statuses:
            return self.model_copy(update={"statuses": list(ACTIVE)}).keeps(world)
        return super().keeps(world)

    def page(self) -> Page:
        page = super().page()
        ascending = self.ascending and "order" not in self.model_fields_set
        return page._replace(order="asc") if ascending else page

    @property
    def scope(self) -> Scope | None:
        if self.conversation_id is not None:
            return ("conversation_id", self.conversation_id)
        return ("agent_id", self.agent_id) if self.agent_id else None


class RunMessagesQuery(ListQuery):
    """Oldest first by default [60 run messages]."""

    limit: Limit | None = 100
    order: Order = "asc"


class RunStepsQuery(ListQuery):
    """Newest first by default [60 run steps]."""

    limit: Limit | None = 100


class TraceQuery(Body):
    limit: Annotated[int, Field(ge=1, le=MOST_SPANS)] = 1_000


@routes.get("/", "runs.list")
def list_runs(context: RequestContext, query: RunsQuery) -> Sliced[list[Run]]:
    quirks = (INVERTED_RUN_CURSORS,) if query.after or query.before else ()
    page = yield from find_page_of(context, context.world.store.runs, query, quirks)
    _record_unfinished(context, page)
    return page


@routes.get("/active", "runs.active.list")
def list_active(context: RequestContext, query: RunsQuery) -> Sliced[list[Run]]:
    return list_runs(context, query.model_copy(update={"active": True}))


@routes.get("/{run_id}", "runs.retrieve")
def retrieve(context: RequestContext, run_id: str) -> Run:
    run = run_named(context.world, run_id)
    _record_unfinished(context, [run])
    return run


def _record_unfinished(context: RequestContext, shown: Iterable[Run]) -> None:
    """Record that an answer shows runs whose end depends on a quirk."""
    if any(run.may_stay_open for run in shown):
        on = UNFINISHED_RUNS in context.world.quirks
        other = "the run as `completed`" if on else "the run as `created`, for ever"
        context.depends_on(UNFINISHED_RUNS, other)


@routes.delete("/{run_id}", "runs.delete")
def delete(world: World, run_id: str) -> None:
    delete_run(world, run_named(world, run_id))


@routes.get("/{run_id}/trace", "runs.trace.retrieve")
def retrieve_trace(world: World, run_id: str, query: TraceQuery) -> list[Span]:
    """Return the spans in order of their starts."""
    return run_spans(world, run_named(world, run_id))[: query.limit]


@routes.get("/{run_id}/metrics", "runs.metrics.retrieve")
def retrieve_metrics(world: World, run_id: str) -> RunMetrics:
    run = world.store.runs.find(checked_id(run_id))
    if run is None:
        raise RowNotFound("RunMetrics", run_id)
    return run_metrics(world, run)


@routes.get("/{run_id}/messages", "runs.messages.list")
def list_messages(context: RequestContext, run_id: str, query: RunMessagesQuery) -> Listed:
    run = run_named(context.world, run_id)
    refuse_unknown_cursors(context.world, query, None)
    records = context.world.store.messages.all(("run_id", run_id))
    has_cursor = query.after is not None or query.before is not None
    is_affected = has_cursor and query.order == "desc"
    page = page_of(context, records, query, (CHRONOLOGICAL_CURSORS,) if is_affected else ())
    return expanded(page, run.wanted_types)


@routes.post("/{run_id}/stream", "runs.messages.stream")
def stream_run(world: World, run_id: str, body: ResumeRequest | None = None) -> Streamed:
    return resume(world, run_id, body or ResumeRequest())


@routes.get("/{run_id}/usage", "runs.usage.retrieve")
def retrieve_usage(world: World, run_id: str) -> RunUsage:
    run_named(world, run_id)
    steps = world.store.steps.all(("run_id", run_id))
    prompt = sum(step.prompt_tokens or 0 for step in steps)
    completion = sum(step.completion_tokens or 0 for step in steps)
    return RunUsage(
        completion_tokens=completion, prompt_tokens=prompt, total_tokens=prompt + completion
    )


@routes.get("/{run_id}/steps", "runs.steps.list")
def list_steps(context: RequestContext, run_id: str, query: RunStepsQuery) -> list[Step]:
    run_named(context.world, run_id)
    for cursor in (query.after, query.before):
        if cursor and cursor not in context.world.store.steps:
            raise NotFound(f"No Step found with id {cursor}")
    steps = context.world.store.steps.view(("run_id", run_id))
    return page_of(context, steps, query)


def run_named(world: World, run_id: str) -> Run:
    return world.store.runs.get(checked_id(run_id))


def checked_id(run_id: str) -> str:
    """Return a run's id. Its form is checked here, with a 400 [40 runs malformed id]."""
    if not is_run_id(run_id):
        raise InvalidId("run", "run", run_id)
    return run_id


def delete_run(world: World, run: Run) -> None:
    """Delete a run with its steps. Its messages stay. A run in progress is cancelled first."""
    abort(world, run.id)
    world.store.delete("runs", run.id)
