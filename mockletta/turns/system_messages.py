"""System messages: compiled from an agent's memory as it is now, and written anew."""

from dataclasses import replace

from mockletta.state.message_records import MessageRecord, count_tokens
from mockletta.state.threads import Thread
from mockletta.tools.file_blocks import directories
from mockletta.turns.system_prompt import compile_system, spell_time
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

DEFAULT_ID = "default"


def compiled(
    world: World, agent: AgentState, conversation_id: str | None, previous_messages: int
) -> str:
    """The text of a system message as of now."""
    return compile_system(
        agent.system,
        world.store.blocks_of(agent.id),
        agent_id=agent.id,
        conversation_id=conversation_id or DEFAULT_ID,
        when=spell_time(world.clock.now(), agent.timezone),
        previous_messages=previous_messages,
        passages=len(world.store.passages_of(agent.id)),
        directories=directories(world, agent),
    )


def find_system(world: World, thread: Thread) -> MessageRecord | None:
    """A thread's system message, unless its context was replaced by one without."""
    first = world.store.messages.find(thread.context[0]) if thread.context else None
    return first if first and first.role == "system" else None


def rewrite(world: World, thread: Thread, text: str) -> None:
    """Give a thread's system message another text, under its old id."""
    old = find_system(world, thread)
    if old is None:
        return
    new = replace(old, content=text, tokens=count_tokens(text), rendered=[])
    world.store.messages.replace(new)
    thread.resize(new.tokens - old.tokens)


def count_stored(world: World, agent: AgentState) -> int:
    """How many messages an agent has, in all of its conversations."""
    return world.store.messages.count(("agent_id", agent.id))
