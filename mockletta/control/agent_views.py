"""Agents as the console shows them: what each is doing, its memory and its threads."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from mockletta.control.control_dispatch import PREFIX
from mockletta.http.routing import Routes
from mockletta.journal.turn_story import text_of, without_additions
from mockletta.state.block_history import BlockChange
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.turns.context.system_prompt import DEFAULT_ID
from mockletta.turns.message_expansion import listed
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Wire
from mockletta.wire.conversations import Conversation
from mockletta.wire.memory import Block
from mockletta.wire.runs import Run
from mockletta.world.world import World

MOST_MESSAGES = 300
routes = Routes(PREFIX)
Doing = Literal["idle", "streaming", "waiting for approval"]


class AgentSummary(Wire):
    """An agent on one line."""

    id: str
    name: str
    model: str | None
    tags: list[str]
    hidden: bool
    conversations: int
    last_activity: datetime | None
    doing: Doing


class AgentSummaries(Wire):
    """All agents of a world, newest activity first."""

    agents: list[AgentSummary]


class AgentName(Wire):
    id: str
    name: str


class BlockView(Wire):
    """A memory block, the other agents that share it, and the number of recorded changes."""

    id: str
    label: str
    value: str
    limit: int
    description: str | None
    read_only: bool
    shared_with: list[AgentName]
    changes: int


class ThreadSummary(Wire):
    """A conversation on one line. `default` stands for the agent's direct messages."""

    id: str
    summary: str | None
    messages: int
    updated_at: datetime | None
    doing: Doing


class ToolView(Wire):
    name: str
    description: str | None
    requires_approval: bool


class AgentView(Wire):
    """An agent with its memory, tools and conversations, and its system message as compiled."""

    id: str
    name: str
    description: str | None
    model: str | None
    agent_type: str
    tags: list[str]
    created_at: datetime | None
    doing: Doing
    blocks: list[BlockView]
    tools: list[ToolView]
    tool_rules: list[dict[str, Any]]
    conversations: list[ThreadSummary]
    system_message: str | None


class StepView(Wire):
    """A step of a run: the stop reason if it was the last, and its tokens."""

    id: str
    stop_reason: str | None
    prompt_tokens: int
    completion_tokens: int


class RunView(Wire):
    """A run of a thread: how it ended, its steps, its tokens, and its duration in seconds."""

    id: str
    status: str
    stop_reason: str | None
    steps: list[StepView]
    usage: dict[str, int]
    seconds: float | None


class ThreadView(Wire):
    """The newest messages of a thread as lists show them.

    Each says whether it is in context; a user message to which the client added something has the
    user's `own_words`. `earlier` says that older messages are left out.
    """

    messages: list[dict[str, Any]]
    runs: list[RunView]
    doing: Doing
    earlier: bool


class BlockChanges(Wire):
    """The recorded changes of a block, oldest first. `dropped` counts the changes of all blocks
    that are not recorded any more."""

    changes: list[BlockChange]
    dropped: int


@routes.get("/agents", "control.agents.list")
def list_agents(world: World) -> AgentSummaries:
    """List all agents and what each is doing."""
    rows = [_summary(world, agent) for agent in world.store.agents]
    rows.sort(
        key=lambda one: one.last_activity.timestamp() if one.last_activity else 0.0, reverse=True
    )
    return AgentSummaries(agents=rows)


@routes.get("/agents/{agent_id}", "control.agents.retrieve")
def read_agent(world: World, agent_id: str) -> AgentView:
    """Show an agent with its memory, tools, conversations and compiled system message."""
    store = world.store
    agent = store.agents.get(agent_id)
    needs = {rule.tool_name for rule in agent.tool_rules or () if rule.type == "requires_approval"}
    return AgentView(
        id=agent.id,
        name=agent.name,
        description=agent.description,
        model=agent.model,
        agent_type=str(agent.agent_type),
        tags=list(agent.tags),
        created_at=agent.created_at,
        doing=_doing(world, agent),
        blocks=[_block(world, block, agent_id) for block in store.blocks_of(agent_id)],
        tools=[
            ToolView(
                name=tool.name or "",
                description=tool.description,
                requires_approval=tool.name in needs or bool(tool.default_requires_approval),
            )
            for tool in store.tools_of(agent_id)
        ],
        tool_rules=[rule.model_dump(mode="json") for rule in agent.tool_rules or ()],
        conversations=[_direct(world, agent), *_conversations(world, agent_id)],
        system_message=_system_message(store.thread(agent_id)),
    )


