"""Creates agents from a file, with new ids for everything, or nothing if the file is refused.

The file is first imported into a copy of the world, where errors do no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.block_creation import create_block
from mockletta.api.exports.exported_folders import import_folders
from mockletta.api.exports.import_checks import check_file
from mockletta.api.exports.imported_messages import import_messages
from mockletta.api.own_models import own_models
from mockletta.catalogue.model_catalogue import llm_config
from mockletta.catalogue.random_names import random_name
from mockletta.errors import USER_ID, BadRequest, InvalidArgument
from mockletta.wire.agents import AgentState, CompactionSettingsChange, CreateAgent
from mockletta.wire.exports import ExportedAgent, ExportedTool, ExportFile
from mockletta.wire.input_messages import MessageCreate
from mockletta.wire.memory import CreateBlock
from mockletta.wire.tools import Tool
from mockletta.world.world import World

SUFFIX = "_copy"
Renamed = Mapping[str, str]
"""The ids in a file, and the new ones for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Options that override a file.

    Secrets replace those of the file. A model sets the size of its context window. `also` are
    further fields of the agents.
    """

    name: str | None = None
    append_copy_suffix: bool = True
    override_existing_tools: bool = True
    strip_messages: bool = False
    model: str | None = None
    embedding: str | None = None
    secrets: Mapping[str, str] | None = None
    project_id: str | None = None
    more_tags: Sequence[str] = ()
    also: Mapping[str, object] = field(default_factory=dict)


def import_agents(world: World, file: ExportFile, options: ImportOptions) -> list[AgentState]:
    """Create the agents of a file, all or none. Raises BadRequest for an inconsistent file, and the
    errors of creating an agent."""
    check_file(file)
    if options.model is not None:
        llm_config(options.model, own_models(world))
    _bring_in(world.copy(), file, options)
    return _bring_in(world, file, options)


def _bring_in(world: World, file: ExportFile, options: ImportOptions) -> list[AgentState]:
    tools = {tool.id: import_tool(world, tool, options).id for tool in file.tools}
    blocks = {
        block.id: create_block(world, CreateBlock.model_validate(block.model_dump())).id
        for block in file.blocks
    }
    folders = import_folders(world, file)
    made = []
    for agent in file.agents:
        made.append(_import_agent(world, agent, options, tools, blocks, folders.of(agent)))
        folders.close(world, agent, made[-1])
    return made


def import_tool(world: World, tool: ExportedTool, options: ImportOptions) -> Tool:
    """Return the tool of a file: an existing one with its name, or a new one.

    An existing custom tool is updated from the file if requested; base tools never are.
    """
    known = world.store.tool_named(tool.name)
    if known is None:
        values = vars(tool) | {
            "id": world.ids.new("tool"),
            "created_by_id": USER_ID,
            "last_updated_by_id": USER_ID,
        }
        return world.store.tools.add(Tool.trusted(**values))
    if not options.override_existing_tools or known.tool_type != "custom":
        return known
    values = {name: getattr(tool, name) for name in OVERRIDDEN}
    return world.store.tools.replace(known.changed(values))


OVERRIDDEN = set(Tool.model_fields) - {
    "id",
    "name",
    "tool_type",
    "source_type",
    "created_by_id",
    "last_updated_by_id",
    "project_id",
}


def _import_agent(
    world: World,
    agent: ExportedAgent,
    options: ImportOptions,
    tools: Renamed,
    blocks: Renamed,
    folder_ids: list[str],
) -> AgentState:
    body = _request(
        **_as_it_is(agent),
        **_model(agent, options),
        tags=[*(agent.tags or ()), *options.more_tags],
        name=options.name or _name(world, agent, options),
        tool_ids=[tools[one] for one in agent.tool_ids or ()],
        block_ids=[blocks[one] for one in agent.block_ids or ()],
        folder_ids=folder_ids,
        secrets=_secrets(agent, options.secrets or {}) or None,
        project_id=options.project_id,
        embedding=options.embedding,
        embedding_config=agent.embedding_config,
        include_base_tools=False,
        include_base_tool_rules=False,
        compaction_settings=_compaction(agent),
        **{"initial_message_sequence": list[MessageCreate](), **options.also},
    )
    made = create_agent(world, body)
    if agent.messages and not options.strip_messages:
        import_messages(world, made, agent)
    return made


def _name(world: World, agent: ExportedAgent, options: ImportOptions) -> str:
    name = random_name(world.ids.random) if agent.name is None else agent.name
    return f"{name}{SUFFIX if options.append_copy_suffix else ''}"


def _request(**said: Any) -> CreateAgent:  # noqa: ANN401 - they are checked here
    """Return the request that creates an agent. Raises InvalidArgument if it is invalid."""
    try:
        return CreateAgent(**said)
    except ValidationError as error:
        raise InvalidArgument(error.errors()[0]["msg"]) from error


def _as_it_is(agent: ExportedAgent) -> dict[str, Any]:
    return {name: getattr(agent, name) for name in COPIED}


COPIED = (
    "tool_rules",
    "system",
    "agent_type",
    "description",
    "metadata",
    "message_buffer_autoclear",
    "enable_sleeptime",
    "response_format",
    "timezone",
    "max_files_open",
    "per_file_view_window_char_limit",
    "hidden",
)


def _model(agent: ExportedAgent, options: ImportOptions) -> dict[str, Any]:
    config = agent.llm_config
    if options.model is not None:
        return {"model": options.model}
    if config is None:
        raise BadRequest("Import failed: llm_config is required")
    return {"llm_config": config, "model": agent.model, "model_settings": agent.model_settings}


def _secrets(agent: ExportedAgent, given: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets of a file. Given values only fill keys that it has [82x]."""
    kept = agent.secrets or agent.tool_exec_environment_variables or {}
    return {key: given.get(key, value) for key, value in kept.items()}


def _compaction(agent: ExportedAgent) -> CompactionSettingsChange | None:
    settings = agent.compaction_settings
    if settings is None:
        return None
    return CompactionSettingsChange.model_validate(settings.model_dump())
