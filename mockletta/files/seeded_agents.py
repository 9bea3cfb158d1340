"""Agents of a seed file, with their conversations, messages, runs and schedules."""

from collections.abc import Sequence
from dataclasses import replace

from mockletta.api.agents.agent_attachments import attach_archive
from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.block_creation import create_block
from mockletta.api.cloud.schedules import schedule_message
from mockletta.api.conversations import create_conversation
from mockletta.api.message_targets import Target
from mockletta.errors import BadRequest
from mockletta.files.seed_shapes import (
    SeedAgent,
    SeedBlock,
    SeedConversation,
    SeedMessage,
    SeedRun,
    SeedStep,
)
from mockletta.turns.context.incoming_messages import take_in
from mockletta.turns.lazy_records import StepOutcome, step_of
from mockletta.wire.agents import AgentState
from mockletta.wire.input_messages import MessageCreate
from mockletta.wire.run_parts import RequestConfig, StepTimes
from mockletta.wire.runs import Run
from mockletta.world.world import World


def add_agent(world: World, seed: SeedAgent) -> None:
    """Add an agent with everything that belongs to it."""
    refuse_known(world, "agents", "agent", seed.id)
    for block_id in seed.block_ids or []:
        world.store.blocks.get(block_id)
    own = [add_block(world, block, for_agent=True) for block in seed.memory_blocks or []]
    body = seed.model_copy(
        update={"memory_blocks": None, "block_ids": [*own, *(seed.block_ids or [])]}
    )
    agent = create_agent(world, body)
    for archive_id in seed.archive_ids:
        attach_archive(world, agent.id, archive_id)
    target = Target(world.store, agent)
    _add_runs(world, target, seed.runs)
    _say(world, target, seed.messages)
    for conversation in seed.conversations:
        _add_conversation(world, agent, conversation)
    for schedule in seed.schedules:
        refuse_known(world, "schedules", "scheduled message", schedule.id)
        schedule_message(world, agent.id, schedule)


def add_block(world: World, block: SeedBlock, *, for_agent: bool = False) -> str:
    """Add a block, and return its id."""
    refuse_known(world, "blocks", "block", block.id)
    return create_block(world, block, for_agent=for_agent).id


def refuse_known(world: World, table: str, noun: str, row_id: str | None) -> None:
    """Raise BadRequest if an id is already used."""
    if row_id is not None and row_id in getattr(world.store, table):
        raise BadRequest(f"the {noun} {row_id} already exists")


def _add_conversation(world: World, agent: AgentState, seed: SeedConversation) -> None:
    refuse_known(world, "conversations", "conversation", seed.id)
    made = create_conversation(world, agent.id, seed)
    target = Target(world.store, agent, made)
    _add_runs(world, target, seed.runs)
    _say(world, target, seed.messages)
    if seed.messages and made.last_message_at is None:
        world.store.conversations.replace(made.changed({"last_message_at": made.created_at}))


def _add_runs(world: World, target: Target, runs: Sequence[SeedRun]) -> None:
    now = world.clock.now()
    for seed in runs:
        refuse_known(world, "runs", "run", seed.id)
        run = Run(
            id=seed.id or world.ids.new("run"),
            status=seed.status,
            created_at=now,
            completed_at=now.replace(tzinfo=None),
            agent_id=target.agent.id,
            conversation_id=target.conversation_id,
            background=seed.background,
            metadata={"run_type": "send_message"},
            request_config=RequestConfig(),
            stop_reason=seed.stop_reason,
            total_duration_ns=0,
        )
        world.store.runs.add(run)
        for step in seed.steps:
            _add_step(world, target.agent, run, step)


def _add_step(world: World, agent: AgentState, run: Run, seed: SeedStep) -> None:
    refuse_known(world, "steps", "step", seed.id)
    now, step_id = run.created_at, seed.id or world.ids.new("step")
    outcome = StepOutcome(
        step_id,
        seed.prompt_tokens,
        seed.completion_tokens,
        0,
        run.stop_reason,
        StepTimes(now, now, now, now),
    )
    step = step_of(step_id, run.id, agent, agent.llm_config, outcome)
    world.store.steps.add_lazily(step)


def _say(world: World, target: Target, messages: Sequence[SeedMessage]) -> None:
    bodies = [MessageCreate(role=message.role, content=message.content) for message in messages]
    records = take_in(bodies, world.ids, world.clock.now(), target.agent.id, target.conversation_id)
    thread = target.thread
    for message, record in zip(messages, records, strict=True):
        refuse_known(world, "messages", "message", message.id)
        run_id = None
        if message.step_id is not None:
            run_id = world.store.steps.get(message.step_id).run_id
        said = replace(record, id=message.id or record.id, step_id=message.step_id, run_id=run_id)
        world.store.add_message(said, thread)