@routes.get("/agents/{agent_id}/threads/{thread_id}", "control.agents.threads.retrieve")
def read_thread(world: World, agent_id: str, thread_id: str) -> ThreadView:
    """Show the newest messages of a conversation, or of an agent's direct messages (`default`)."""
    store = world.store
    owner = store.agents.get(agent_id).id
    if thread_id != DEFAULT_ID:
        owner = store.conversations.get(thread_id).id
    thread = store.thread(owner)
    records = list(islice(thread.scan(None, None, reverse=True), MOST_MESSAGES))[::-1]
    context = set(thread.context_ids)
    return ThreadView(
        messages=[
            _shown(json.loads(text), in_context=record.id in context)
            for record in records
            for _, text in listed(record)
        ],
        runs=[_run(world, run_id) for run_id in _run_ids(records) if run_id in store.runs],
        doing=_doing_in(world, owner),
        earlier=len(thread) > len(records),
    )


def _shown(message: dict[str, Any], *, in_context: bool) -> dict[str, Any]:
    """Add the user's own words to a user message, if its client added something."""
    shown = {**message, "in_context": in_context}
    text = text_of(message.get("content")) if message["message_type"] == "user_message" else ""
    own = without_additions(text)
    return {**shown, "own_words": own} if own != text else shown


@routes.get("/blocks/{block_id}/history", "control.blocks.history")
def read_block_history(world: World, block_id: str) -> BlockChanges:
    """List the changes of a block's value, each with its time, its cause and both values."""
    world.store.blocks.get(block_id)
    history = world.block_history
    return BlockChanges(changes=history.of(block_id), dropped=history.dropped)


def _summary(world: World, agent: AgentState) -> AgentSummary:
    scope = ("agent_id", agent.id)
    newest = next(world.store.messages.view(scope).scan(None, None, reverse=True), None)
    return AgentSummary(
        id=agent.id,
        name=agent.name,
        model=agent.model,
        tags=list(agent.tags),
        hidden=bool(agent.hidden),
        conversations=world.store.conversations.count(scope),
        last_activity=newest.created_at if newest else agent.created_at,
        doing=_doing(world, agent),
    )


def _doing(world: World, agent: AgentState) -> Doing:
    owners = [agent.id, *(one.id for one in world.store.conversations.all(("agent_id", agent.id)))]
    found = {_doing_in(world, owner) for owner in owners}
    order: tuple[Doing, ...] = ("streaming", "waiting for approval")
    return next((doing for doing in order if doing in found), "idle")


def _doing_in(world: World, owner: str) -> Doing:
    """Return what is going on in a thread: a conversation, or an agent's direct messages."""
    for run_id in world.active:
        run = world.store.runs.find(run_id)
        if run is not None and (run.conversation_id or run.agent_id) == owner:
            return "streaming"
    thread = world.store.find_thread(owner)
    waits = thread is not None and thread.pending_request is not None
    return "waiting for approval" if waits else "idle"


def _block(world: World, block: Block, agent_id: str) -> BlockView:
    store = world.store
    others = [
        store.agents.get(one) for one in store.agent_blocks.lefts(block.id) if one != agent_id
    ]
    return BlockView(
        id=block.id,
        label=block.label or "",
        value=block.value,
        limit=block.limit,
        description=block.description,
        read_only=block.read_only,
        shared_with=[AgentName(id=one.id, name=one.name) for one in others],
        changes=world.block_history.count(block.id),
    )


def _direct(world: World, agent: AgentState) -> ThreadSummary:
    thread = world.store.find_thread(agent.id)
    return ThreadSummary(
        id=DEFAULT_ID,
        summary=None,
        messages=len(thread) if thread is not None else 0,
        updated_at=agent.updated_at,
        doing=_doing_in(world, agent.id),
    )


def _conversations(world: World, agent_id: str) -> Iterable[ThreadSummary]:
    for one in world.store.conversations.all(("agent_id", agent_id)):
        yield _conversation(world, one)


def _conversation(world: World, one: Conversation) -> ThreadSummary:
    thread = world.store.find_thread(one.id)
    return ThreadSummary(
        id=one.id,
        summary=one.summary,
        messages=len(thread) if thread is not None else 0,
        updated_at=one.updated_at,
        doing=_doing_in(world, one.id),
    )


def _system_message(thread: Thread) -> str | None:
    content = thread.system.content if thread.system else None
    return content if isinstance(content, str) else None


def _run_ids(records: Iterable[MessageRecord]) -> Iterable[str]:
    return dict.fromkeys(record.run_id for record in records if record.run_id is not None)


def _run(world: World, run_id: str) -> RunView:
    run: Run = world.store.runs.get(run_id)
    steps = [
        StepView(
            id=step.id,
            stop_reason=step.stop_reason,
            prompt_tokens=step.prompt_tokens or 0,
            completion_tokens=step.completion_tokens or 0,
        )
        for step in world.store.steps.all(("run_id", run_id))
    ]
    ended = run.total_duration_ns
    return RunView(
        id=run.id,
        status=str(run.status),
        stop_reason=run.stop_reason,
        steps=steps,
        usage={
            "prompt_tokens": sum(step.prompt_tokens for step in steps),
            "completion_tokens": sum(step.completion_tokens for step in steps),
        },
        seconds=None if ended is None else ended / 1e9,
    )
