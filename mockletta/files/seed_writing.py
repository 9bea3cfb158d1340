"""Writes a world as a seed file. Default values are left out, so that people can read and edit it.

The file also leaves out what seeds cannot express, and counts it at its top: messages of tools,
images and approvals, older versions of templates, messages outside the context, and everything in
progress.
"""

from collections import Counter
from collections.abc import Sequence
from posixpath import splitext

from pydantic import BaseModel

from mockletta.documents.yaml_writing import yaml_text
from mockletta.files.seed_shapes import (
    SeedAccessToken,
    SeedArchive,
    SeedBlock,
    SeedEnvironment,
    SeedFolder,
    SeedGroup,
    SeedIdentity,
    SeedPassage,
    SeedProvider,
    SeedTemplate,
    SeedTool,
)
from mockletta.files.written_agents import Entry, WrittenIds, agent_entries, entry_of
from mockletta.state.declared_mcp_tools import McpOffer
from mockletta.state.template_versions import TemplateRow
from mockletta.wire.archives import Archive
from mockletta.wire.cloud import AccessToken, Environment
from mockletta.wire.folders import Folder
from mockletta.wire.groups import Group
from mockletta.wire.identities import Identity
from mockletta.wire.mcp_servers import McpServer
from mockletta.wire.providers import Provider
from mockletta.wire.tools import Tool
from mockletta.world.world import World

COMMENT = "A world as a seed file: start with it by `mockletta serve --seed FILE`."
LEFT_OUT = "Left out: {} messages of tools, of approvals or with images."


def seed_text(world: World) -> str:
    """Return a world as the text of a seed file."""
    written = WrittenIds()
    entries = {
        "models": list(world.models.declared),
        "providers": [_provider(row) for row in world.store.providers if not row.is_deleted],
        "tools": [entry_of(SeedTool, row) for row in world.store.tools if _is_own(row)],
        "mcp_servers": _mcp_servers(world),
        "environments": [_environment(row) for row in world.store.environments],
        "blocks": _blocks(world),
        "archives": [_archive(world, row) for row in world.store.archives],
        "folders": [_folder(world, row) for row in world.store.folders],
        "agents": agent_entries(world, written),
        "identities": [_identity(world, row) for row in world.store.identities],
        "groups": [_group(row) for row in world.store.groups],
        "templates": [_template(row) for row in world.store.templates],
        "access_tokens": [_token(row) for row in world.store.access_tokens],
    }
    content = {"version": 1, **{name: rows for name, rows in entries.items() if rows}}
    notes = [LEFT_OUT.format(written.untold)] if written.untold else []
    return yaml_text(content, [COMMENT, *notes])


def _is_own(tool: Tool) -> bool:
    return tool.tool_type == "custom"


def _provider(row: Provider) -> Entry:
    return entry_of(SeedProvider, row, api_key=row.api_key_enc, access_key=row.access_key_enc)


def _blocks(world: World) -> list[Entry]:
    copies = {one for row in world.store.conversations for one in row.isolated_block_ids}
    return [entry_of(SeedBlock, row) for row in world.store.blocks if row.id not in copies]


def _mcp_servers(world: World) -> list[Entry]:
    servers = {server.server_name: server for server in world.store.mcp_servers}
    offers = {offer.id: offer for offer in world.store.mcp_offers}
    return [
        _mcp_server(world, name, offers.get(name), servers.get(name))
        for name in dict.fromkeys((*offers, *servers))
    ]


def _mcp_server(world: World, name: str, offer: McpOffer | None, server: McpServer | None) -> Entry:
    entry: Entry = {"name": name}
    if server is not None:
        entry = {"id": server.id, **entry, "config": _config(server)}
    if offer is None:
        return entry
    ids = {} if server is None else _tool_ids(world, server)
    entry |= {key: value for key in ("url", "command") if (value := getattr(offer, key))}
    tools = [{**ids.get(tool.name, {}), **_given(tool)} for tool in offer.tools]
    return entry | ({"tools": tools} if tools else {})


def _config(server: McpServer) -> Entry:
    return server.config.model_dump(mode="json", exclude_none=True)


def _tool_ids(world: World, server: McpServer) -> dict[str, Entry]:
    tools = world.store.tools.in_order(world.store.server_tools.rights(server.id))
    return {tool.name: {"id": tool.id} for tool in tools}


def _environment(row: Environment) -> Entry:
    online = row.connection_id is not None
    return entry_of(
        SeedEnvironment, row, name=row.connection_name, mode=row.current_mode, online=online
    )


def _archive(world: World, row: Archive) -> Entry:
    passages = world.store.passages.all(("archive_id", row.id))
    entry = _embedded(SeedArchive, row)
    shown = [entry_of(SeedPassage, passage, created_at=None) for passage in passages]
    return entry | ({"passages": shown} if shown else {})


def _folder(world: World, row: Folder) -> Entry:
    files = [
        {"id": file.id, "name": file.original_name, "content": file.text}
        for file in world.store.files.all(("folder_id", row.id))
        if file.error is None
    ]
    return _embedded(SeedFolder, row) | ({"files": _numbered(files)} if files else {})


def _numbered(files: Sequence[Entry]) -> list[Entry]:
    """Number the files with equal names: a seed file has each name once."""
    times: Counter[str] = Counter()
    for file in files:
        name = file["name"]
        if times[name]:
            stem, ending = splitext(name)
            file["name"] = f"{stem}_({times[name]}){ending}"
        times[name] += 1
    return list(files)


def _embedded(shape: type[BaseModel], row: Archive | Folder) -> Entry:
    """Return an entry with its embedding as a handle, if it has one."""
    config = row.embedding_config
    entry = entry_of(shape, row, embedding=config and config.handle, embedding_config=None)
    return (
        entry if config is None or config.handle else entry | {"embedding_config": _given(config)}
    )


def _identity(world: World, row: Identity) -> Entry:
    agents = world.store.agent_identities.lefts(row.id)
    blocks = world.store.block_identities.lefts(row.id)
    return entry_of(SeedIdentity, row, agent_ids=agents, block_ids=blocks)


MANAGER = (
    "manager_type",
    "manager_agent_id",
    "termination_token",
    "max_turns",
    "sleeptime_agent_frequency",
    "max_message_buffer_length",
    "min_message_buffer_length",
)


def _group(row: Group) -> Entry:
    known = {name: getattr(row, name) for name in MANAGER}
    manager = {name: value for name, value in known.items() if value is not None}
    return entry_of(SeedGroup, row, manager_config=manager)


def _template(row: TemplateRow) -> Entry:
    file = row.current.model_dump(mode="json", exclude_defaults=True)
    values: dict[str, object] = {
        "type": "agent_file",
        "agent_file": file,
        "project": row.project_slug,
        "project_id": row.project_id,
    }
    return entry_of(SeedTemplate, row, **values)


def _token(row: AccessToken) -> Entry:
    return entry_of(SeedAccessToken, row, policy=row.policy.data)


def _given(value: BaseModel) -> Entry:
    return value.model_dump(mode="json", exclude_defaults=True)
