"""A seed of the objects in a recording: agents, blocks, tools, folders, conversations and their
history."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockletta.catalogue.model_catalogue import embedding_config, llm_config
from mockletta.errors import ApiError
from mockletta.http.forms import parse_form
from mockletta.recordings.learn.recorded_messages import json_of, text_of
from mockletta.recordings.learn.recorded_rows import Moment, Row, Rows, rows_of
from mockletta.recordings.learn.recorded_turns import RecordedTurn
from mockletta.recordings.recording import Exchange, Recording, header
from mockletta.wire.fields import UUID4
from mockletta.wire.folders import Upload

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
_UPLOAD = re.compile(r"/v1/(?:folders|sources)/[^/]+/upload/?")
_ROLES = {"user_message": "user", "assistant_message": "assistant"}
STAND_IN_MODEL = "openai/gpt-4o-mini"


@dataclass
class LearnedSeed:
    """The content of a seed file, and notes on what could not be learned exactly."""

    content: dict[str, Any]
    notes: list[str]


def seed_of(
    recording: Recording, turns: Sequence[RecordedTurn], moment: Moment = "end"
) -> LearnedSeed:
    """Return the seed of the world at the start or at the end of a recording.

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
        "folders": folders_of(recording, rows, notes),
        "agents": [_agent(row, rows, shared, histories, notes) for row in rows.of("agent")],
    }
    notes += _image_notes(recording)
    return LearnedSeed({key: value for key, value in content.items() if value}, notes)


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
        "folder_ids": [
            one["id"] for one in row.get("sources") or () if rows.was_there(one) and _id(one)
        ],
        "messages": histories.get(row["id"]),
        "conversations": [_conversation(one, histories) for one in conversations],
    }
    return {key: value for key, value in entry.items() if value or key == "include_base_tools"}


def _known(
    handle: object, look_up: Callable[[str], object], notes: list[str], row: Row
) -> str | None:
    """Return a handle that the mock knows, or None with a note."""
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


def folders_of(recording: Recording, rows: Rows, notes: list[str]) -> list[Row]:
    """Return the folders that the recording did not create, with the files whose texts it shows.

    Created folders are left out: the app creates them again, and their names must be free.
    """
    texts = {**_listed_texts(rows), **_uploaded_texts(recording)}
    folders = [row for row in rows.of("source") if rows.was_there(row)]
    for row in rows.of("file"):
        is_kept = any(folder["id"] == row["source_id"] for folder in folders)
        if is_kept and row["id"] not in texts:
            notes.append(f"{row.get('file_name')}: the recording does not show the file's text")
    return [_folder(folder, rows, texts) for folder in folders]


def _folder(folder: Row, rows: Rows, texts: Mapping[str, str]) -> Row:
    kept = {key: folder[key] for key in ("name", "description", "instructions") if folder.get(key)}
    files = [
        {**_id(row), "name": row.get("file_name"), "content": texts[row["id"]]}
        for row in rows.of("file")
        if row["source_id"] == folder["id"] and row["id"] in texts
    ]
    return {**_id(folder), **kept, **({"files": files} if files else {})}


def _listed_texts(rows: Rows) -> dict[str, str]:
    return {row["id"]: row["content"] for row in rows.of("file") if row.get("content")}


def _uploaded_texts(recording: Recording) -> dict[str, str]:
    """Return the texts of uploaded files by the ids in the answers."""
    texts: dict[str, str] = {}
    for exchange in recording.exchanges:
        row = json_of(exchange.body) if _UPLOAD.fullmatch(exchange.path) else None
        if isinstance(row, dict) and "id" in row and not exchange.content.is_cut:
            kind = header(exchange.headers, "content-type")
            for _, value in parse_form(exchange.content.data, kind):
                if isinstance(value, Upload):
                    texts[str(row["id"])] = value.content.decode(errors="replace")
    return texts


def _image_notes(recording: Recording) -> list[str]:
    bodies = (body for one in recording.exchanges for body in (one.content.data, one.body))
    has_images = any(b'"image"' in body and _has_images(json_of(body)) for body in bodies)
    return ["images in messages are left out: a seed has only texts"] if has_images else []


def _has_images(value: object) -> bool:
    if isinstance(value, dict):
        is_image = value.get("type") == "image" and isinstance(value.get("source"), dict)
        return is_image or any(map(_has_images, value.values()))
    return isinstance(value, list) and any(map(_has_images, value))


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
