"""The rows of a seed file beside agents: tools, archives, folders, MCP servers, and those of the
hosted service."""

from mockletta.api.archives import create_archive
from mockletta.api.cloud.access_tokens import create_access_token
from mockletta.api.cloud.environments import add_environment, find_environment
from mockletta.api.cloud.template_saving import create_template
from mockletta.api.folders.folder_creation import create_folder
from mockletta.api.folders.uploads import upload
from mockletta.api.groups import create_group
from mockletta.api.identities import create_identity
from mockletta.api.providers import create_provider
from mockletta.api.resource import given
from mockletta.api.tools.mcp_servers import create_mcp_server
from mockletta.api.tools.tools import create_tool
from mockletta.documents.hints import shown
from mockletta.errors import BadRequest
from mockletta.files.seed_shapes import (
    SeedAccessToken,
    SeedArchive,
    SeedEnvironment,
    SeedFolder,
    SeedGroup,
    SeedIdentity,
    SeedMcpServer,
    SeedProvider,
    SeedTemplate,
    SeedTool,
)
from mockletta.files.seeded_agents import refuse_known
from mockletta.state.declared_mcp_tools import McpOffer, OfferedTool, declare
from mockletta.tools.archival_memory import insert_passage
from mockletta.wire.archives import Passage
from mockletta.wire.folders import DuplicateHandling, Upload
from mockletta.wire.models import is_handle
from mockletta.world.world import World


def declare_model(world: World, handle: str) -> None:
    """Declare a model in addition to the catalogue."""
    if not is_handle(handle):
        raise BadRequest(f"expected a handle such as `openai/gpt-4o`, received {shown(handle)}")
    world.models.declare([handle])


def add_provider(world: World, seed: SeedProvider) -> None:
    """Add a provider of the user's own."""
    refuse_known(world, "providers", "provider", seed.id)
    create_provider(world, seed)


def add_tool(world: World, seed: SeedTool) -> None:
    """Add a tool. Its name, from its schema or its source, must be new."""
    refuse_known(world, "tools", "tool", seed.id)
    known = {tool.id for tool in world.store.tools}
    if create_tool(world, seed).id in known:
        raise BadRequest("there is a tool of that name already")


def add_mcp_server(world: World, seed: SeedMcpServer) -> None:
    """Declare an MCP server with its tools, and configure it if it has a configuration."""
    if seed.name in world.store.mcp_offers:
        raise BadRequest(f"the MCP server {seed.name} already exists")
    refuse_known(world, "mcp_servers", "MCP server", seed.id)
    shown = OfferedTool.model_fields
    tools = [OfferedTool(**{name: getattr(tool, name) for name in shown}) for tool in seed.tools]
    if tools or seed.url or seed.command or seed.config is None:
        made = McpOffer(id=seed.name, url=seed.url, command=seed.command, tools=tools)
        declare(world.store.mcp_offers, made)
    if seed.config is not None:
        ids = {tool.name: tool.id for tool in seed.tools if tool.id is not None}
        create_mcp_server(world, seed.name, seed.config, server_id=seed.id, tool_ids=ids)


def add_machine(world: World, seed: SeedEnvironment) -> None:
    """Add an environment."""
    if find_environment(world, seed.device_id) is not None:
        raise BadRequest(f"the environment {seed.device_id} already exists")
    refuse_known(world, "environments", "environment", seed.id)
    row = add_environment(
        world,
        seed.device_id,
        seed.name,
        metadata=seed.metadata,
        online=seed.online,
        mode=seed.mode,
        user_id=seed.user_id,
    )
    world.store.environments.remove(row.id)
    changes = {"id": seed.id or row.id}
    if seed.online and seed.connection_id:
        changes["connection_id"] = seed.connection_id
    world.store.environments.add(row.changed(changes))


def add_archive(world: World, seed: SeedArchive) -> None:
    """Add an archive with its passages."""
    refuse_known(world, "archives", "archive", seed.id)
    archive = create_archive(world, seed)
    for passage in seed.passages:
        refuse_known(world, "passages", "passage", passage.id)
        values = given(passage, Passage)
        insert_passage(world, archive, **values, passage_id=passage.id)


def add_folder(world: World, seed: SeedFolder) -> None:
    """Add a folder with its files."""
    refuse_known(world, "folders", "folder", seed.id)
    folder = create_folder(world, seed)
    for file in seed.files:
        refuse_known(world, "files", "file", file.id)
        sent = Upload(file.name, None, file.content.encode())
        upload(
            world,
            folder,
            sent,
            DuplicateHandling.ERROR,
            file_id=file.id,
            is_processed=True,
        )


def add_identity(world: World, seed: SeedIdentity) -> None:
    """Add an identity, attached to its agents and blocks."""
    refuse_known(world, "identities", "identity", seed.id)
    create_identity(world, seed)


def add_group(world: World, seed: SeedGroup) -> None:
    """Add a group of agents."""
    refuse_known(world, "groups", "group", seed.id)
    create_group(world, seed)


def add_template(world: World, seed: SeedTemplate) -> None:
    """Add a template, saved as version 1."""
    refuse_known(world, "templates", "template", seed.id)
    create_template(world, seed, project_id=seed.project_id, project=seed.project)


def add_access_token(world: World, seed: SeedAccessToken) -> None:
    """Add an access token."""
    refuse_known(world, "access_tokens", "access token", seed.id)
    create_access_token(world, seed)
