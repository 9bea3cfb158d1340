"""A seed of what a recording shows: agents, blocks, tools, folders, conversations and their
history."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mockletta.catalogue.model_catalogue import embedding_config, llm_config
from mockletta.errors import ApiError
from mockletta.recordings.learn.recorded_messages import json_of, text_of
from mockletta.recordings.learn.recorded_turns import RecordedTurn, thread_of
from mockletta.recordings.recording import Exchange, Recording
from mockletta.wire.fields import UUID4

Row = dict[str, Any]
Moment = Literal["start", "end"]
_KINDS = ("agent", "block", "tool", "source", "conv")
_MARKS = {"agent": "agent_type", "block": "label", "tool": "json_schema", "conv": "agent_id"}
_AGENT = ("description", "agent_type", "tags", "metadata", "timezone")
_BLOCK = ("label", "value", "description", "limit", "read_only", "metadata")
_TOOL = (
    "source_code",
    "description",
    "tags",
    "source_type",
    "json_schema",
    "default_requires_approval",
)
_LIST = re.compile(r"/v1/(?:agents|conversations)/([^/]+)/messages/?")
_RELATIONS = ("blocks", "tools", "tags", "sources", "identities")
_ROLES = {"user_message": "user", "assistant_message": "assistant"}
STAND_IN_MODEL = "openai/gpt-4o-mini"


@dataclass
class Rows:
    """What a recording shows, by kind and id. `created` are the ids that it created."""

    found: dict[str, dict[str, Row]] = field(default_factory=lambda: {kind: {} for kind in _KINDS})
    created: set[str] = field(default_factory=set)

    def of(self, kind: str) -> Iterable[Row]:
        """Return the rows of a kind in the order in which they were first seen."""
        return self.found[kind].values()


@dataclass
class LearnedSeed:
    """The content of a seed file, and what could not be learned as it was."""

    content: dict[str, Any]
    notes: list[str]


def seed_of(
    recording: Recording, turns: Sequence[RecordedTurn], moment: Moment = "end"
) -> LearnedSeed:
    """Return the seed of the world as it was at the start or at the end of a recording.

    The start has only what the recording did not create itself.
    """
    rows = rows_of(recording, moment)
    histories = _histories(recording, turns if moment == "end" else ())
    notes: list[str] = []
    shared = _shared_blocks(rows)
    content = {
        "version": 1,
        "tools": [_tool(row) for row in rows.of("tool") if row.get("tool_type") == "custom"],
        "blocks": [_block(row) for row in rows.of("block") if row["id"] in shared],
        "folders": [_folder(row, notes) for row in rows.of("source") if _was_there(row, rows)],
        "agents": [_agent(row, rows, shared, histories, notes) for row in rows.of("agent")],
    }
    return LearnedSeed({key: value for key, value in content.items() if value}, notes)


def rows_of(recording: Recording, moment: Moment) -> Rows:
    """Collect what the answers of a recording show."""
    rows = Rows()
    for exchange in recording.exchanges:
        if not 200 <= exchange.status < 300:
            continue
        body = json_of(exchange.body)
        seen = list(_objects(body))
        if exchange.method == "POST" and isinstance(body, dict) and thread_of(exchange) is None:
            rows.created |= {str(row["id"]) for _, row in seen}
        _take(rows, seen, moment)
        if exchange.method == "DELETE" and moment == "end":
            _remove(rows, exchange)
    return rows


def _take(rows: Rows, seen: Sequence[tuple[str, Row]], moment: Moment) -> None:
    for kind, row in seen:
        known = rows.found[kind]
        if moment == "end":
            known[row["id"]] = _merged(known.get(row["id"], {}), row)
        elif row["id"] not in rows.created:
            known.setdefault(row["id"], row)


def _merged(before: Row, now: Row) -> Row:
    """Return the newest of a row. A relation that is empty now may only not be shown."""
    hidden = {key for key in _RELATIONS if not now.get(key) and before.get(key)}
    return {**before, **{key: value for key, value in now.items() if key not in hidden}}


def _remove(rows: Rows, exchange: Exchange) -> None:
    last = exchange.path.rstrip("/").rpartition("/")[2]
    if exchange.path.count("/") == 3 or (
        exchange.path.endswith("/") and exchange.path.count("/") == 4
    ):
        for known in rows.found.values():
            known.pop(last, None)


def _objects(value: object) -> Iterator[tuple[str, Row]]:
    """Find the agents, blocks, tools, folders and conversations in an answer, outer ones first."""
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
    elif isinstance(value, dict):
        kind = _kind_of(value)
        if kind:
            yield kind, value
        for one in value.values():
            yield from _objects(one)


def _kind_of(row: Row) -> str:
    kind = str(row.get("id")).partition("-")[0]
    return kind if kind in _KINDS and _MARKS.get(kind, "name") in row else ""


def _shared_blocks(rows: Rows) -> set[str]:
    """Find the blocks that several agents have, or none."""
    holders: dict[str, int] = {row["id"]: 0 for row in rows.of("block")}
    for agent in rows.of("agent"):
        for block in agent.get("blocks") or ():
            holders[block["id"]] = holders.get(block["id"], 0) + 1
    return {block_id for block_id, count in holders.items() if count != 1}


def _agent(
    row: Row, rows: Rows, shared: set[str], histories: dict[str, list[Row]], notes: list[str]
) -> Row:
    tools = row.get("tools") or []
    blocks = [rows.found["block"].get(one["id"], one) for one in row.get("blocks") or ()]
    conversations = [one for one in rows.of("conv") if one.get("agent_id") == row["id"]]
    entry = {
        **_id(row),
        "name": row.get("name"),
        "model": _known(row.get("model"), llm_config, notes, row) or STAND_IN_MODEL,
        "embedding": _known(row.get("embedding"), embedding_config, notes, row),
        **{key: row.get(key) for key in _AGENT},
        "system": row.get("system"),
        "include_base_tools": False,
        "tools": [one["name"] for one in tools if one.get("tool_type") != "custom"],
        "tool_ids": [one["id"] for one in tools if one.get("tool_type") == "custom"],
        "memory_blocks": [_block(one) for one in blocks if one["id"] not in shared],
        "block_ids": [one["id"] for one in blocks if one["id"] in shared],
        "messages": histories.get(row["id"]),
        "conversations": [_conversation(one, histories) for one in conversations],
    }
    return {key: value for key, value in entry.items() if value or key == "include_base_tools"}


def _known(
    handle: object, look_up: Callable[[str], object], notes: list[str], row: Row
) -> str | None:
    """Return a handle that the mock knows, else None with a note."""
    if not handle:
        return None
    try:
        look_up(str(handle))
    except ApiError:
        notes.append(f"{row.get('name')}: the mock does not know {handle}, another model stands in")
        return None
    return str(handle)


def _conversation(row: Row, histories: dict[str, list[Row]]) -> Row:
    entry = {**_id(row), "summary": row.get("summary"), "messages": histories.get(row["id"])}
    return {key: value for key, value in entry.items() if value}


def _block(row: Row) -> Row:
    kept = {key: row.get(key) for key in _BLOCK}
    return {**_id(row), **{key: value for key, value in kept.items() if value or key == "value"}}


def _tool(row: Row) -> Row:
    return {**_id(row), **{key: row[key] for key in _TOOL if row.get(key)}}


def _was_there(row: Row, rows: Rows) -> bool:
    """Whether the recording did not create a row, as the app would again under the same name."""
    return row["id"] not in rows.created


def _folder(row: Row, notes: list[str]) -> Row:
    notes.append(f"{row.get('name')}: the files of a folder are not learned")
    kept = {key: row[key] for key in ("name", "description", "instructions") if row.get(key)}
    return {**_id(row), **kept}


def _id(row: Row) -> Row:
    """Return the id of a row, if a seed can have it."""
    return {"id": row["id"]} if re.search(f"-{UUID4}$", str(row["id"])) else {}


def _histories(recording: Recording, turns: Sequence[RecordedTurn]) -> dict[str, list[Row]]:
    """Return the messages of each thread: those listed before its first turn, then its turns."""
    histories: dict[str, list[Row]] = {}
    first = {turn.thread: turn.number for turn in reversed(turns)}
    for exchange in recording.exchanges:
        listed = _LIST.fullmatch(exchange.path) if exchange.method == "GET" else None
        if listed is not None and exchange.number < first.get(listed[1], exchange.number + 1):
            histories[listed[1]] = _listed(exchange)
    for turn in turns:
        said = histories.setdefault(turn.thread, [])
        if turn.asked:
            said.append({"role": turn.role, "content": turn.asked})
        if turn.said:
            said.append({"role": "assistant", "content": turn.said})
    return histories


def _listed(exchange: Exchange) -> list[Row]:
    body = json_of(exchange.body)
    rows = [one for one in body if isinstance(one, dict)] if isinstance(body, list) else []
    if "order=asc" not in exchange.query:
        rows.reverse()
    if len({one.get("date") for one in rows}) > 1:
        rows.sort(key=lambda one: str(one.get("date")))
    return [
        {"role": _ROLES[one["message_type"]], "content": text_of(one.get("content"))}
        for one in rows
        if one.get("message_type") in _ROLES and text_of(one.get("content"))
    ]
