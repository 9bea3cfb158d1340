"""The entries of a seed file that create agents again, with their conversations and runs."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter

from mockletta.api.agents.agent_settings import usual_compaction
from mockletta.api.own_models import own_models
from mockletta.catalogue.agent_types import traits_of
from mockletta.catalogue.llm_configuration import Overrides, configure
from mockletta.errors import ApiError
from mockletta.files.seed_shapes import SeedAgent, SeedConversation, SeedRun, SeedSchedule, SeedStep
from mockletta.files.snapshot_file_writing import build_models
from mockletta.state.message_records import MessageRecord
from mockletta.state.threads import Thread
from mockletta.tools.agent_files.open_files import READING_TOOLS
from mockletta.turns.context.system_prompt import BASE_INSTRUCTIONS
from mockletta.wire.agents import AgentState
from mockletta.wire.conversations import Conversation
from mockletta.wire.runs import Run
from mockletta.wire.schedules import ScheduledMessage
from mockletta.wire.tools import Tool
from mockletta.world.world import World

Entry: TypeAlias = dict[str, Any]
_JSON: TypeAdapter[object] = TypeAdapter(object)
NOTHING: tuple[object, ...] = (None, [], {}, ())


def entry_of(shape: type[BaseModel], row: object, **special: object) -> Entry:
    """Return the fields of a row that differ from a shape's defaults, the id first. `special`
    values replace the row's."""
    entry: Entry = {}
    for name in ("id", *(name for name in shape.model_fields if name != "id")):
        field = shape.model_fields[name]
        value = special[name] if name in special else getattr(row, name, None)
        if value in NOTHING or value == field.get_default(call_default_factory=False):
            continue
        build_models({name: value})
        entry[name] = _JSON.dump_python(value, mode="json")
    return entry


@dataclass
class WrittenIds:
    """The content of a seed file so far: ids of messages, which forks share, and of steps. Messages
    without a plain text are counted."""

    messages: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    untold: int = 0


def agent_entries(world: World, written: WrittenIds) -> list[Entry]:
    """Return the agents of a world."""
    return [_agent(world, row, written) for row in world.store.agents]


def _agent(world: World, row: AgentState, written: WrittenIds) -> Entry:
    store, tools = world.store, world.store.tools_of(row.id)
    reading = READING_TOOLS if store.agent_folders.rights(row.id) else ()
    values: dict[str, object] = {
        **_model(world, row),
        "embedding_config": None,
        "compaction_settings": _unless(row.compaction_settings, usual_compaction(row.llm_config)),
        "system": _unless(row.system, BASE_INSTRUCTIONS),
        "tools": [tool.name for tool in tools if _is_base(tool) and tool.name not in reading],
        "tool_ids": [tool.id for tool in tools if not _is_base(tool)],
        "include_base_tools": False,
        "include_base_tool_rules": False,
        "enable_sleeptime": None,
        "timezone": _unless(row.timezone, "UTC"),
        "message_buffer_autoclear": _unless(
            row.message_buffer_autoclear, traits_of(row.agent_type).message_buffer_autoclear
        ),
        "memory_blocks": None,
        "block_ids": [block.id for block in store.blocks_of(row.id)],
        "folder_ids": store.agent_folders.rights(row.id),
        "archive_ids": store.agent_archives.rights(row.id),
        "identity_ids": None,
        "secrets": {secret.key: secret.value for secret in row.secrets},
        "tool_exec_environment_variables": None,
        "message_ids": None,
    }
    entry = entry_of(SeedAgent, row, **values)
    if traits_of(row.agent_type).first_messages:
        entry["initial_message_sequence"] = []
    runs = _runs(world, row.id, None, written)
    entry |= _history(store.thread(row.id), written)
    parts = {
        "runs": runs,
        "conversations": [
            _conversation(world, one, written)
            for one in store.conversations.all(("agent_id", row.id))
        ],
        "schedules": [_schedule(one) for one in store.schedules.all(("agent_id", row.id))],
    }
    return entry | {name: part for name, part in parts.items() if part}


def _is_base(tool: Tool) -> bool:
    return tool.tool_type.startswith("letta_")


def _model(world: World, row: AgentState) -> dict[str, object]:
    """Return the fields that give an agent's model: its handle if that is enough, else its
    configuration."""
    told: dict[str, object] = {"llm_config": None, "model_settings": None}
    whole: dict[str, object] = {"llm_config": row.llm_config, "model": None}
    if row.llm_config.handle is None:
        return whole
    try:
        usual = configure(row.llm_config.handle, row.agent_type, Overrides(), own_models(world))
    except ApiError:
        return whole
    return told if usual == (row.llm_config, row.model_settings) else whole


def _unless(value: object, usual: object) -> object:
    return None if value == usual else value


def _conversation(world: World, row: Conversation, written: WrittenIds) -> Entry:
    labels = [world.store.blocks.get(one).label for one in row.isolated_block_ids]
    entry = entry_of(SeedConversation, row, isolated_block_labels=labels)
    runs = _runs(world, row.agent_id, row.id, written)
    history = _history(world.store.thread(row.id), written)
    return entry | ({"runs": runs} if runs else {}) | history


def _history(thread: Thread, written: WrittenIds) -> Entry:
    """Return the messages in context without the system message, which is compiled again."""
    records = thread.context
    records = records[1:] if records and records[0].role == "system" else records
    told = [record for record in records if _is_text(record)]
    written.untold += len(records) - len(told)
    return {"messages": [_message(record, written) for record in told]} if told else {}


def _is_text(record: MessageRecord) -> bool:
    plain = isinstance(record.content, str) and bool(record.content)
    return plain and record.role in ("user", "assistant", "system") and not record.tool_calls


def _message(record: MessageRecord, written: WrittenIds) -> Entry:
    """Return the entry of a message. A message that is in another thread too gets its own id."""
    entry: Entry = {} if record.id in written.messages else {"id": record.id}
    written.messages.add(record.id)
    if record.role != "user":
        entry["role"] = record.role
    entry["content"] = record.content
    return entry | ({"step_id": record.step_id} if record.step_id in written.steps else {})


def _runs(
    world: World, agent_id: str, conversation_id: str | None, written: WrittenIds
) -> list[Entry]:
    rows = world.store.runs.all(("agent_id", agent_id))
    return [
        _run(world, row, written)
        for row in rows
        if row.conversation_id == conversation_id and row.id not in world.active
    ]


def _run(world: World, row: Run, written: WrittenIds) -> Entry:
    rows = world.store.steps.all(("run_id", row.id))
    written.steps.update(step.id for step in rows)
    steps = [entry_of(SeedStep, step) for step in rows]
    entry = entry_of(SeedRun, row, background=bool(row.background))
    return entry | ({"steps": steps} if steps else {})


def _schedule(row: ScheduledMessage) -> Entry:
    entry = entry_of(SeedSchedule, row, **vars(row.message))
    return entry | {"schedule": _without_nulls(entry["schedule"])}


def _without_nulls(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
