"""Seed files: the initial content of a world, validated by the same models as the API's
requests."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.blocks import create_block
from mockletta.api.cloud.environments import add_environment, find_environment
from mockletta.api.conversations import create_conversation
from mockletta.api.folders.folders import create_folder
from mockletta.api.folders.uploads import upload
from mockletta.api.message_targets import Target
from mockletta.api.tools.mcp_servers import create_mcp_server
from mockletta.api.tools.tools import save_tool
from mockletta.documents.hints import shown
from mockletta.documents.unknown_keys import UNKNOWN_KEY, StrictKeys
from mockletta.documents.yaml_places import Document, Path, UnreadableFile, read_text
from mockletta.errors import ApiError, BadRequest, BadSettings, RowNotFound
from mockletta.script.validation_problems import describe
from mockletta.state.declared_mcp_tools import MOST, McpOffer, OfferedTool, declare
from mockletta.turns.incoming_messages import take_in
from mockletta.wire.agents import AgentState, CreateAgent
from mockletta.wire.base import Body
from mockletta.wire.blocks import CreateBlock
from mockletta.wire.conversations import CreateConversation
from mockletta.wire.environments import EnvironmentMetadata, Mode
from mockletta.wire.files import DuplicateHandling
from mockletta.wire.folders import CreateFolder
from mockletta.wire.id_patterns import (
    AgentIdText,
    BlockIdText,
    ConversationIdText,
    FileIdText,
    FolderIdText,
    MessageIdText,
    ToolIdText,
)
from mockletta.wire.mcp_servers import McpConfig
from mockletta.wire.message_requests import MessageCreate
from mockletta.wire.tools import CreateTool
from mockletta.wire.uploads import Upload
from mockletta.world.world import World

ID_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "agents": "agent",
        "blocks": "block",
        "memory_blocks": "block",
        "block_ids": "block",
        "conversations": "conv",
        "files": "file",
        "folders": "source",
        "folder_ids": "source",
        "messages": "message",
        "tools": "tool",
        "tool_ids": "tool",
    }
)
"""The prefix of the ids of rows, and of the fields that name rows."""
EXAMPLE_UUID = "00000000-0000-4000-8000-000000000001"


class BadSeed(BadSettings):
    """A seed file that cannot be loaded. The message has the file, the position and the reason."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}{': ' if place else ''}{reason}")


class SeedMessage(StrictKeys, Body):
    role: Literal["user", "assistant", "system"] = "user"
    content: str = Field(min_length=1)
    id: MessageIdText | None = None


class SeedConversation(StrictKeys, CreateConversation):
    id: ConversationIdText | None = None
    messages: list[SeedMessage] = []


class SeedBlock(StrictKeys, CreateBlock):
    id: BlockIdText | None = None


class SeedAgent(StrictKeys, CreateAgent):
    """An agent. `block_ids` are ids of blocks in the file, which several agents can share."""

    id: AgentIdText | None = None
    memory_blocks: list[SeedBlock] | None = None  # type: ignore[assignment]
    messages: list[SeedMessage] = []
    conversations: list[SeedConversation] = []


class SeedFolderFile(StrictKeys, Body):
    """A text file that has been processed."""

    name: str = Field(min_length=1)
    content: str
    id: FileIdText | None = None


class SeedFolder(StrictKeys, CreateFolder):
    """A folder. Agents refer to it in their `folder_ids`."""

    id: FolderIdText | None = None
    files: list[SeedFolderFile] = []


class SeedTool(StrictKeys, CreateTool):
    """A tool. Agents refer to it in their `tool_ids`, or by its name in their `tools`."""

    id: ToolIdText | None = None


class SeedMcpTool(StrictKeys, OfferedTool):
    """A tool of an MCP server, and what it returns."""


class SeedMcpServer(StrictKeys, Body):
    """A declared MCP server. With a `config` it is also configured from the start."""

    name: str = Field(min_length=1)
    url: str | None = None
    command: str | None = None
    tools: list[SeedMcpTool] = Field(default=[], max_length=MOST)
    config: McpConfig | None = None


