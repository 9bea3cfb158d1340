"""Deleting agents. `state/cascading_deletes.py` lists the rows that go with them."""

from mockletta.turns.cancelling import fail_deleted
from mockletta.wire.agents import AgentState, AgentType
from mockletta.world.world import World

HELPERS = {AgentType.sleeptime_agent, AgentType.voice_sleeptime_agent}
SLEEPTIME = {"sleeptime", "voice_sleeptime"}
"""The managers of groups whose agents keep another's memory."""


def release_agent(world: World, agent: AgentState) -> None:
    """Cancel the runs of a deleted agent, and delete its sleeptime group and helper [72 sleeptime
    *: delete]."""
    _end_runs_of(world, agent)
    managed = [one for one in world.store.groups if one.manager_agent_id == agent.id]
    if agent.enable_sleeptime is None:
        return
    for group in managed:
        for helper in map(world.store.agents.find, group.agent_ids):
            if helper is not None and helper.agent_type in HELPERS:
                _end_runs_of(world, helper)
                world.store.delete("agents", helper.id)
        if group.manager_type in SLEEPTIME:
            world.store.delete("groups", group.id)


def _end_runs_of(world: World, agent: AgentState) -> None:
    """End the runs of a deleted agent."""
    for run in world.store.runs.all(("agent_id", agent.id)):
        fail_deleted(world, run.id)
