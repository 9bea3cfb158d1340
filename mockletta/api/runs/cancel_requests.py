"""Requests that cancel runs: of an agent and of a conversation."""

from mockletta.api.message_targets import find_target
from mockletta.api.path_ids import ConversationRef
from mockletta.errors import Conflict
from mockletta.http.routing import Routes
from mockletta.turns.approvals import deny_cancelled, request_of
from mockletta.turns.cancelling import cancel
from mockletta.turns.context.system_prompt import DEFAULT_ID
from mockletta.turns.run_records import close_run
from mockletta.wire.base import Body
from mockletta.wire.runs import Run
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import SPARED_ASYNC_RUNS, STUCK_REQUESTS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/conversations")
ASYNC = "send_message_async"


class CancelQuery(Body):
    """The agent of the conversation `default`."""

    agent_id: str | None = None


def runs_to_cancel(context: RequestContext, world: World, agent_id: str) -> list[str]:
    """Return the runs that a request cancels if it names none: those in progress, else the newest.
    Raises Conflict if there are none."""
    runs = world.store.runs.all(("agent_id", agent_id))
    active = [run.id for run in runs if run.id in world.active and run.completed_at is None]
    newest = [run.id for run in runs][-1:]
    not_async = [run.id for run in runs if (run.metadata or {}).get("run_type") != ASYNC][-1:]
    documented, recorded = active or newest, not_async or active
    is_on = SPARED_ASYNC_RUNS in world.quirks
    if documented != recorded:
        other = ", ".join(documented if is_on else recorded) or "no run"
        context.depends_on(SPARED_ASYNC_RUNS, f"that it cancelled {other}")
    chosen = recorded if is_on else documented
    if not chosen:
        raise Conflict(f"No active runs to cancel for agent {agent_id}")
    return chosen


def cancel_run(context: RequestContext, world: World, run_id: str) -> str:
    """Cancel a run and return its outcome."""
    if run_id not in world.store.runs:
        return "failed"
    if not cancel(world, run_id):
        close_run(world, run_id, "cancelled", StopReasonType.cancelled)
        _resolve(context, world, run_id)
    return "cancelled"


def _resolve(context: RequestContext, world: World, run_id: str) -> None:
    """Deny the pending request of a run, if it is in an agent's own thread [71 B]."""
    request = request_of(world.store, run_id)
    if request is None:
        return
    if request.conversation_id is not None:
        context.depends_on(STUCK_REQUESTS, "having denied it, so that the next message is free")
    if request.conversation_id is None or STUCK_REQUESTS not in world.quirks:
        deny_cancelled(world, request)


@routes.post("/{conversation_id}/cancel", "conversations.cancel")
def cancel_conversation_runs(
    world: World, conversation_id: ConversationRef, query: CancelQuery
) -> dict[str, str]:
    """Cancel the runs in progress; for an agent all runs, also those that never end [05]."""
    runs = _runs_of(world, conversation_id, query.agent_id)
    if not runs:
        raise Conflict(f"No active runs to cancel for conversation {conversation_id}")
    for run in runs:
        if not cancel(world, run.id):
            close_run(world, run.id, "cancelled", StopReasonType.cancelled)
    return {run.id: "cancelled" for run in runs}


def _runs_of(world: World, reference: str, agent_id: str | None) -> list[Run]:
    if reference == DEFAULT_ID and agent_id:
        reference = agent_id
    if reference.startswith("agent-"):
        runs = world.store.runs.all(("agent_id", reference))
    else:
        find_target(world, reference, None)
        runs = world.store.runs.all(("conversation_id", reference))
    return [run for run in reversed(runs) if run.status in ("created", "running")]