class SeedEnvironment(StrictKeys, Body):
    """A machine on which agents work. Unless it is `online`, it has no connection."""

    device_id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    online: bool = True
    mode: Mode | None = "default"
    user_id: str | None = None
    metadata: EnvironmentMetadata | None = None


class SeedFile(StrictKeys, Body):
    version: Literal[1]
    mcp_servers: list[SeedMcpServer] = Field(default=[], max_length=MOST)
    environments: list[SeedEnvironment] = []
    tools: list[SeedTool] = []
    blocks: list[SeedBlock] = []
    folders: list[SeedFolder] = []
    agents: list[SeedAgent] = []


OWN_KEYS = SeedFile.model_fields.keys() - {"version"}


def load_seed(world: World, source: str | Mapping[str, object]) -> None:
    """Load a seed, a file or the content of one, into a world. Raises BadSeed if it is invalid; do
    not use the world then."""
    file, document = _read(source)
    seed = _validated(file, document)
    for number, server in enumerate(seed.mcp_servers):
        with _place_named(file, document, ("mcp_servers", number)):
            _add_mcp_server(world, server)
    for number, environment in enumerate(seed.environments):
        with _place_named(file, document, ("environments", number)):
            _add_environment(world, environment)
    for number, tool in enumerate(seed.tools):
        with _place_named(file, document, ("tools", number)):
            _add_tool(world, tool)
    for number, block in enumerate(seed.blocks):
        with _place_named(file, document, ("blocks", number)):
            _add_block(world, block)
    for number, folder in enumerate(seed.folders):
        with _place_named(file, document, ("folders", number)):
            _add_folder(world, folder)
    for number, agent in enumerate(seed.agents):
        with _place_named(file, document, ("agents", number)):
            _add_agent(world, agent)


def is_seed(file: str) -> bool:
    """Whether a file has the keys of a seed, not those of a script. False if it is unreadable."""
    try:
        data = _read_file(file).data
    except BadSeed:
        return False
    keys = set(data) if isinstance(data, dict) else set()
    return not keys & {"replies", "faults", "otherwise"} and bool(keys & OWN_KEYS)


def _add_mcp_server(world: World, seed: SeedMcpServer) -> None:
    if seed.name in world.store.mcp_offers:
        raise BadRequest(f"the MCP server {seed.name} already exists")
    tools = [OfferedTool(**vars(tool)) for tool in seed.tools]
    declare(
        world.store.mcp_offers,
        McpOffer(id=seed.name, url=seed.url, command=seed.command, tools=tools),
    )
    if seed.config is not None:
        create_mcp_server(world, seed.name, seed.config)


def _add_environment(world: World, seed: SeedEnvironment) -> None:
    if find_environment(world, seed.device_id) is not None:
        raise BadRequest(f"the environment {seed.device_id} already exists")
    add_environment(
        world,
        seed.device_id,
        seed.name,
        metadata=seed.metadata,
        online=seed.online,
        mode=seed.mode,
        user_id=seed.user_id,
    )


def _add_tool(world: World, seed: SeedTool) -> None:
    if seed.id is not None and seed.id in world.store.tools:
        raise BadRequest(f"the tool {seed.id} already exists")
    save_tool(world, seed, seed.id)


def _add_block(world: World, block: SeedBlock, *, for_agent: bool = False) -> str:
    if block.id is not None and block.id in world.store.blocks:
        raise BadRequest(f"the block {block.id} already exists")
    return create_block(world, block, for_agent=for_agent).id


def _add_folder(world: World, seed: SeedFolder) -> None:
    if seed.id is not None and seed.id in world.store.folders:
        raise BadRequest(f"the folder {seed.id} already exists")
    folder = create_folder(world, seed)
    for file in seed.files:
        if file.id is not None and file.id in world.store.files:
            raise BadRequest(f"the file {file.id} already exists")
        sent = Upload(file.name, None, file.content.encode())
        upload(
            world,
            folder,
            sent,
            DuplicateHandling.ERROR,
            file_id=file.id,
            is_processed=True,
        )


