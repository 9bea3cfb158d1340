"""The tables of a world and the links between their rows. Each is declared here once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mockletta.state.lazy_rows import LazyTable
from mockletta.state.links import Links
from mockletta.state.message_records import MessageRecord
from mockletta.state.table import Table
from mockletta.wire.agents import AgentState
from mockletta.wire.fields import LazyShape
from mockletta.wire.memory import Block
from mockletta.wire.tools import Tool

if TYPE_CHECKING:
    from mockletta.state.declared_mcp_tools import McpOffer
    from mockletta.state.stored_files import AgentFileRecord, FileRecord
    from mockletta.state.template_versions import Deployment, TemplateRow
    from mockletta.wire.archives import Archive, Passage
    from mockletta.wire.cloud import AccessToken, Environment
    from mockletta.wire.conversations import Conversation
    from mockletta.wire.folders import Folder
    from mockletta.wire.groups import Group
    from mockletta.wire.identities import Identity
    from mockletta.wire.mcp_servers import McpServer
    from mockletta.wire.providers import Provider
    from mockletta.wire.runs import Run, Step
    from mockletta.wire.schedules import ScheduledMessage

_AGENT = attrgetter("agent_id")
_RUN = attrgetter("run_id")
_NO_TIME = datetime.min.replace(tzinfo=UTC)


def _by_time(column: str) -> dict[str, Any]:
    """Return the two sorts by an optional time. Missing times are last in both [02]."""

    def ascending(row: object) -> tuple[bool, datetime]:
        value = getattr(row, column)
        return (value is None, value or _NO_TIME)

    def descending(row: object) -> tuple[bool, datetime]:
        value = getattr(row, column)
        return (value is not None, value or _NO_TIME)

    return {f"{column}.asc": ascending, f"{column}.desc": descending}


class OptionalTables:
    """Tables without rows in most worlds. Their shapes are loaded on first use."""

    def __init__(self) -> None:
        self.archives: Table[Archive] = Table(LazyShape("wire.archives", "Archive"), "Archive")
        self.passages: Table[Passage] = Table(
            LazyShape("wire.archives", "Passage"),
            "Passage",
            scopes={"archive_id": attrgetter("archive_id")},
        )
        self.folders: Table[Folder] = Table(LazyShape("wire.folders", "Folder"), "Source")
        self.files: Table[FileRecord] = Table(
            LazyShape("state.stored_files", "FileRecord"),
            "FileMetadata",
            scopes={"folder_id": attrgetter("folder_id")},
        )
        self.agent_files: Table[AgentFileRecord] = Table(
            LazyShape("state.stored_files", "AgentFileRecord"),
            "FileAgent",
            scopes={"agent_id": _AGENT, "file_id": attrgetter("file_id")},
        )
        self.groups: Table[Group] = Table(LazyShape("wire.groups", "Group"), "Group")
        self.providers: Table[Provider] = Table(LazyShape("wire.providers", "Provider"), "Provider")
        self.identities: Table[Identity] = Table(
            LazyShape("wire.identities", "Identity"), "Identity"
        )
        self.mcp_servers: Table[McpServer] = Table(
            LazyShape("wire.mcp_servers", "McpServer"), "MCPServer"
        )
        self.mcp_offers: Table[McpOffer] = Table(
            LazyShape("state.declared_mcp_tools", "McpOffer"), "MCPOffer"
        )
        self.access_tokens: Table[AccessToken] = Table(
            LazyShape("wire.cloud", "AccessToken"), "Token"
        )
        self.schedules: Table[ScheduledMessage] = Table(
            LazyShape("wire.schedules", "ScheduledMessage"),
            "Scheduled message",
            scopes={"agent_id": attrgetter("agent_id")},
        )
        self.templates: Table[TemplateRow] = Table(
            LazyShape("state.template_versions", "TemplateRow"), "Template"
        )
        self.deployments: Table[Deployment] = Table(
            LazyShape("state.template_versions", "Deployment"), "Deployment"
        )
        self.environments: Table[Environment] = Table(
            LazyShape("wire.cloud", "Environment"), "Environment"
        )


class Tables(OptionalTables):
    """All tables and links of a world. Everything declared here is copied, saved and restored."""

    def __init__(self) -> None:
        self.agents = Table(
            AgentState,
            "Agent",
            sorts=_by_time("updated_at") | _by_time("last_run_completion"),
            filters={"name": lambda agent: [agent.name], "tags": attrgetter("tags")},
        )
        self.blocks = Table(
            Block, "Block", filters={"label": lambda block: [block.label]}, keep_replaced=True
        )
        self.tools = Table(Tool, "Tool")
        self.conversations: Table[Conversation] = Table(
            LazyShape("wire.conversations", "Conversation"),
            "Conversation",
            scopes={"agent_id": _AGENT},
            sorts=_by_time("last_message_at") | _by_time("last_run_completion"),
        )
        self.messages = Table(MessageRecord, "Message", scopes={"agent_id": _AGENT, "run_id": _RUN})
        self.runs: LazyTable[Run] = LazyTable(
            LazyShape("wire.runs", "Run"),
            "Run",
            scopes={"agent_id": _AGENT, "conversation_id": attrgetter("conversation_id")},
        )
        self.steps: LazyTable[Step] = LazyTable(
            LazyShape("wire.runs", "Step"), "Step", scopes={"agent_id": _AGENT, "run_id": _RUN}
        )
        super().__init__()
        self.agent_blocks = Links("agents", "blocks")
        self.agent_tools = Links("agents", "tools")
        self.agent_archives = Links("agents", "archives")
        self.agent_identities = Links("agents", "identities")
        self.block_identities = Links("blocks", "identities")
        self.agent_folders = Links("agents", "folders")
        self.server_tools = Links("mcp_servers", "tools")


_PARTS = vars(Tables())
TABLES = tuple([name for name, part in _PARTS.items() if isinstance(part, Table)])


def shape_of(table: str) -> type:
    """Return the shape of a table's rows."""
    shape: type = _PARTS[table].shape
    return shape


LINKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: (part.left, part.right) for name, part in _PARTS.items() if isinstance(part, Links)}
)
"""The left and the right table of each kind of links, by the name of the links."""
