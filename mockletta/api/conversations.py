"""client.conversations: isolated threads of an agent."""

import re
from typing import Literal

from mockletta.api.lists import ListQuery, page_of
from mockletta.errors import Conflict
from mockletta.http.path_ids import ConversationId, ConversationRef
from mockletta.http.routing import Routes
from mockletta.resources.conversations import (
    create_conversation,
    delete_conversation,
    find_target,
    fork_conversation,
    show_conversation,
    update_conversation,
)
from mockletta.resources.messages import recompile
from mockletta.state.table import ARRIVAL
from mockletta.turns.driver import cancel
from mockletta.turns.run_records import close_run
from mockletta.turns.system_messages import DEFAULT_ID
from mockletta.wire.base import Body
from mockletta.wire.conversation_requests import (
    CompactRequest,
    CreateConversation,
    UpdateConversation,
)
from mockletta.wire.conversations import Conversation
from mockletta.wire.replies import StopReasonType
from mockletta.wire.runs import Run
from mockletta.world.world import World

routes = Routes("/v1/conversations")


class AgentIdQuery(Body):
    agent_id: str


class OptionalAgentIdQuery(Body):
    agent_id: str | None = None


class ForkQuery(OptionalAgentIdQuery):
    hidden: bool = False
    message_id: str | None = None


class RecompileQuery(Body):
    dry_run: bool = False


class ConversationsQuery(ListQuery):
    """Newest first by default; hidden conversations are not listed."""

    agent_id: str | None = None
    summary_search: str | None = None
    archive_status: Literal["unarchived", "archived", "all"] = "unarchived"
    order_by: Literal["created_at", "last_run_completion", "last_message_at"] = "created_at"  # type: ignore[assignment]

    def accepts(self, conversation: Conversation) -> bool:
        if conversation.hidden:
            return False
        archived = self.archive_status == "archived"
        if self.archive_status != "all" and conversation.archived != archived:
            return False
        return not self.summary_search or _is_like(conversation.summary, self.summary_search)

    @property
    def sort(self) -> str:
        return ARRIVAL if self.order_by == "created_at" else f"{self.order_by}.{self.order}"


@routes.post("/", "conversations.create")
def create(
    world: World, query: AgentIdQuery, body: CreateConversation | None = None
) -> Conversation:
    return create_conversation(world, query.agent_id, body or CreateConversation())


@routes.get("/", "conversations.list")
def list_all(world: World, query: ConversationsQuery) -> list[Conversation]:
    conversations = world.store.conversations
    if query.after:
        conversations.get(query.after)
    scope = None if query.agent_id is None else ("agent_id", query.agent_id)
    page = query.model_copy(update={"before": None}).page()
    return page_of(
        conversations.view(scope, query.sort),
        page,
        quirks=world.quirks,
        operation="conversations.list",
        keep=query.accepts,
    )


@routes.get("/{conversation_id}", "conversations.retrieve")
def retrieve(world: World, conversation_id: ConversationId) -> Conversation:
    return show_conversation(world, world.store.conversations.get(conversation_id))


@routes.patch("/{conversation_id}", "conversations.update")
def update(world: World, conversation_id: ConversationId, body: UpdateConversation) -> Conversation:
    return update_conversation(world, world.store.conversations.get(conversation_id), body)


@routes.delete("/{conversation_id}", "conversations.delete")
def delete(world: World, conversation_id: ConversationId) -> None:
    delete_conversation(world, world.store.conversations.get(conversation_id))


@routes.post("/{conversation_id}/fork", "conversations.fork")
def fork(world: World, conversation_id: ConversationRef, query: ForkQuery) -> Conversation:
    target = find_target(world, conversation_id, query.agent_id)
    return fork_conversation(world, target, hidden=query.hidden, message_id=query.message_id)


@routes.post("/{conversation_id}/recompile", "conversations.recompile")
def recompile_system(
    world: World,
    conversation_id: ConversationRef,
    query: RecompileQuery,
    body: CompactRequest | None = None,
) -> str:
    """The agent of `default` is named in the body, not in the query [06]."""
    target = find_target(world, conversation_id, body.agent_id if body else None)
    return recompile(world, target.agent, target.thread, dry_run=query.dry_run)


@routes.post("/{conversation_id}/cancel", "conversations.cancel")
def cancel_runs(
    world: World, conversation_id: ConversationRef, query: OptionalAgentIdQuery
) -> dict[str, str]:
    """Cancel what is under way; of an agent, all of its runs, also those that never end [05]."""
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


def _is_like(text: str | None, term: str) -> bool:
    """SQL's LIKE '%term%': case counts, `%` and `_` are wildcards [02 summary_search *].

    What stands between two `%` is looked for from left to right, each as early as it can be: that
    is enough, and no term makes it slow.
    """
    if text is None:
        return False
    start = 0
    for piece in term.split("%"):
        pattern = "".join("." if char == "_" else re.escape(char) for char in piece)
        found = re.compile(pattern, re.DOTALL).search(text, start)
        if found is None:
            return False
        start = found.end()
    return True