def _add_agent(world: World, seed: SeedAgent) -> None:
    if seed.id is not None and seed.id in world.store.agents:
        raise BadRequest(f"the agent {seed.id} already exists")
    for block_id in seed.block_ids or []:
        world.store.blocks.get(block_id)
    own = [_add_block(world, block, for_agent=True) for block in seed.memory_blocks or []]
    body = seed.model_copy(
        update={"memory_blocks": None, "block_ids": [*own, *(seed.block_ids or [])]}
    )
    agent = create_agent(world, body)
    _say(world, Target(agent, None, world.store.thread(agent.id)), seed.messages)
    for conversation in seed.conversations:
        _add_conversation(world, agent, conversation)


def _add_conversation(world: World, agent: AgentState, seed: SeedConversation) -> None:
    if seed.id is not None and seed.id in world.store.conversations:
        raise BadRequest(f"the conversation {seed.id} already exists")
    made = create_conversation(world, agent.id, seed)
    _say(world, Target(agent, made, world.store.thread(made.id)), seed.messages)
    if seed.messages and made.last_message_at is None:
        world.store.conversations.replace(made.changed({"last_message_at": made.created_at}))


def _say(world: World, target: Target, messages: Sequence[SeedMessage]) -> None:
    bodies = [MessageCreate(role=message.role, content=message.content) for message in messages]
    records = take_in(bodies, world.ids, world.clock.now(), target.agent.id, target.conversation_id)
    for message, record in zip(messages, records, strict=True):
        if message.id is not None and message.id in world.store.messages:
            raise BadRequest(f"the message {message.id} already exists")
        world.store.add_message(replace(record, id=message.id or record.id), target.thread)


def _validated(file: str, document: "Document | SeedContent") -> SeedFile:
    try:
        return SeedFile.model_validate(document.data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        unknown = first.get("ctx", {}).get("at")
        path = first["loc"] if unknown is None else (*first["loc"], unknown)
        place = _place(document, path, of_key=unknown is not None)
        raise BadSeed(file, place, _reason(first)) from error


def _reason(error: ErrorDetails) -> str:
    """Describe what is wrong with a value of a seed."""
    if not error["loc"] and error["type"] != UNKNOWN_KEY:
        return "expected a mapping with `version`, `blocks` and `agents`"
    prefix = _prefix_of(error["loc"])
    if prefix is not None and isinstance(error["input"], str):
        return f"expected an id such as `{prefix}-{EXAMPLE_UUID}`, received {shown(error['input'])}"
    return describe(error)


def _prefix_of(path: Path) -> str | None:
    """Return the prefix of the ids at a path, such as `agents.0.id` or `agents.0.block_ids.1`."""
    names = [step for step in path if isinstance(step, str)]
    of_row = names[-1:] == ["id"] and len(names) > 1
    return ID_PREFIXES.get(names[-2] if of_row else names[-1]) if names else None


@contextmanager
def _place_named(file: str, document: "Document | SeedContent", path: Path) -> Iterator[None]:
    try:
        yield
    except RowNotFound as error:
        reason = (
            f"there is no {error.noun.lower()} {error.row_id}; the seed must have one with this id "
            "before the row that refers to it"
        )
        raise BadSeed(file, _place(document, path), reason) from error
    except ApiError as error:
        raise BadSeed(file, _place(document, path), str(error)) from error


class SeedContent:
    """The content of a seed in Python. Its values have no line or column."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.data: object = data

    def place(self, _path: Path, *, of_key: bool = False) -> None:  # noqa: ARG002 - see Document
        return None


def _read(source: str | Mapping[str, object]) -> "tuple[str, Document | SeedContent]":
    """Read a seed. Returns the name that messages call it by, too."""
    if isinstance(source, str):
        return source, _read_file(source)
    return "seed", SeedContent(source)


def _read_file(file: str) -> Document:
    try:
        return Document(read_text(file), is_json=file.endswith(".json"))
    except UnreadableFile as error:
        at = error.place
        place = f"line {at.line}, column {at.column}" if at else ""
        raise BadSeed(file, place, str(error)) from error


def _place(document: "Document | SeedContent", path: Path, *, of_key: bool = False) -> str:
    """Return line, column, and the path itself."""
    at = document.place(path, of_key=of_key)
    line = f"line {at.line}, column {at.column}, " if at else ""
    return f"{line}{'.'.join(map(str, path)) or 'the whole file'}"
