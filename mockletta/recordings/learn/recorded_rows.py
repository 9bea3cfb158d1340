"""The agents, blocks, tools, folders, files and conversations in a recording."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mockletta.recordings.learn.recorded_messages import json_of
from mockletta.recordings.learn.recorded_turns import thread_of
from mockletta.recordings.recording import Recording

Row = dict[str, Any]
Moment = Literal["start", "end"]
_KINDS = ("agent", "block", "tool", "source", "file", "conv")
_MARKS = {
    "agent": "agent_type",
    "block": "label",
    "tool": "json_schema",
    "file": "source_id",
    "conv": "agent_id",
}
_RELATIONS = ("blocks", "tools", "tags", "sources", "identities")


@dataclass
class Rows:
    """The objects in a recording, by kind and id. `created` are the ids that it created."""

    found: dict[str, dict[str, Row]] = field(default_factory=lambda: {kind: {} for kind in _KINDS})
    created: set[str] = field(default_factory=set)

    def of(self, kind: str) -> Iterable[Row]:
        """Return the rows of a kind in the order in which they were first seen."""
        return self.found[kind].values()

    def remove(self, row_id: str) -> None:
        """Remove the row with an id, whatever its kind."""
        for known in self.found.values():
            known.pop(row_id, None)

    def was_there(self, row: Row) -> bool:
        """Return whether a row existed before the recording. The app creates the other ones
        again."""
        return row["id"] not in self.created


def rows_of(recording: Recording, moment: Moment) -> Rows:
    """Collect the objects in the answers of a recording."""
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
            rows.remove(exchange.path.rstrip("/").rpartition("/")[2])
    return rows


def _take(rows: Rows, seen: Sequence[tuple[str, Row]], moment: Moment) -> None:
    for kind, row in seen:
        known = rows.found[kind]
        if moment == "end":
            known[row["id"]] = _merged(known.get(row["id"], {}), row)
        elif row["id"] not in rows.created:
            known.setdefault(row["id"], row)


def _merged(before: Row, now: Row) -> Row:
    """Return the newest state of a row. A relation that is empty now may only be hidden."""
    hidden = {key for key in _RELATIONS if not now.get(key) and before.get(key)}
    return {**before, **{key: value for key, value in now.items() if key not in hidden}}


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
