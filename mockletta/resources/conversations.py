"""Making, changing, forking and finding conversations."""

from operator import attrgetter
from typing import NamedTuple

from mockletta.errors import (
    USER_ID,
    InvalidArgument,
    InvalidId,
    NotFound,
    RowNotFound,
)
from mockletta.resources.changes import given
from mockletta.resources.messages import system_message
from mockletta.state.model_catalogue import check_handle_format
from mockletta.state.threads import Thread
from mockletta.turns.driver import cancel
from mockletta.turns.system_messages import DEFAULT_ID
from mockletta.wire.agents import AgentState
from mockletta.wire.blocks import Block
from mockletta.wire.conversation_requests import (
    ConversationFields,
    CreateConversation,
    UpdateConversation,
)
from mockletta.wire.conversations import Conversation
from mockletta.wire.ids import is_agent_id
from mockletta.world.world import World

PLAIN_FIELDS = {
    "summary",
    "description",
    "model",
    "model_settings",
    "context_window_limit",
    "last_message_at",
}


class Target(NamedTuple):
    """Whose history a request is for: a conversation's, or an agent's own.

    The thread is the world's as long as its lock is held, not longer: a copy changes it.
    """

    agent: AgentState
    conversation: Conversation | None
    thread: Thread

    @property
    def conversation_id(self) -> str | None:
        return self.conversation.id if self.conversation else None

    @property
    def id(self) -> str:
        return self.conversation.id if self.conversation else self.agent.id


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


def find_target(world: World, reference: str, agent_id: str | None) -> Target:
    """Whose history a reference means: a conversation's, or with `default` and an agent id, or an
    agent id alone, the agent's own [16]."""
    if reference.startswith("conv-"):
        conversation = world.store.conversations.get(reference)
        agent = world.store.agents.get(conversation.agent_id)
        return Target(agent, conversation, world.store.thread(conversation.id))
    if reference == DEFAULT_ID:
        if not agent_id:
            raise RowNotFound("Conversation", reference)
        if not is_agent_id(agent_id):
            raise InvalidId("agent", "agent", agent_id)
        reference = agent_id
    return agent_target(world, reference)


def agent_target(world: World, agent_id: str) -> Target:
    """An agent's own history [40 agent unknown POST messages]."""
    return Target(agent_named(world, agent_id), None, world.store.thread(agent_id))


def agent_named(world: World, agent_id: str) -> AgentState:
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound(f"Agent with ID {agent_id} not found")
    return agent


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
