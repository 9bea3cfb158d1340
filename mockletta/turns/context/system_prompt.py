"""The system prompt: compiled from instructions, memory, folders and facts, and stored as a
message.

The structure is as recorded [55 system message, 56]; the instructions are written for mockletta.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain

from mockletta.state.clock import EARLIEST, time_zone
from mockletta.state.threads import Thread
from mockletta.state.token_counting import count_tokens
from mockletta.tools.agent_files.file_blocks import directories
from mockletta.tools.tool_rules import tool_usage_rules
from mockletta.wire.agents import AgentState, AgentType
from mockletta.wire.memory import Block
from mockletta.world.quirks import UNLISTED_FOLDERS
from mockletta.world.world import World

DEFAULT_ID = "default"
SECOND = timedelta(seconds=1)
WITHOUT_MEMORY = {AgentType.react_agent, AgentType.workflow_agent}
"""Agent types whose prompt shows no memory blocks [72 type react_agent: messages]."""

BASE_INSTRUCTIONS = """<base_instructions>
You are a stateful agent. What you know between messages is kept in memory blocks, which you can
read below and edit with your memory tools. Each conversation you take part in has a history of its
own, while your memory is shared by all of them. Answer the user from what this conversation and
your memory say. Keep your memory up to date when you learn something that will matter later, and
say so plainly when you do not know something.
</base_instructions>"""

DESCRIPTIONS = {
    "human": "What is known about the person you talk with: name, preferences and other details "
    "that help you to answer in a personal way.",
    "persona": "Who you are: your character, your role and how you speak. It guides you in how to "
    "behave and answer, and keeps you the same from one conversation to the next.",
}

_SUMMARY_PROMPT = """Summarise the conversation so far. Keep what later answers will need: what the
user told about themselves and asked for, what was decided or promised, names, numbers and dates as
they were given, and what is still open. Leave out greetings and repetitions."""
SUMMARY_PROMPTS = {
    "all": f"{_SUMMARY_PROMPT}\nThe summary takes the place of the whole conversation.",
    "sliding_window": f"{_SUMMARY_PROMPT}\nThe newest messages stay as they are.",
    "self_compact_all": f"{_SUMMARY_PROMPT}\nThe conversation is your own, and the summary takes "
    "its place.",
    "self_compact_sliding_window": f"{_SUMMARY_PROMPT}\nThe conversation is your own; its newest "
    "messages stay as they are.",
}
"""The prompt for a summary, by the mode of compaction."""


def spell_time(moment: datetime, timezone: str | None) -> str:
    """Spell a time like the server in texts: `2026-11-22 08:47:19 PM UTC+0000`."""
    return _spelled_second((moment - EARLIEST) // SECOND, timezone or "UTC")


@lru_cache(64)
def _spelled_second(seconds: int, timezone: str) -> str:
    moment = EARLIEST + seconds * SECOND
    return moment.astimezone(time_zone(timezone)).strftime("%Y-%m-%d %I:%M:%S %p %Z%z")


def recompile_connected(world: World, block_ids: Iterable[str]) -> None:
    """Compile the own prompts of all agents with one of these blocks again [99]."""
    connected = (world.store.agent_blocks.lefts(block_id) for block_id in block_ids)
    for agent_id in dict.fromkeys(chain.from_iterable(connected)):
        recompile_own(world, world.store.agents.get(agent_id))


def recompile_own(world: World, agent: AgentState) -> None:
    """Compile the prompt of an agent's own thread again, as of the time of its message."""
    thread = world.store.thread(agent.id)
    if thread.system is not None:
        recompile(world, agent, thread, dry_run=False, at=thread.system.created_at)


def recompile(
    world: World, agent: AgentState, thread: Thread, *, dry_run: bool, at: datetime | None = None
) -> str:
    """Compile a thread's system message again; it keeps its id. A dry run stores nothing.

    A conversation's message is compiled like the agent's own: it says `default`, and counts the
    messages that are not in the agent's own context [06 recompile, 83 pending: recompile].
    """
    own = world.store.thread(agent.id).context
    previous = max(count_stored(world, agent) - len(own), 0)
    text = recompiled(world, agent, None, previous, at)
    if not dry_run:
        rewrite(thread, text)
    return text


def recompiled(
    world: World,
    agent: AgentState,
    conversation_id: str | None,
    previous_messages: int,
    at: datetime | None = None,
) -> str:
    """Compile the text of a system message again, as of now or another time. It then shows the
    agent's tool rules too."""
    rules = tool_usage_rules(agent.tool_rules or ())
    return compiled(world, agent, conversation_id, previous_messages, at=at, rules=rules)


def compiled(
    world: World,
    agent: AgentState,
    conversation_id: str | None,
    previous_messages: int,
    *,
    at: datetime | None = None,
    rules: str | None = None,
) -> str:
    """Compile the text of a system message."""
    return compile_system(
        agent.system,
        () if agent.agent_type in WITHOUT_MEMORY else world.store.blocks_of(agent.id),
        agent_id=agent.id,
        conversation_id=conversation_id or DEFAULT_ID,
        when=spell_time(at or world.clock.now(), agent.timezone),
        previous_messages=previous_messages,
        passages=len(world.store.passages_of(agent.id)),
        sections=[one for one in (rules, _folders(world, agent)) if one],
    )


def _folders(world: World, agent: AgentState) -> str | None:
    """Render the section about an agent's folders; None if there are none, or under the quirk."""
    section = directories(world, agent)
    if section is None:
        return None
    is_on = UNLISTED_FOLDERS in world.quirks
    other = f"a system prompt {'with' if is_on else 'without'} the agent's folders"
    world.quirks.record(UNLISTED_FOLDERS, "a system prompt", other)
    return None if is_on else section


def rewrite(thread: Thread, text: str) -> None:
    """Replace the text of a thread's system message; it keeps its id."""
    old = thread.system
    if old is not None:
        thread.replace_system(old, replace(old, content=text, tokens=count_tokens(text)))


def forget_turns(thread: Thread) -> None:
    """Leave only the system message in context, which `message_buffer_autoclear` requests [72]."""
    thread.set_context([thread.system] if thread.system else [])


def count_stored(world: World, agent: AgentState) -> int:
    """Count an agent's messages in all of its conversations."""
    return world.store.messages.count(("agent_id", agent.id))


def compile_system(
    system: str,
    blocks: Iterable[Block],
    *,
    agent_id: str,
    conversation_id: str,
    when: str,
    previous_messages: int,
    passages: int,
    sections: Sequence[str] = (),
) -> str:
    """Render the text of a system message. `sections` are between memory and facts."""
    shown = "\n\n".join([_block(block) for block in blocks])
    memory = f"""<memory_blocks>
The following memory blocks are currently engaged in your core memory unit:

{shown}

</memory_blocks>"""
    archived = f"""
- {passages} total memories you created are stored in archival memory (use tools to access them)"""
    more = archived if passages else ""
    facts = f"""<memory_metadata>
- AGENT_ID: {agent_id}
- CONVERSATION_ID: {conversation_id}
- System prompt last recompiled: {when}
- {previous_messages} previous messages between you and the user are stored in recall memory{more}
</memory_metadata>"""
    return "\n\n".join([system, memory if shown else "", *sections, facts])


def _block(block: Block) -> str:
    read_only = "- read_only=true\n" if block.read_only else ""
    return f"""<{block.label}>
<description>
{block.description or ""}
</description>
<metadata>
{read_only}- chars_current={len(block.value)}
- chars_limit={block.limit}
</metadata>
<value>
{block.value}
</value>
</{block.label}>"""
