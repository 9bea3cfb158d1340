"""The agents that keep the memory of others."""

from collections.abc import Mapping
from typing import Any

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.agents.agent_settings import helper_name
from mockletta.wire.agents import AgentState, AgentType, CreateAgent
from mockletta.wire.groups import Group, ManagerType
from mockletta.wire.memory import CreateBlock
from mockletta.world.world import World

MEMORY_PERSONA = (
    "I keep the memory of another agent. I read what was said to it and by it, and I write into "
    "its memory blocks what will matter later: facts, preferences, decisions and open questions."
)
SLEEPTIME_MANAGER: Mapping[str, Any] = {
    "manager_type": ManagerType.sleeptime,
    "description": "",
    "sleeptime_agent_frequency": 5,
    "turns_counter": -1,
}
VOICE_MODEL: Mapping[str, Any] = {
    "model": "gpt-4.1",
    "handle": None,
    "provider_name": None,
    "provider_category": None,
    "context_window": 256_000,
    "max_tokens": 8_192,
    "put_inner_thoughts_in_kwargs": False,
}
VOICE_MANAGER: Mapping[str, Any] = {
    "manager_type": ManagerType.voice_sleeptime,
    "description": "Low latency voice chat with async memory management.",
    "max_message_buffer_length": 30,
    "min_message_buffer_length": 15,
}


def add_helper(world: World, agent: AgentState) -> None:
    """Create the agent that keeps another agent's memory, and their group [72 sleeptime *]."""
    is_voice = agent.agent_type is AgentType.voice_convo_agent
    llm = agent.llm_config.changed(VOICE_MODEL) if is_voice else agent.llm_config
    helper = create_agent(
        world,
        CreateAgent(
            name=helper_name(agent),
            agent_type=AgentType.voice_sleeptime_agent if is_voice else AgentType.sleeptime_agent,
            llm_config=llm,
            embedding_config=agent.embedding_config,
            block_ids=[block.id for block in world.store.blocks_of(agent.id)],
            memory_blocks=[CreateBlock(label="memory_persona", value=MEMORY_PERSONA)],
        ),
    )
    world.store.agents.replace(helper.changed({"llm_config": llm}))
    manager = VOICE_MANAGER if is_voice else SLEEPTIME_MANAGER
    group_id = world.ids.new("group")
    world.store.groups.add(
        Group(id=group_id, agent_ids=[helper.id], manager_agent_id=agent.id, **manager)
    )
