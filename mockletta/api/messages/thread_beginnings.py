"""The first messages of a thread, and its system message when memory changes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mockletta.catalogue.agent_types import traits_of
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.state.token_counting import count_tokens
from mockletta.turns.context.system_prompt import (
    compiled,
    count_stored,
    spell_time,
)
from mockletta.wire.agents import AgentState
from mockletta.wire.message_content import ToolCall, ToolReturn
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.input_messages import MessageCreate

THOUGHT = "Bootup sequence complete. Persona activated. Testing messaging functionality."
GREETING = "More human than human is our motto."
FIRST_LOGIN = "Never (first login)"


def begin_thread(
    world: World, agent: AgentState, messages: "Sequence[MessageCreate] | None"
) -> None:
    """Create an agent's own thread: the system message, then the requested first messages or those
    of its type [50]."""
    thread = world.store.thread(agent.id)
    _store(world, thread, [system_message(world, agent, None)])
    if messages is None:
        add_first_messages(world, agent, thread)
    elif messages:
        from mockletta.turns.context.incoming_messages import take_in  # noqa: PLC0415 - few give any

        records = take_in(messages, world.ids, world.clock.now(), agent.id, None)
        for record in records:
            _store(world, thread, [replace(record, otid=None)])
            if record.role == "assistant":
                _store(world, thread, [_sent(world, agent)])


def add_first_messages(world: World, agent: AgentState, thread: Thread) -> None:
    """Add the first messages of an agent's type: a greeting by the agent and a login of the user
    [72 type *: messages]."""
    wanted = traits_of(agent.agent_type).first_messages
    if "greeting" in wanted:
        _store(world, thread, _greeting(world, agent))
    if "login" in wanted:
        when = spell_time(world.clock.now(), agent.timezone)
        login = {"type": "login", "last_login": FIRST_LOGIN, "time": when}
        _store(world, thread, [_plain(world, agent, "user", json.dumps(login, indent=2))])


def system_message(world: World, agent: AgentState, conversation_id: str | None) -> MessageRecord:
    """Create a system message from the agent's present blocks [56]."""
    text = compiled(world, agent, conversation_id, count_stored(world, agent))
    return MessageRecord(
        id=world.ids.new("message"),
        role="system",
        created_at=world.clock.now(),
        agent_id=agent.id,
        conversation_id=conversation_id,
        content=text,
        tokens=count_tokens(text),
    )


def _store(world: World, thread: Thread, records: Sequence[MessageRecord]) -> None:
    for record in records:
        world.store.add_message(record, thread)


def _greeting(world: World, agent: AgentState) -> list[MessageRecord]:
    from mockletta.turns.message_expansion import SEND_MESSAGE  # noqa: PLC0415 - of older types

    call = ToolCall(
        name=SEND_MESSAGE.tool,
        arguments=json.dumps({SEND_MESSAGE.argument: GREETING}, indent=2),
        tool_call_id=world.ids.uuid(),
    )
    thought = replace(_plain(world, agent, "assistant", THOUGHT), tool_calls=(call,))
    return [
        replace(thought, text_is_thought=True),
        replace(
            _sent(world, agent),
            name=call.name,
            tool_returns=(_returned(call),),
            text_is_thought=True,
        ),
    ]


def _returned(call: ToolCall) -> ToolReturn:
    return ToolReturn(tool_return="None", status="success", tool_call_id=call.tool_call_id)


def _plain(world: World, agent: AgentState, role: str, text: str) -> MessageRecord:
    return MessageRecord(
        id=world.ids.new("message"),
        role="assistant" if role == "assistant" else "user",
        created_at=world.clock.now(),
        agent_id=agent.id,
        conversation_id=None,
        content=text,
        tokens=count_tokens(text),
    )


def _sent(world: World, agent: AgentState) -> MessageRecord:
    """Create the return after an initial message of the agent. It is not listed [50]."""
    return replace(_plain(world, agent, "assistant", ""), role="tool")
