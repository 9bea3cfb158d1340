"""Secrets of agents."""

from mockletta.errors import ORGANIZATION_ID
from mockletta.wire.agent_requests import AgentFields
from mockletta.wire.agents import AgentEnvironmentVariable
from mockletta.world.world import World


def secrets_of(world: World, agent_id: str, body: AgentFields) -> dict[str, object]:
    """Secrets, also under their old name; a new set replaces the old [52]."""
    values = body.secrets if body.secrets is not None else body.tool_exec_environment_variables
    if values is None:
        return {}
    variables = [
        AgentEnvironmentVariable(
            id=world.ids.new("agent-env"),
            key=key,
            value=value,
            value_enc=value,
            organization_id=ORGANIZATION_ID,
            agent_id=agent_id,
        )
        for key, value in values.items()
    ]
    return {"secrets": variables, "tool_exec_environment_variables": variables}
