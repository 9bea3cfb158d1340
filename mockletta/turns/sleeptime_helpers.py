"""Sleeptime helpers: agents that read the turns of another agent and edit shared memory blocks.

A helper runs every few turns. The usage of the turn that starts it names its run; nothing waits for
that run [72 sleeptime *: message].
"""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mockletta.state.message_records import MessageRecord, plain_text
from mockletta.turns.agent_relays import turn_of
from mockletta.turns.turn_state import Delivery, StartTurn, TurnState
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

if TYPE_CHECKING:
    from mockletta.wire.groups import Group

SLEEPTIME = "sleeptime"
REMINDER = (
    "<system-reminder>\nThese are the newest messages of the agent whose memory you share. Keep in "
    "its memory blocks what will matter later.\n\n{messages}\n</system-reminder>"
)


def start_helpers(state: TurnState) -> Iterator[StartTurn]:
    """Count a turn of an agent with helpers, and start their turns when they are due."""
    helpers = due_helpers(state.world, state.agent, state.thread.context)
    if helpers:
        run_ids = [helper.run_id for helper in helpers]
        state.usage = state.usage._replace(run_ids=json.dumps(run_ids, separators=(",", ":")))
    yield from map(StartTurn, helpers)


def due_helpers(
    world: World, agent: AgentState, newest: Sequence[MessageRecord]
) -> list[TurnState]:
    """Count a turn of an agent. Return the turns of its helpers if they are due. They read those of
    the `newest` messages that they have not read yet."""
    group = _group_of(world, agent)
    if group is None or group.sleeptime_agent_frequency is None:
        return []
    turns = 0 if group.turns_counter is None else group.turns_counter + 1
    changes: dict[str, object] = {"turns_counter": turns}
    helpers = []
    if turns % max(group.sleeptime_agent_frequency, 1) == 0:
        found = map(world.store.agents.find, group.agent_ids)
        unread = _records_after(newest, group.last_processed_message_id)
        helpers = [_turn_of_helper(world, helper, unread) for helper in found if helper is not None]
        changes["last_processed_message_id"] = newest[-1].id
    world.store.groups.replace(group.changed(changes))
    return helpers


def _group_of(world: World, agent: AgentState) -> "Group | None":
    return next(
        (
            group
            for group in world.store.groups
            if group.manager_type == SLEEPTIME and group.manager_agent_id == agent.id
        ),
        None,
    )


def _turn_of_helper(
    world: World, helper: AgentState, records: Sequence[MessageRecord]
) -> TurnState:
    spoken = [
        f"{record.role}: {plain_text(record.content)}"
        for record in records
        if record.role in ("user", "assistant") and record.content
    ]
    text = REMINDER.format(messages="\n".join(spoken))
    delivery = Delivery(by_agent=True, is_async=True)
    return turn_of(world, helper, text, "sleeptime_agent_send_message_async", delivery)


def _records_after(
    records: Sequence[MessageRecord], message_id: str | None
) -> Sequence[MessageRecord]:
    places = [place for place, record in enumerate(records) if record.id == message_id]
    return records[places[-1] + 1 if places else 0 :]
