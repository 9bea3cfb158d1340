"""Environments: machines on which agents of Letta Cloud work.

Keys are in camel case, times are Unix times in milliseconds.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from mockletta.wire.base import Body, Wire
from mockletta.wire.message_requests import TextPart

Mode = Literal["default", "standard", "acceptEdits", "bypassPermissions", "unrestricted"]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class _Camel(Wire):
    model_config = ConfigDict(alias_generator=to_camel)


class EnvironmentMetadata(Wire, extra="allow"):
    """What a machine reports about itself: these fields and any others."""

    model_config = ConfigDict(alias_generator=to_camel)

    git_branch: str | None = None
    letta_code_version: str | None = None
    node_version: str | None = None
    os: str | None = None
    working_directory: str | None = None


class Environment(_Camel):
    """A machine with its device's id. While it is online it has a connection."""

    id: str
    connected_at: float | None = None
    connection_id: str | None = None
    connection_name: str
    device_id: str
    first_seen_at: float
    last_heartbeat: float | None = None
    last_seen_at: float
    organization_id: str
    pod_id: str | None = None
    api_key_owner: str | None = None
    current_mode: Mode | None = None
    metadata: EnvironmentMetadata | None = None
    user_id: str | None = None


class Environments(_Camel):
    connections: list[Environment]
    has_next_page: bool


class MessageSent(Wire):
    message: str
    success: bool = True


class EnvironmentText(Body):
    """A message of the user, with an id of the client."""

    role: Literal["user"]
    content: str | list[TextPart]
    client_message_id: str
    otid: str | None = None


class EnvironmentToolReturn(Body):
    type: Literal["tool"] = "tool"
    tool_call_id: str
    tool_return: str | list[TextPart]
    status: Literal["success", "error"]
    stdout: list[str] | None = None
    stderr: list[str] | None = None


class EnvironmentApproval(Body):
    type: Literal["approval"] = "approval"
    tool_call_id: str
    approve: bool
    reason: str | None = None
    updated_input: dict[str, object] | None = None


class EnvironmentAnswers(Body):
    """Answers to pending calls."""

    type: Literal["approval"]
    approvals: list[EnvironmentToolReturn | EnvironmentApproval]


class SendToEnvironment(Body):
    messages: list[EnvironmentText | EnvironmentAnswers] = Field(min_length=1)
    agent_id: str | None = Field(default=None, alias="agentId")
    conversation_id: str | None = Field(default=None, alias="conversationId")


class RegisterEnvironment(Body):
    """A request that registers a machine as online."""

    model_config = ConfigDict(alias_generator=to_camel)

    device_id: Name
    connection_name: Name
    metadata: EnvironmentMetadata | None = None


class Registered(_Camel):
    connection_id: str
    ws_url: str
