"""The context of a tool: one agent in its world."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from mockletta.journal.entries import Entry
from mockletta.state.block_history import Cause
from mockletta.state.clock import time_zone
from mockletta.wire.agents import AgentState
from mockletta.wire.conversations import Conversation
from mockletta.wire.memory import Block
from mockletta.world.world import World

NOTHING = Cause()


class ToolContext(NamedTuple):
    """The agent that calls a tool, its world, and the conversation, if any.

    Changes of memory blocks are recorded with the `cause`, dependences on quirks in the `entry` of
    the request, if there is one.
    """

    world: World
    agent: AgentState
    conversation: Conversation | None = None
    cause: Cause = NOTHING
    entry: Entry | None = None

    @property
    def blocks(self) -> Sequence[Block]:
        """The agent's blocks, or the conversation's own copies of them [56 isolated]."""
        return self.world.store.blocks_in(self.conversation, self.agent.id)

    def now(self) -> datetime:
        """Return the current time in the agent's timezone."""
        return self.world.clock.now().astimezone(time_zone(self.agent.timezone))
