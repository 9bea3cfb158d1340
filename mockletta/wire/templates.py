"""Templates of agents, in requests and responses."""

from typing import Annotated, Any, Literal

from pydantic import Field

from mockletta.wire.base import Body, Wire
from mockletta.wire.message_requests import MessageCreate
from mockletta.wire.schedules import JsTime
from mockletta.wire.secret_fields import SecretTexts

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
