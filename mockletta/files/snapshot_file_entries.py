"""The format of snapshot files: one JSON object per line, with a version.

The first line is the header. Every other line has its number and a checksum; see
`numbered_lines.py`. Each row, link, thread, log and so on has a line, up to the line of kind `end`,
which has their number. A state file continues after it: each line of kind `changes` has all changes
of one request. A later version of the format comes with a function that upgrades the entries of the
previous version.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from mockletta.documents.json_types import JsonObject
from mockletta.errors import BadSettings
from mockletta.state.store import THREADS
from mockletta.state.world_tables import LINKS, TABLES, shape_of

VERSION = 2
Upgrades = Mapping[int, Callable[[JsonObject], JsonObject]]
UPGRADES: Upgrades = MappingProxyType({1: lambda entry: entry})
"""The function that upgrades an entry of each version to the next one."""
DEFERRED = ConfigDict(defer_build=True)
"""Most servers read no file, so shapes are built with the first entry."""


@cache
def row_adapter(table: str) -> TypeAdapter[Any]:
    """Return what validates the rows of a table."""
    return TypeAdapter(shape_of(table))


def _one_of(names: Iterable[str]) -> AfterValidator:
    known = tuple(names)

    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"should be one of {', '.join(known)}")
        return name

    return AfterValidator(check)


Count = Annotated[int, Field(ge=0)]


class BadSnapshot(BadSettings):
    """A snapshot file that cannot be read or written. The message has the file, the line and the
    reason."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(f"{file}: {'' if line is None else f'line {line}: '}{reason}")


class DamagedEntry(ValueError):
    """An entry is invalid. The message says why."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Header(_Shape):
    """The first line, which identifies the file. Nothing else is checked if the version is another
    one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    mockletta: Literal["world"]
    version: int
    changes: Count = 0


class RowEntry(_Shape):
    """A row, new or changed. A new row comes last in its table."""

    kind: Literal["row"] = "row"
    table: Annotated[str, _one_of(TABLES)]
    row: JsonObject


class ReadRow(NamedTuple):
    """A row that was read directly from its line."""

    table: str
    row: Any
    kind: str = "row"


class GoneEntry(_Shape):
    """A deleted row or thread."""

    kind: Literal["gone"] = "gone"
    table: Annotated[str, _one_of((*TABLES, THREADS))]
    id: str


class LinksEntry(_Shape):
    """The links of a row, with the numbers that give their order on both sides."""

    kind: Literal["links"] = "links"
    table: Annotated[str, _one_of(LINKS)]
    left: str
    rights: dict[str, Count]


class ThreadEntry(_Shape):
    """The messages of a thread after the first `listed` ones, and its context after the first
    `kept` ones."""

    kind: Literal["thread"] = "thread"
    id: str
    listed: Count = 0
    messages: list[str]
    kept: Count = 0
    context: list[str]
    tokens: Count
    turns: Count


class LogEntry(_Shape):
    """The log of a background run after the first `told` events. Each event is its kind and its
    JSON."""

    kind: Literal["log"] = "log"
    run_id: str
    otids: tuple[str | None, ...]
    told: Count = 0
    events: list[tuple[str, str]]
    finished: bool


class IdsEntry(_Shape):
    """The state of the id generator, if it has a seed."""

    kind: Literal["ids"] = "ids"
    state: tuple[int, tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], float | None]


class ActiveEntry(_Shape):
    """The runs in progress. They are cancelled when the file is read."""

    kind: Literal["active"] = "active"
    runs: list[str]


class EndEntry(_Shape):
    """The end of the snapshot, with the number of entries before it."""

    kind: Literal["end"] = "end"
    entries: Count


class ChangesEntry(_Shape):
    """All changes of one request."""

    kind: Literal["changes"] = "changes"
    changes: list[JsonObject]


_ROW = re.compile(rb'\{"kind":"row","table":"(\w+)","row":')


def read_row(line: bytes) -> ReadRow | None:
    """Read the entry of a row in this version of the format; None if it is another entry.

    This is several times faster than `ENTRY`. Raises ValueError if the row is invalid.
    """
    match = _ROW.match(line)
    table = match[1].decode() if match else ""
    if match is None or table not in TABLES:
        return None
    return ReadRow(table, row_adapter(table).validator.validate_json(line[match.end() : -1]))


State = RowEntry | GoneEntry | LinksEntry | ThreadEntry | LogEntry | IdsEntry | ActiveEntry
Entry = State | EndEntry | ChangesEntry
ENTRY: TypeAdapter[Entry] = TypeAdapter(
    Annotated[Entry, Field(discriminator="kind")], config=DEFERRED
)


def upgraded(entry: JsonObject, version: int, upgrades: Upgrades = UPGRADES) -> JsonObject:
    """Upgrade an entry of an older version to this one."""
    for step in range(version, VERSION):
        entry = upgrades[step](entry)
    return entry
