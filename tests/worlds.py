"""Small worlds, filled without HTTP."""

import gc
import sys
from collections import deque
from types import FunctionType, ModuleType
from typing import Any

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.conversations import create_conversation
from mockletta.api.message_targets import find_target
from mockletta.api.messages.turn_starts import RequestMode, send
from mockletta.state.event_log import each
from mockletta.state.world_tables import LINKS, TABLES
from mockletta.turns.message_expansion import expand
from mockletta.turns.turn_state import Delivery, TurnState
from mockletta.wire.agents import AgentState, CreateAgent
from mockletta.wire.conversations import Conversation, CreateConversation
from mockletta.wire.input_messages import MessageCreate
from mockletta.wire.memory import CreateBlock
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.world import World

MODEL = "openai/gpt-4o-mini"
CODE = (type, FunctionType, ModuleType)


def make_agent(world: World, name: str = "Ada") -> AgentState:
    """Make an agent with one block."""
    blocks = [CreateBlock(label="human", value="H")]
    return create_agent(world, CreateAgent(name=name, model=MODEL, memory_blocks=blocks))


def make_conversation(world: World, agent: AgentState, *own_labels: str) -> Conversation:
    """Make a conversation; of these blocks it has copies of its own."""
    body = CreateConversation(isolated_block_labels=list(own_labels))
    return create_conversation(world, agent.id, body)


def say(world: World, reference: str, text: str, *, background: bool = False) -> TurnState:
    """Send a streamed message to a conversation or an agent, with its text as its otid."""
    message = MessageCreate(role="user", content=text, otid=text)
    request = MessageRequest(messages=[message], streaming=True, background=background)
    delivery = Delivery(streaming=True, background=background)
    mode = RequestMode("send_conversation_message", delivery, locks=True)
    return send(world, find_target(world, reference, None), request, mode, None)


def commit(world: World) -> None:
    """End a change of a world, as the end of a request does."""
    world.run(lambda: None)


def told(world: World, reference: str) -> list[tuple[str, object]]:
    """Types and contents of what a thread lists, but for the system message."""
    records = world.store.thread(reference).scan(None, None, reverse=False)
    shown = [message for record in records for message in expand(record)]
    return [(one.message_type, getattr(one, "content", None)) for one in shown][1:]


def containers(world: World) -> int:
    """Count the lists, mappings and sets that a world keeps, but for its journal."""
    seen, waiting = {id(world), id(world.journal), id(sys.modules)}, [world]
    found = 0
    while waiting:
        for one in gc.get_referents(waiting.pop()):
            if id(one) not in seen and not isinstance(one, CODE):
                seen.add(id(one))
                waiting.append(one)
                found += isinstance(one, (dict, list, set, deque))
    return found


def whole(world: World) -> dict[str, Any]:
    """All that is to be the same in two worlds that are in the same state."""
    store = world.store
    owners = [row.id for table in (store.agents, store.conversations) for row in table]
    threads = {owner: store.thread(owner) for owner in owners}
    logs = world.logs
    links = {name: getattr(store, name) for name in LINKS}
    return {
        **{table: list(getattr(store, table)) for table in TABLES},
        "rights": {
            name: [link.rights(row.id) for row in getattr(store, link.left)]
            for name, link in links.items()
        },
        "lefts": {
            name: [link.lefts(row.id) for row in getattr(store, link.right)]
            for name, link in links.items()
        },
        "threads": {
            owner: (list(thread), list(thread.context), thread.tokens, thread.turns)
            for owner, thread in threads.items()
        },
        "logs": {
            run_id: (list(each(log.events)), log.finished) for run_id, log in logs.by_run.items()
        },
        "otids": (logs.by_otid, logs.by_otids, logs.otids_of),
        "ids": world.ids.state,
    }
