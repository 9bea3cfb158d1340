"""Shapes of Letta Cloud only: client-side access tokens, environments, templates.

An environment is a machine on which agents work. Its keys are in camel case, and its times are Unix
times in milliseconds.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from mockletta.wire.base import Body, Wire
from mockletta.wire.fields import SecretText, SecretTexts
from mockletta.wire.input_messages import MessageCreate, TextPart
from mockletta.wire.schedules import JsTime

MOST_RULES = 1_000
Access = Literal["read_messages", "write_messages", "read_agent", "write_agent"]


class PolicyData(Wire, extra="ignore"):
    """The permitted access to one agent."""

    type: Literal["agent"]
    id: str
    access: list[Access]


class Policy(Wire):
    version: Literal["1"] = "1"
    data: list[PolicyData]


class AccessToken(Wire):
    """A token as it is stored. Its id is the token itself."""

    id: str
    hostname: str
    policy: Policy
    expires_at: datetime


class Token(Wire):
    """A token as it is returned, in full: clients need it to delete it."""

    policy: Policy
    token: SecretText
    hostname: str
    expires_at: str = Field(alias="expiresAt")


class AccessTokens(Wire):
    tokens: list[Token]
    has_next_page: bool = Field(alias="hasNextPage")


class CreateAccessToken(Body):
    """A request for a token. It expires in five minutes by default."""

    policy: list[PolicyData] = Field(max_length=MOST_RULES)
    hostname: Annotated[str, StringConstraints(pattern=r"^(http|https)://")]
    expires_at: datetime | None = None


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


Tag = Annotated[str, Field(pattern=r"^[a-zA-Z0-9\-_ ]*$")]
Variables = dict[str, str]
FileJson = dict[str, Any]


class Template(Wire):
    """A template. Its slug names the newest saved version."""

    id: str
    latest_version: str
    name: str
    project_id: str
    project_slug: str
    template_deployment_slug: str
    updated_at: JsTime
    description: str | None = None


class Templates(Wire):
    has_next_page: bool
    templates: list[Template]


class TemplateChanged(Wire):
    """The answer to a change of a template's working version."""

    success: bool = True
    message: str | None = None


class TemplateDeleted(Wire):
    success: bool = True


class AgentsCreated(Wire):
    agent_ids: list[str]
    deployment_id: str
    group_id: str | None = None


class CreateTemplate(Body):
    """A request for a template, from an agent or a file."""

    type: Literal["agent", "agent_file"]
    agent_id: str | None = None
    agent_file: FileJson | None = None
    name: str | None = None
    update_existing_tools: bool = False


class UpdateTemplate(Body):
    agent_file_json: FileJson
    save_existing_changes: bool = False
    update_existing_tools: bool = False


class SaveTemplate(Body):
    """A request to save a version, and what agents of older versions keep when they are
    migrated."""

    message: str | None = None
    migrate_agents: bool = False
    preserve_core_memories_on_migration: bool = False
    preserve_environment_variables_on_migration: bool = False
    preserve_sources_on_migration: bool = False
    block_reconciliation_strategy: Literal["reconcile-all", "preserve-deleted"] = "preserve-deleted"


class RollBack(Body):
    version: str


class AgentsFromTemplate(Body):
    """A request for agents of a template, with their own values."""

    agent_name: Tag | None = None
    tags: list[Tag] | None = None
    identity_ids: list[str] | None = None
    initial_message_sequence: list[MessageCreate] | None = None
    memory_variables: Variables | None = None
    tool_variables: SecretTexts | None = None
