"""client.conversations: isolated message threads of an agent."""

from operator import attrgetter
from typing import Annotated, Literal

from mockletta.api.lists import Keep, ListQuery, Meets
from mockletta.api.message_targets import Target, find_target
from mockletta.api.messages.thread_beginnings import system_message
from mockletta.api.path_ids import ConversationId, ConversationRef
from mockletta.api.resource import Resource, given, new_id, stamped
from mockletta.catalogue.model_catalogue import check_handle_format
from mockletta.errors import (
    InvalidArgument,
    NotFound,
)
from mockletta.search.like_patterns import is_like
from mockletta.state.indexes import Scope
from mockletta.turns.cancelling import abort
from mockletta.turns.context.system_prompt import recompile
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body
from mockletta.wire.conversations import (
    CompactRequest,
    Conversation,
    ConversationFields,
    CreateConversation,
    UpdateConversation,
)
from mockletta.wire.memory import Block
from mockletta.world.quirks import CONVERSATIONS_AFTER_ONLY, Quirk
from mockletta.world.world import World

conversations = Resource[Conversation](
    "conversations", "/v1/conversations", Conversation, conversation_id=ConversationId
)
routes = conversations.routes


class AgentIdQuery(Body):
    agent_id: str


class ForkQuery(Body):
    agent_id: str | None = None
    hidden: bool = False
    message_id: str | None = None


class ConversationRecompileQuery(Body):
    dry_run: bool = False


class ConversationsQuery(ListQuery):
    """Hidden conversations are not listed."""

    agent_id: str | None = None
    summary_search: Annotated[
        str | None, Meets(lambda row, term: not term or is_like(row.summary, term))
    ] = None
    archive_status: Annotated[
        Literal["unarchived", "archived", "all"],
        Meets(lambda row, status: status == "all" or row.archived == (status == "archived")),
    ] = "unarchived"
    order_by: Literal["created_at", "last_run_completion", "last_message_at"] = "created_at"  # type: ignore[assignment]

    def keeps(self, world: World) -> Keep:
        heeds_before = CONVERSATIONS_AFTER_ONLY not in world.quirks
        for cursor in (self.after, self.before if heeds_before else None):
            if cursor:
                world.store.conversations.get(cursor)
        keep = super().keeps(world)
        return lambda row: not row.hidden and (keep is None or keep(row))

    @property
    def quirks_of_before(self) -> tuple[Quirk, ...]:
        return (CONVERSATIONS_AFTER_ONLY,)

    @property
    def scope(self) -> Scope | None:
        return None if self.agent_id is None else ("agent_id", self.agent_id)


@routes.post("/", "conversations.create")
def create(
    world: World, query: AgentIdQuery, body: CreateConversation | None = None
) -> Conversation:
    return create_conversation(world, query.agent_id, body or CreateConversation())


conversations.lists(ConversationsQuery)


@routes.get("/{conversation_id}", "conversations.retrieve")
def retrieve(world: World, conversation_id: ConversationId) -> Conversation:
    return show_conversation(world, world.store.conversations.get(conversation_id))


@conversations.updates
def update_conversation(
    world: World, conversation: Conversation, body: UpdateConversation
) -> Conversation:
    _check_model(body)
    if body.archived is None:
        return conversations.change(world, conversation, body)
    now = world.clock.now()
    archived_at = (conversation.archived_at or now) if body.archived else None
    return conversations.change(world, conversation, body, archived_at=archived_at, updated_at=now)


def cancel_runs_in(world: World, conversation: Conversation) -> None:
    """Cancel the runs of a conversation that are in progress."""
    for run in world.store.runs.all(("conversation_id", conversation.id)):
        abort(world, run.id)


conversations.deletes(prepare=cancel_runs_in)


@routes.post("/{conversation_id}/fork", "conversations.fork")
def fork(world: World, conversation_id: ConversationRef, query: ForkQuery) -> Conversation:
    target = find_target(world, conversation_id, query.agent_id)
    return fork_conversation(world, target, hidden=query.hidden, message_id=query.message_id)


@routes.post("/{conversation_id}/recompile", "conversations.recompile")
def recompile_system(
    world: World,
    conversation_id: ConversationRef,
    query: ConversationRecompileQuery,
    body: CompactRequest | None = None,
) -> str:
    """Compile the system message again. The body names the agent of `default` [06]."""
    target = find_target(world, conversation_id, body.agent_id if body else None)
    return recompile(world, target.agent, target.thread, dry_run=query.dry_run)


def create_conversation(
    world: World,
    agent_id: str,
    body: CreateConversation,
) -> Conversation:
    """Create a conversation of an agent, with one system message [01]."""
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound("Agent not found")
    _check_model(body)
    fields = given(body, Conversation)
    if body.isolated_block_labels:
        fields["isolated_block_ids"] = _copy_blocks(world, agent, body.isolated_block_labels)
    conversation = _new(world, agent, id=new_id(world, body, "conv"), **fields)
    thread = world.store.thread(conversation.id)
    world.store.add_message(system_message(world, agent, conversation.id), thread)
    return conversation


def fork_conversation(
    world: World, target: Target, *, hidden: bool, message_id: str | None
) -> Conversation:
    """Create a conversation that shares the messages in context, up to `message_id` if given. Its
    system message is compiled again [04]. If `message_id` answers a request for approval, the
    request is pending in the fork."""
    context = list(target.thread.context)
    if message_id is not None:
        ids = [record.id for record in context]
        if message_id not in ids:
            raise NotFound(f"Message with id {message_id} not found.")
        size = ids.index(message_id) + 1
        context = context[: size + context[size - 1].waits_along]
        context = context[: -1 if context[-1].role == "approval" else None]
    source = target.conversation
    fork = _new(
        world,
        target.agent,
        id=world.ids.new("conv"),
        hidden=hidden,
        model=source.model if source else None,
        model_settings=source.model_settings if source else None,
    )
    thread = world.store.thread(fork.id)
    world.store.add_message(system_message(world, target.agent, fork.id), thread)
    shared = [one for one in context if one.role != "system" or one.otid is not None]
    for record in sorted(shared, key=attrgetter("created_at")):  # a summary is younger than some
        thread.list_only(record)
    thread.set_context([*thread.context, *shared])
    return fork


def show_conversation(world: World, conversation: Conversation) -> Conversation:
    """Return a conversation with the ids of its context, which only retrieving it shows [03]."""
    context = world.store.thread(conversation.id).context_ids
    return conversation.changed({"in_context_message_ids": context})


def _new(world: World, agent: AgentState, **fields: object) -> Conversation:
    row = stamped(world, Conversation, agent_id=agent.id, **fields)
    return world.store.conversations.add(row)


def _check_model(body: ConversationFields) -> None:
    """Refuse a malformed handle. Whether the model exists is not checked [01]."""
    if body.model:
        check_handle_format(body.model)


def _copy_blocks(world: World, agent: AgentState, labels: list[str]) -> list[str]:
    """Copy the agent's blocks with these labels, and return the ids of the copies."""
    copies = [
        block.changed({"id": world.ids.new("block")})
        for block in _blocks_labelled(world, agent, labels)
    ]
    return [world.store.blocks.add(block).id for block in copies]


def _blocks_labelled(world: World, agent: AgentState, labels: list[str]) -> list[Block]:
    blocks = {block.label: block for block in world.store.blocks_of(agent.id)}
    for label in labels:
        if label not in blocks:
            raise InvalidArgument(f"Block with label '{label}' not found on agent '{agent.id}'")
    return [blocks[label] for label in dict.fromkeys(labels)]
