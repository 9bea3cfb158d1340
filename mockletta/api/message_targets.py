"""The thread that a request is about: a conversation's, or an agent's own."""

from typing import TYPE_CHECKING, NamedTuple

from mockletta.errors import (
    InvalidId,
    NotFound,
    RowNotFound,
)
from mockletta.state.store import Store
from mockletta.state.threads import Thread
from mockletta.turns.context.system_prompt import DEFAULT_ID
from mockletta.wire.agents import AgentState
from mockletta.wire.fields import is_agent_id
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.conversations import Conversation


class Target(NamedTuple):
    """The thread that a request is about: a conversation's, or an agent's own."""

    store: Store
    agent: AgentState
    conversation: "Conversation | None" = None

    @property
    def conversation_id(self) -> str | None:
        return self.conversation.id if self.conversation else None

    @property
    def id(self) -> str:
        return self.conversation.id if self.conversation else self.agent.id

    @property
    def thread(self) -> Thread:
        """The thread. It is only valid while the world's lock is held, since a copy of the world
        replaces it."""
        return self.store.thread(self.id)


def find_target(world: World, reference: str, agent_id: str | None) -> Target:
    """Find the thread of a reference: a conversation's id, `default` with an agent's id, or an
    agent's id alone [16]."""
    if reference.startswith("conv-"):
        conversation = world.store.conversations.get(reference)
        agent = world.store.agents.get(conversation.agent_id)
        return Target(world.store, agent, conversation)
    if reference == DEFAULT_ID:
        if not agent_id:
            raise RowNotFound("Conversation", reference)
        if not is_agent_id(agent_id):
            raise InvalidId("agent", "agent", agent_id)
        reference = agent_id
    return agent_target(world, reference)


def agent_target(world: World, agent_id: str) -> Target:
    """Return an agent's own thread [40 agent unknown POST messages]."""
    return Target(world.store, agent_named(world, agent_id))


def agent_named(world: World, agent_id: str) -> AgentState:
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound(f"Agent with ID {agent_id} not found")
    return agent
