"""Groups of agents. They are stored, but have no effect on turns."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.base import Body, ProjectId, Wire
from mockletta.wire.fields import (
    AgentIdText,
    BlockIdText,
)

MOST_AGENTS = 1_000


class ManagerType(StrEnum):
    """The types of managers. It is an enum because the server's 422 names it."""

    round_robin = "round_robin"
    supervisor = "supervisor"
    dynamic = "dynamic"
    sleeptime = "sleeptime"
    voice_sleeptime = "voice_sleeptime"
    swarm = "swarm"


class Group(Wire):
    id: str
    manager_type: ManagerType
    agent_ids: list[str]
    description: str
    project_id: str | None = None
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    shared_block_ids: list[str] = []
    manager_agent_id: str | None = None
    termination_token: str | None = None
    max_turns: int | None = None
    sleeptime_agent_frequency: int | None = None
    turns_counter: int | None = None
    last_processed_message_id: str | None = None
    max_message_buffer_length: int | None = None
    min_message_buffer_length: int | None = None
    hidden: bool | None = None


class RoundRobin(Body):
    manager_type: Literal[ManagerType.round_robin] = ManagerType.round_robin
    max_turns: int | None = None


class Supervisor(Body):
    manager_type: Literal[ManagerType.supervisor] = ManagerType.supervisor
    manager_agent_id: AgentIdText


class Dynamic(Body):
    manager_type: Literal[ManagerType.dynamic] = ManagerType.dynamic
    manager_agent_id: AgentIdText
    termination_token: str | None = "DONE!"  # noqa: S105 - not a secret
    max_turns: int | None = None


class Sleeptime(Body):
    manager_type: Literal[ManagerType.sleeptime] = ManagerType.sleeptime
    manager_agent_id: AgentIdText
    sleeptime_agent_frequency: int | None = None


class VoiceSleeptime(Body):
    manager_type: Literal[ManagerType.voice_sleeptime] = ManagerType.voice_sleeptime
    manager_agent_id: AgentIdText
    max_message_buffer_length: int | None = None
    min_message_buffer_length: int | None = None


class ManagerChange(Body):
    """A change of a group's manager. Null changes nothing."""

    manager_type: ManagerType
    manager_agent_id: AgentIdText | None = None
    termination_token: str | None = None
    max_turns: int | None = None
    sleeptime_agent_frequency: int | None = None
    max_message_buffer_length: int | None = None
    min_message_buffer_length: int | None = None


Members = Annotated[list[AgentIdText], Field(max_length=MOST_AGENTS)]


Shared = Annotated[list[BlockIdText], Field(max_length=MOST_AGENTS)]


class CreateGroup(Body):
    agent_ids: Members
    description: str
    manager_config: Annotated[
        RoundRobin | Supervisor | Dynamic | Sleeptime | VoiceSleeptime,
        Field(discriminator="manager_type"),
    ] = RoundRobin()
    project_id: ProjectId = None
    shared_block_ids: Shared = []
    hidden: bool | None = None


class UpdateGroup(Body):
    """A change of a group. Null changes nothing, lists replace."""

    agent_ids: Members | None = None
    description: str | None = None
    manager_config: ManagerChange | None = None
    project_id: str | None = None
    shared_block_ids: Shared | None = None
