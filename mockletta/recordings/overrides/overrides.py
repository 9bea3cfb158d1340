"""The overrides of a file, the places in JSON that they name, and their changes of an answer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mockletta.documents.json_types import Json
from mockletta.documents.text_files import UnreadableFile, read_text
from mockletta.documents.yaml_places import Document
from mockletta.errors import BadSettings

Headers = list[tuple[bytes, bytes]]
_PART = re.compile(r"\.([^.\[\]]+)|\[(\*|\d+)\]")


class BadPlace(ValueError):
    """The text is not a place."""


def parts_of(place: str) -> list[str]:
    """Split a place into the names of fields and `*` or numbers for items. Raises BadPlace."""
    parts = [found[1] or found[2] for found in _PART.finditer(place)]
    if (
        not place.startswith("$")
        or "".join(found[0] for found in _PART.finditer(place)) != place[1:]
    ):
        raise BadPlace(f"{place} is no place in JSON, such as $.a or $[*].b")
    return parts


def holders(value: Json, parts: list[str]) -> Iterator[tuple[Any, Any]]:
    """Find the objects and lists that have, or can have, the last part, each with its key."""
    if not parts:
        return
    first, rest = parts[0], parts[1:]
    keys = _keys(value, first)
    if not rest:
        yield from ((value, key) for key in keys)
        return
    for key in keys:
        if not isinstance(value, dict) or key in value:
            yield from holders(value[key], rest)


def _keys(value: Json, part: str) -> list[Any]:
    if isinstance(value, list):
        if part == "*":
            return list(range(len(value)))
        return [int(part)] if part.isdigit() and int(part) < len(value) else []
    return [part] if isinstance(value, dict) else []


def values_at(value: Json, place: str) -> Iterator[Json]:
    """Find the values at a place."""
    if place == "$":
        yield value
    for holder, key in holders(value, parts_of(place)):
        if not isinstance(holder, dict) or key in holder:
            yield holder[key]


def value_at(value: Json, place: str) -> Json:
    """Return the first value at a place. Raises LookupError if there is none."""
    for found in values_at(value, place):
        return found
    raise LookupError(place)


def _place(text: str) -> str:
    parts_of(text)
    return text


def _header_name(text: str) -> str:
    name = text.lower()
    if name in ("content-length", "transfer-encoding"):
        raise ValueError(f"{name} follows from the body")
    return name


Place = Annotated[str, AfterValidator(_place)]
HeaderName = Annotated[str, AfterValidator(_header_name)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SentFields(_Strict):
    """The conditions for a request: these fields of the query and of the body have these values."""

    query: dict[str, str] = {}
    body: Json = None

    def holds(self, query: Mapping[str, str], body: Json) -> bool:
        """Return whether a request meets the conditions."""
        has_query = all(query.get(name) == value for name, value in self.query.items())
        return has_query and (self.body is None or _contains(body, self.body))


class Override(_Strict):
    """A correction of an operation's answers.

    `add` sets fields where they are missing, `set` replaces values, `remove` removes fields, `sort`
    sorts lists by a field, descending if its name follows a `-`. With `event` it changes the events
    of that type in a stream. With `errors` it changes answers with a status from 400 on, which it
    otherwise leaves alone. `headers` sets headers, and removes those that are null. `status`
    answers instead of the mock, with `body`. `when` limits it to some requests.
    """

    operation: str = Field(min_length=1)
    when: SentFields = SentFields()
    event: str | None = None
    errors: bool = False
    add: dict[Place, Json] = {}
    set: dict[Place, Json] = {}
    remove: list[Place] = []
    sort: dict[Place, Annotated[str, Field(pattern="-?.+")]] = {}
    headers: dict[HeaderName, str | None] = {}
    status: Annotated[int, Field(ge=100, le=599)] | None = None
    body: Json = None

    def apply(self, value: Json) -> Json:
        """Change a JSON value in place, and return it; `$` as a place replaces all of it."""
        value = self.set.get("$", value)
        for place, new in self.add.items():
            for holder, key in _objects(value, place):
                holder.setdefault(key, new)
        for place, new in self.set.items():
            for holder, key in holders(value, parts_of(place)):
                holder[key] = new
        for place in self.remove:
            for holder, key in _objects(value, place):
                holder.pop(key, None)
        self._sort(value)
        return value

    def _sort(self, value: Json) -> None:
        for place, name in self.sort.items():
            for rows in values_at(value, place):
                if isinstance(rows, list):
                    rows.sort(key=partial(_rank, name.lstrip("-")), reverse=name.startswith("-"))

    def with_headers(self, headers: Headers) -> Headers:
        """Return the headers of an answer with those of the override."""
        new = {name.encode(): value.encode() for name, value in self.headers.items() if value}
        gone = {name.encode() for name in self.headers}
        return [*(pair for pair in headers if pair[0] not in gone), *new.items()]


def _rank(name: str, row: Json) -> tuple[bool, float, str]:
    """Return the sort key of a row: numbers come before texts, rows without a value last."""
    value = row.get(name) if isinstance(row, dict) else row
    number = value if isinstance(value, int | float) else float("inf")
    return value is None, number, str(value)


def _objects(value: Json, place: str) -> Iterator[tuple[dict[str, Json], str]]:
    found = holders(value, parts_of(place))
    return ((holder, key) for holder, key in found if isinstance(holder, dict))


class OverridesFile(_Strict):
    """A file of overrides."""

    version: Literal[1] = 1
    overrides: list[Override] = []

    @cached_property
    def operations(self) -> frozenset[str]:
        """The operations that have overrides."""
        return frozenset(one.operation for one in self.overrides)

    def of(self, operation: str, query: Mapping[str, str], body: Json) -> Sequence[Override]:
        """Return the overrides of a request."""
        mine = (one for one in self.overrides if one.operation == operation)
        return [one for one in mine if one.when.holds(query, body)]


def load_overrides(file: str, operations: Iterable[str] | None = None) -> OverridesFile:
    """Load a file of overrides. Raises BadSettings with the place of the first error."""
    try:
        document = Document(read_text(file), is_json=file.endswith(".json"))
        found = OverridesFile.model_validate(document.data)
    except UnreadableFile as error:
        raise BadSettings(f"{file}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = document.place(first["loc"])
        line = f"{at.line}:{at.column}: " if at else " "
        where = ".".join(map(str, first["loc"]))
        raise BadSettings(f"{file}:{line}{where}: {first['msg']}") from error
    known = set(operations) if operations is not None else found.operations
    for one in found.overrides:
        if one.operation not in known:
            raise BadSettings(f"{file}: the mock has no operation {one.operation}")
    return found


def _contains(value: Json, part: Json) -> bool:
    """Return whether JSON contains another value: objects may have further fields."""
    if isinstance(part, dict) and isinstance(value, dict):
        return all(name in value and _contains(value[name], one) for name, one in part.items())
    return bool(value == part)
