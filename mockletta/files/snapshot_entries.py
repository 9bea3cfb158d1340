"""What a file says of a world: one JSON object per line, and its version.

The first line is the header. Then every row, link, thread, log and so on has a line, up to the
line of kind `end`, which counts them. A file that keeps a world goes on after it: each line of
kind `changes` has all that one request changed. A later version of the format comes with an
upgrade of the entries of the one before.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from mockletta.errors import BadSettings
from mockletta.state.store import THREADS
from mockletta.state.world_tables import LINKS, TABLES, shapes

VERSION = 1
Json = dict[str, Any]
Upgrades = Mapping[int, Callable[[Json], Json]]
UPGRADES: Upgrades = MappingProxyType({})
"""By version: what turns an entry of it into one of the next."""
ROWS: Mapping[str, TypeAdapter[Any]] = MappingProxyType(
    {table: TypeAdapter(shape) for table, shape in shapes().items()}
)


def _one_of(names: Iterable[str]) -> AfterValidator:
    known = tuple(names)

    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"should be one of {', '.join(known)}")
        return name

    return AfterValidator(check)


Count = Annotated[int, Field(ge=0)]


class BadSnapshot(BadSettings):
    """A file of a world that cannot be read or written: which file, which line of it, and why."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(f"{file}: {'' if line is None else f'line {line}: '}{reason}")


class DamagedEntry(ValueError):
    """What is wrong with an entry."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Header(_Shape):
    """The first line: what the file is. Nothing is asked of the rest of another version's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    mockletta: Literal["world"]
    version: int


class RowEntry(_Shape):
    """A row, new or changed; a new one comes last."""

    kind: Literal["row"] = "row"
    table: Annotated[str, _one_of(TABLES)]
    row: Json


class GoneEntry(_Shape):
    """A row or a thread that is no more."""

    kind: Literal["gone"] = "gone"
    table: Annotated[str, _one_of((*TABLES, THREADS))]
    id: str


class LinksEntry(_Shape):
    """What a row is linked to, with the numbers that order links from both sides."""

    kind: Literal["links"] = "links"
    table: Annotated[str, _one_of(LINKS)]
    left: str
    rights: dict[str, Count]


class ThreadEntry(_Shape):
    """How a thread goes on after the `listed` messages it had, and its context after the first
    `kept` that stay."""

    kind: Literal["thread"] = "thread"
    id: str
    listed: Count = 0
    messages: list[str]
    kept: Count = 0
    context: list[str]
    tokens: Count
    turns: Count


class LogEntry(_Shape):
    """How the log of a background run goes on after the `told` events it had; each event is its
    kind and its JSON."""

    kind: Literal["log"] = "log"
    run_id: str
    otids: tuple[str | None, ...]
    told: Count = 0
    events: list[tuple[str, str]]
    finished: bool


class IdsEntry(_Shape):
    """How far the generator of the ids is, if it has a seed."""

    kind: Literal["ids"] = "ids"
    state: tuple[int, tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], float | None]


class ActiveEntry(_Shape):
    """The runs that are under way; when the file is read they are cancelled."""

    kind: Literal["active"] = "active"
    runs: list[str]


class EndEntry(_Shape):
    """The end of the world as it was when the file was written; how many entries were before."""

    kind: Literal["end"] = "end"
    entries: Count


class ChangesEntry(_Shape):
    """All that one request changed."""

    kind: Literal["changes"] = "changes"
    changes: list[Json]


State = RowEntry | GoneEntry | LinksEntry | ThreadEntry | LogEntry | IdsEntry | ActiveEntry
Entry = State | EndEntry | ChangesEntry
ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def upgraded(entry: Json, version: int, upgrades: Upgrades = UPGRADES) -> Json:
    """An entry of an older version as one of this version."""
    for step in range(version, VERSION):
        entry = upgrades[step](entry)
    return entry
