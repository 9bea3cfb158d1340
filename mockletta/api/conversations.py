"""client.conversations: isolated threads of an agent."""

import re
from operator import attrgetter
from typing import Literal

from mockletta.api.changes import given
from mockletta.api.lists import ListQuery, page_of
from mockletta.api.messages.thread_beginnings import recompile, system_message
from mockletta.api.targets import Target, find_target
from mockletta.catalogue.model_catalogue import check_handle_format
from mockletta.errors import (
    USER_ID,
    Conflict,
    InvalidArgument,
    NotFound,
)
from mockletta.http.path_ids import ConversationId, ConversationRef
from mockletta.http.routing import Routes
from mockletta.state.table import ARRIVAL
from mockletta.turns.driver import cancel
from mockletta.turns.run_records import close_run
from mockletta.turns.system_prompt import DEFAULT_ID
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body
from mockletta.wire.blocks import Block
from mockletta.wire.conversations import (
    CompactRequest,
    Conversation,
    ConversationFields,
    CreateConversation,
    UpdateConversation,
)
from mockletta.wire.replies import StopReasonType
from mockletta.wire.runs import Run
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/conversations")
PLAIN_FIELDS = {
    "summary",
    "description",
    "model",
    "model_settings",
    "context_window_limit",
    "last_message_at",
}


def create_conversation(
    world: World,
    agent_id: str,
    body: CreateConversation,
    *,
    conversation_id: str | None = None,
) -> Conversation:
    """A new conversation of an agent, with one system message [01]."""
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound("Agent not found")
    _check_model(body)
    sources = _blocks_labelled(world, agent, body.isolated_block_labels or [])
    copies = [
        world.store.blocks.add(block.changed({"id": world.ids.new("block")})) for block in sources
    ]
    conversation = _new(
        world,
        agent,
        conversation_id=conversation_id,
        isolated_block_ids=[block.id for block in copies],
        hidden=body.hidden,
        **given(body, PLAIN_FIELDS),
    )
    thread = world.store.thread(conversation.id)
    world.store.add_message(system_message(world, agent, conversation.id), thread)
    return conversation


def update_conversation(
    world: World, conversation: Conversation, body: UpdateConversation
) -> Conversation:
    _check_model(body)
    changes = given(body, PLAIN_FIELDS)
    now = world.clock.now()
    if body.archived is not None:
        changes["archived"] = body.archived
        changes["archived_at"] = (conversation.archived_at or now) if body.archived else None
    changes["updated_at"] = now
    return world.store.conversations.replace(conversation.changed(changes))


def delete_conversation(world: World, conversation: Conversation) -> None:
    """Delete a conversation; runs that are under way in it are cancelled first."""
    for run in world.store.runs.all(("conversation_id", conversation.id)):
        cancel(world, run.id)
    world.store.delete_conversation(conversation.id)


def fork_conversation(
    world: World, target: Target, *, hidden: bool, message_id: str | None
) -> Conversation:
    """A new conversation that shares the messages in context, up to and including `message_id`
    if that is given; its system message is compiled anew [04]. Where that is an answer to a request
    for approval, the request waits in the fork: what it asks for has not returned there."""
    context = target.thread.in_context()
    if message_id is not None:
        if message_id not in target.thread.context:
            raise NotFound(f"Message with id {message_id} not found.")
        size = target.thread.context.index(message_id) + 1
        context = context[: size + context[size - 1].waits_along]
        context = context[: -1 if context[-1].role == "approval" else None]
    source = target.conversation
    fork = _new(
        world,
        target.agent,
        hidden=hidden,
        model=source.model if source else None,
        model_settings=source.model_settings if source else None,
    )
    thread = world.store.thread(fork.id)
    world.store.add_message(system_message(world, target.agent, fork.id), thread)
    shared = [one for one in context if one.role != "system" or one.otid is not None]
    for record in sorted(shared, key=attrgetter("created_at")):  # a summary is younger than some
        thread.list_only(record)
    thread.set_context([*thread.in_context(), *shared])
    return fork


def show_conversation(world: World, conversation: Conversation) -> Conversation:
    """A conversation with the messages in its context; only retrieving it tells them [03]."""
    context = list(world.store.thread(conversation.id).context)
    return conversation.changed({"in_context_message_ids": context})


def _new(
    world: World, agent: AgentState, *, conversation_id: str | None = None, **fields: object
) -> Conversation:
    now = world.clock.now()
    plain = Conversation(
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
        created_at=now,
        updated_at=now,
        id=conversation_id or world.ids.new("conv"),
        agent_id=agent.id,
    )
    return world.store.conversations.add(plain.changed(fields))


def _check_model(body: ConversationFields) -> None:
    """A model's handle is looked at, but not whether there is such a model [01]."""
    if body.model:
        check_handle_format(body.model)


def _blocks_labelled(world: World, agent: AgentState, labels: list[str]) -> list[Block]:
    blocks = {block.label: block for block in world.store.blocks_of(agent.id)}
    for label in labels:
        if label not in blocks:
            raise InvalidArgument(f"Block with label '{label}' not found on agent '{agent.id}'")
    return [blocks[label] for label in dict.fromkeys(labels)]


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
def list_all(
    context: RequestContext, world: World, query: ConversationsQuery
) -> list[Conversation]:
    conversations = world.store.conversations
    if query.after:
        conversations.get(query.after)
    scope = None if query.agent_id is None else ("agent_id", query.agent_id)
    page = query.model_copy(update={"before": None}).page()
    return page_of(
        conversations.view(scope, query.sort),
        page,
        context=context,
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
