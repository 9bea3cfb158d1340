"""The shapes of a seed file: the API's requests, with ids, and strict about their keys."""

import json
from typing import Any, Literal

from pydantic import Field

from mockletta.documents.unknown_keys import StrictKeys
from mockletta.script.text_patterns import Written
from mockletta.state.declared_mcp_tools import MOST, OfferedTool
from mockletta.wire.agents import CreateAgent
from mockletta.wire.archives import CreateArchive, CreateArchivePassage
from mockletta.wire.base import Body
from mockletta.wire.cloud import CreateAccessToken, CreateTemplate, EnvironmentMetadata, Mode
from mockletta.wire.conversations import CreateConversation
from mockletta.wire.fields import (
    AgentIdText,
    ArchiveIdText,
    BlockIdText,
    ConversationIdText,
    FileIdText,
    FolderIdText,
    GroupIdText,
    IdentityIdText,
    MessageIdText,
    PassageIdText,
    ProviderIdText,
    RunIdText,
    StepIdText,
    ToolIdText,
)
from mockletta.wire.folders import CreateFolder
from mockletta.wire.groups import CreateGroup
from mockletta.wire.identities import SaveIdentity
from mockletta.wire.mcp_servers import McpConfig
from mockletta.wire.memory import CreateBlock
from mockletta.wire.providers import CreateProvider
from mockletta.wire.run_parts import RunStatus
from mockletta.wire.schedules import CreateSchedule
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.wire.tool_requests import CreateTool

Id = str | None
FreeId = Field(default=None, min_length=1)
"""An id that the API accepts in any form."""


class SeedMessage(StrictKeys, Body):
    """An earlier message. With a `step_id` it belongs to that step of the thread's runs."""

    role: Literal["user", "assistant", "system"] = "user"
    content: str = Field(min_length=1)
    id: MessageIdText | None = None
    step_id: StepIdText | None = None


class SeedStep(StrictKeys, Body):
    """A completed step of a run."""

    id: StepIdText | None = None
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)


class SeedRun(StrictKeys, Body):
    """A completed run."""

    id: RunIdText | None = None
    status: RunStatus = "completed"
    stop_reason: StopReasonType | None = StopReasonType.end_turn
    background: bool = False
    steps: list[SeedStep] = []


class SeedConversation(StrictKeys, CreateConversation):
    id: ConversationIdText | None = None
    runs: list[SeedRun] = []
    messages: list[SeedMessage] = []


class SeedBlock(StrictKeys, CreateBlock):
    id: BlockIdText | None = None


class SeedSchedule(StrictKeys, CreateSchedule):
    """A scheduled message."""

    id: Id = FreeId


class SeedAgent(StrictKeys, CreateAgent):
    """An agent. Its `block_ids`, `folder_ids`, `tool_ids` and `archive_ids` are ids of rows in the
    file, which several agents can share."""

    id: AgentIdText | None = None
    memory_blocks: list[SeedBlock] | None = None  # type: ignore[assignment]
    archive_ids: list[ArchiveIdText] = []
    runs: list[SeedRun] = []
    messages: list[SeedMessage] = []
    conversations: list[SeedConversation] = []
    schedules: list[SeedSchedule] = []


class SeedFolderFile(StrictKeys, Body):
    """A text file that has been processed."""

    name: str = Field(min_length=1)
    content: str
    id: FileIdText | None = None


class SeedFolder(StrictKeys, CreateFolder):
    """A folder. Agents refer to it in their `folder_ids`."""

    id: FolderIdText | None = None
    files: list[SeedFolderFile] = []


class SeedMcpTool(StrictKeys, OfferedTool):
    """A tool of an MCP server, and its return."""

    id: ToolIdText | None = None


class SeedMcpServer(StrictKeys, Body):
    """A declared MCP server. With a `config` it is also configured from the start, under its
    `id`."""

    name: Written = Field(min_length=1)
    url: str | None = None
    command: str | None = None
    tools: list[SeedMcpTool] = Field(default=[], max_length=MOST)
    config: McpConfig | None = None
    id: Id = FreeId


class SeedEnvironment(StrictKeys, Body):
    """A machine on which agents work. It has no connection unless it is `online`."""

    device_id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    online: bool = True
    mode: Mode | None = "default"
    user_id: str | None = None
    metadata: EnvironmentMetadata | None = None
    id: Id = FreeId
    connection_id: Id = FreeId


class SeedTool(StrictKeys, CreateTool):
    id: ToolIdText | None = None


class SeedPassage(StrictKeys, CreateArchivePassage):
    id: PassageIdText | None = None


class SeedArchive(StrictKeys, CreateArchive):
    """An archive. Agents refer to it in their `archive_ids`."""

    id: ArchiveIdText | None = None
    passages: list[SeedPassage] = []


class SeedIdentity(StrictKeys, SaveIdentity):
    id: IdentityIdText | None = None


class SeedGroup(StrictKeys, CreateGroup):
    id: GroupIdText | None = None


class SeedProvider(StrictKeys, CreateProvider):
    id: ProviderIdText | None = None


class SeedTemplate(StrictKeys, CreateTemplate):
    """A template, from an agent of the file or from an agent file."""

    type: Literal["agent", "agent_file"] = "agent"
    id: Id = FreeId
    project_id: str | None = None
    project: str | None = None


class SeedAccessToken(StrictKeys, CreateAccessToken):
    """A token for clients without an API key; its `id` is the token itself."""

    id: Id = FreeId


def seed_schema() -> str:
    """Return the JSON Schema of a seed file. Unknown keys of our own shapes are not allowed."""
    schema: dict[str, Any] = SeedFile.model_json_schema()
    for name, shape in schema["$defs"].items():
        if name.startswith("Seed"):
            shape["additionalProperties"] = False
    schema["additionalProperties"] = False
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A seed of mockletta"
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


class SeedFile(StrictKeys, Body):
    version: Literal[1]
    models: list[str] = Field(default=[], max_length=MOST)
    providers: list[SeedProvider] = []
    tools: list[SeedTool] = []
    mcp_servers: list[SeedMcpServer] = Field(default=[], max_length=MOST)
    environments: list[SeedEnvironment] = []
    blocks: list[SeedBlock] = []
    archives: list[SeedArchive] = []
    folders: list[SeedFolder] = []
    agents: list[SeedAgent] = []
    identities: list[SeedIdentity] = []
    groups: list[SeedGroup] = []
    templates: list[SeedTemplate] = []
    access_tokens: list[SeedAccessToken] = []
