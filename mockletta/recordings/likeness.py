"""Compares a request with a recorded one, apart from values that vary between runs.

These are the client's own random values (otids, generated names, times) and values that were
replaced in the recording (secrets, masked texts). Such a value is bound when it is first sent: from
then on it is expected wherever the recorded value is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mockletta.documents.json_types import Json
from mockletta.recordings.id_names import UUID
from mockletta.recordings.recording import Content, Exchange, header

TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_HOLES = re.compile(
    r"(?P<replaced><(?:redacted|masked) \d+>)"
    rf"|(?P<id>(?<![0-9A-Za-z])(?:[a-z]+(?:_[a-z]+)*-)?{UUID})"
    rf"|(?P<time>{TIME})"
    r"|(?P<hex>(?<![0-9a-zA-Z])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}(?![0-9a-zA-Z]))"
    r"|(?P<number>\d{3,})"
)
_NAMING = frozenset({"name", "label", "identifier_key", "tags", "otid", "summary", "device_id"})
"""Fields whose numbers are probably generated."""
_BOUNDARY = re.compile('boundary="?([^";]+)')
Pairs = dict[str, str]


class OwnValues:
    """The client's own values: recorded ones and present ones. `fixed` are ids of the server."""

    def __init__(self, fixed: frozenset[str] = frozenset()) -> None:
        self.fixed = fixed
        self._ours: Pairs = {}
        self._recorded: Pairs = {}

    def bind(self, pairs: Mapping[str, str]) -> None:
        """Bind recorded values to present ones."""
        for recorded, ours in pairs.items():
            self._ours[recorded] = ours
            self._recorded[ours] = recorded

    def could_bind(self, recorded: str, ours: str, pairs: Mapping[str, str]) -> bool:
        """Return whether two values are a pair, or neither is in a pair."""
        known = pairs.get(recorded, self._ours.get(recorded, ours))
        return known == ours and self._recorded.get(ours, recorded) == recorded

    def rendered(self, text: str) -> str:
        """Return a recorded text with the present values."""
        changed = {old: new for old, new in self._ours.items() if old != new and old in text}
        if not changed:
            return text
        longest_first = sorted(changed, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda it: changed[it[0]], text)


class Likeness:
    """Compares a request with a recorded one.

    `differences` says where they differ, `pairs` which values would have to be bound.
    """

    def __init__(self, own: OwnValues) -> None:
        self._own = own
        self.pairs: Pairs = {}
        self.differences: list[str] = []

    def compare(self, recorded: Exchange, asked: Exchange) -> bool:
        """Compare path, query and body. Return whether they match."""
        self._text(unquote(recorded.path), unquote(asked.path), "path")
        if recorded.query != asked.query:
            self._queries(recorded.query, asked.query)
        if recorded.content.data != asked.content.data:
            self._bodies(recorded, asked)
        return not self.differences

    def _queries(self, recorded: str, asked: str) -> None:
        left, right = _fields(recorded), _fields(asked)
        self._values(left, right, "query")

    def _bodies(self, recorded: Exchange, asked: Exchange) -> None:
        if recorded.content.is_cut and asked.content.data.startswith(recorded.content.data):
            return
        left, right = body_value(recorded.content, recorded), body_value(asked.content, asked)
        self._values(left, right, "body")

    def _values(self, recorded: Json, asked: Json, path: str) -> None:
        if isinstance(recorded, dict) and isinstance(asked, dict):
            for key in recorded.keys() | asked.keys():
                self._members(recorded, asked, key, f"{path}.{key}")
        elif isinstance(recorded, list) and isinstance(asked, list):
            self._lists(recorded, asked, path)
        elif isinstance(recorded, str) and isinstance(asked, str):
            self._text(recorded, asked, path)
        elif recorded != asked or type(recorded) is not type(asked):
            self._differ(path, recorded, asked)

    def _members(
        self, recorded: Mapping[str, Any], asked: Mapping[str, Any], key: str, path: str
    ) -> None:
        if key not in asked:
            self.differences.append(f"{path}: recorded {_short(recorded[key])}, not sent now")
        elif key not in recorded:
            self.differences.append(f"{path}: not recorded, sent now: {_short(asked[key])}")
        else:
            self._values(recorded[key], asked[key], path)

    def _lists(self, recorded: list[Any], asked: list[Any], path: str) -> None:
        if len(recorded) != len(asked):
            self._differ(f"{path}: number of items", len(recorded), len(asked))
        for number, (left, right) in enumerate(zip(recorded, asked, strict=False)):
            self._values(left, right, f"{path}[{number}]")

    def _text(self, recorded: str, asked: str, path: str) -> None:
        if recorded == asked:
            return
        field = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
        holes = list(self._holes(recorded, with_numbers=field in _NAMING))
        pairs = _filled(recorded, holes, asked) if holes else None
        if pairs is None or not all(self._bind(*pair) for pair in pairs):
            self._differ(path, recorded, asked)

    def _bind(self, recorded: str, ours: str) -> bool:
        if re.fullmatch(TIME, recorded):
            return True
        if not self._own.could_bind(recorded, ours, self.pairs):
            return False
        self.pairs[recorded] = ours
        return True

    def _holes(self, recorded: str, *, with_numbers: bool) -> Iterator[re.Match[str]]:
        for found in _HOLES.finditer(recorded):
            is_number = found.lastgroup == "number"
            if found[0] not in self._own.fixed and (with_numbers or not is_number):
                yield found

    def _differ(self, path: str, recorded: object, asked: object) -> None:
        self.differences.append(f"{path}: recorded {_short(recorded)}, now {_short(asked)}")


def _filled(
    recorded: str, holes: Iterable[re.Match[str]], asked: str
) -> list[tuple[str, str]] | None:
    """Return the parts of another text that fill the holes of a recorded one, None if the rest
    differs."""
    parts, values, end = [], [], 0
    for hole in holes:
        parts += [re.escape(recorded[end : hole.start()]), _pattern(hole)]
        values.append(hole[0])
        end = hole.end()
    found = re.fullmatch("".join([*parts, re.escape(recorded[end:])]), asked, re.DOTALL)
    return None if found is None else list(zip(values, found.groups(), strict=True))


def _pattern(hole: re.Match[str]) -> str:
    kind, text = hole.lastgroup, hole[0]
    if kind == "replaced":
        return "(.+?)"
    if kind == "id":
        return f"({re.escape(text[:-36])}{UUID})"
    if kind == "time":
        return f"({TIME})"
    return "([0-9a-f]+)" if kind == "hex" else r"(\d+)"


def body_value(content: Content, exchange: Exchange) -> Json:
    """Return a body for comparison: its JSON, else its text without a form's random boundary."""
    try:
        text = content.data.decode()
    except UnicodeError:
        text = content.data.decode("latin-1")
    boundary = _BOUNDARY.search(header(exchange.headers, "content-type"))
    if boundary is not None:
        return text.replace(boundary[1], "boundary")
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text


def _fields(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in filter(None, query.split("&")):
        name, _, value = field.partition("=")
        found.setdefault(unquote(name), []).append(unquote(value.replace("+", " ")))
    return found


def _short(value: object, limit: int = 100) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 30]}…{text[-25:]}"
