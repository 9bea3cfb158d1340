"""Compares a recorded JSON value with the replayed one and records where they differ.

These values are not compared exactly:

1. ids, times and the server's own prose: see `varying_values`;
2. durations and estimates of tokens: any number matches;
3. a 422 whose `loc` names classes of the recorded server: any repr of a list matches;
4. an agent's tools, their rules and its files, whose order was arbitrary, are compared by name; the
   order of its blocks is ignored once they are known;
5. newer SDK fields that the recordings lack: ALLOWED_EXTRA;
6. descriptions of base tools for the model: prose, not protocol (and another scenario had changed
   one [18]);
7. lists of models: the recorded ones must be among ours, since the catalogue is our own;
8. hashes: equal where the recorded ones are equal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from mockletta.documents.json_types import Json
from mockletta.recordings.drift.varying_values import IdBinding, ids

Kind = Literal["value", "order"]
MISSING = "(missing)"
# Newer than the recorded server and declared by SDK 1.12.1: extra keys by a key that marks their
# object.
ALLOWED_EXTRA = {
    "in_context_message_ids": {"archived", "archived_at", "description", "context_window_limit"},
}

_DURATION = re.compile(r".*(_ns|_ms)|elapsed|t")
_ANY_NUMBER = {"context_tokens_before", "context_tokens_after"}
_IMPLEMENTATION_NAMES = re.compile(r"function-(after|before|wrap|plain)\[|tagged-union\[")
_DERIVED_OTID = 0x7F
_UNORDERED = {"tools", "tool_rules"}
_FILE_CURSOR = "file_agent-"
_SHORT = 160
# Beyond what the model reports for a call: the server's estimate of a compacted context [46].
_ESTIMATED = 1000


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """One place where our answer differs from the recorded one. The kind "order" is only about
    keys."""

    path: str
    expected: object
    got: object
    kind: Kind = "value"

    def __str__(self) -> str:
        return f"{self.path}: expected {_short(self.expected)}, got {_short(self.got)}"


@dataclass(slots=True)
class ValueComparison:
    """Walks two JSON values side by side and collects their differences."""

    binding: IdBinding
    differences: list[AnswerDifference] = field(default_factory=list)

    def compare(self, recorded: Json, ours: Json, path: str = "$") -> None:
        """Record every difference below `path`."""
        if isinstance(recorded, dict) and isinstance(ours, dict):
            self._objects(recorded, ours, path)
        elif isinstance(recorded, list) and isinstance(ours, list):
            self._lists(recorded, ours, path)
        elif isinstance(recorded, str) and isinstance(ours, str):
            self.text(recorded, ours, path)
        elif type(recorded) is not type(ours) or recorded != ours:
            self.note(path, recorded, ours)

    def text(self, recorded: str, ours: str, path: str) -> None:
        """Compare two strings."""
        if _IMPLEMENTATION_NAMES.search(recorded):
            if not (ours.startswith("[{") and ours.endswith("}]")):
                self.note(path, recorded, ours)
        elif not self.binding.matches(recorded, ours):
            self._note_text(recorded, ours, path)

    def _note_text(self, recorded: str, ours: str, path: str) -> None:
        if len(recorded) <= _SHORT:
            self.note(path, self.binding.rename(recorded), ours)
        else:
            expected, got = self.binding.first_mismatch(recorded, ours)
            self.note(path, f"… {expected}", f"… {got}")

    def note(self, path: str, expected: object, got: object, kind: Kind = "value") -> None:
        """Record one difference."""
        self.differences.append(AnswerDifference(path, expected, got, kind))

    def _objects(self, recorded: dict[str, Json], ours: dict[str, Json], path: str) -> None:
        recorded = self._with_our_keys(recorded, ours)
        if str(recorded.get("tool_type")).startswith("letta_"):
            recorded, ours = _without_prose(recorded), _without_prose(ours)
        for key in recorded.keys() - ours.keys():
            self.note(f"{path}.{key}", recorded[key], MISSING)
        allowed = {
            one for mark, extra in ALLOWED_EXTRA.items() if mark in recorded for one in extra
        }
        for key in ours.keys() - recorded.keys() - allowed:
            self.note(f"{path}.{key}", MISSING, ours[key])
        common = [key for key in recorded if key in ours]
        if common != [key for key in ours if key in recorded]:
            self.note(path, common, [key for key in ours if key in recorded], "order")
        derived = _is_derived_otid(recorded)
        for key in common:
            if key == "otid" and derived and isinstance(ours["otid"], str):
                self._derived_otids(recorded["otid"], ours, f"{path}.otid")
            else:
                self._member(key, recorded[key], ours[key], f"{path}.{key}")

    def _member(self, key: str, recorded: Json, ours: Json, path: str) -> None:
        if _DURATION.fullmatch(key) and _is_number(recorded, ours):
            return
        if _is_estimate(key, recorded) and isinstance(ours, int) and ours > 0:
            return
        if key == "tool_hash" and recorded and ours and self.binding.bind(recorded, ours):
            return
        if key == "model_endpoint" and isinstance(recorded, str) and isinstance(ours, str):
            return
        if key == "next_cursor" and str(recorded).startswith(_FILE_CURSOR) and ours:
            return
        if key in _UNORDERED or (key == "files" and _are_agents_files(recorded)):
            recorded, ours = _by_name(recorded), _by_name(ours)
        if key == "blocks" and isinstance(recorded, list) and isinstance(ours, list):
            recorded = reordered(self.binding, recorded, ours)
        self.compare(recorded, ours, path)

    def _with_our_keys(self, recorded: dict[str, Json], ours: dict[str, Json]) -> dict[str, Json]:
        """Replace keys that are ids by the replayed ones: a cancel answers {run: status} [05]."""
        if not ids(list(recorded)):
            return recorded
        free = [key for key in ours if key not in map(self.binding.ours, recorded)]
        for key in recorded:
            if self.binding.ours(key) is None and free:
                self.binding.bind(key, free.pop(0))
        return {self.binding.ours(key) or key: value for key, value in recorded.items()}

    def _derived_otids(self, recorded: str, ours: dict[str, Json], path: str) -> None:
        """Compare otids: the message's uuid, its low 7 bits the index of the part [10]."""
        uuid = str(ours.get("id", ""))[-36:]
        last = int(uuid[-2:] or "0", 16)
        part = int(recorded[-2:], 16) & _DERIVED_OTID
        expected = f"{uuid[:-2]}{last & ~_DERIVED_OTID | part:02x}"
        if ours["otid"] != expected:
            self.note(path, expected, ours["otid"])

    def _lists(self, recorded: list[Json], ours: list[Json], path: str) -> None:
        if recorded and all(isinstance(one, dict) and "handle" in one for one in recorded):
            self._catalogues(recorded, ours, path)
            return
        pairs = positions(recorded, ours)
        if len(recorded) == len(ours) and not contradicts(self.binding, pairs):
            self._pairs(pairs, path)
            return
        pairs = aligned(self.binding, recorded, ours)
        kind = "order" if len(pairs) == len(recorded) == len(ours) else "length"
        self.note(f"{path}.{kind}", self.binding.rename(_outline(recorded)), _outline(ours))
        self._pairs(pairs, path)

    def _catalogues(self, recorded: list[Json], ours: list[Json], path: str) -> None:
        models = {one.get("handle"): one for one in ours}
        for one in recorded:
            self.compare(one, models.get(one["handle"], MISSING), f"{path}[{one['handle']}]")

    def _pairs(self, pairs: Sequence[tuple[int, Json, Json]], path: str) -> None:
        for index, recorded, ours in pairs:
            self.compare(recorded, ours, f"{path}[{index}]")


def _without_prose(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_prose(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "" if key == "description" and isinstance(one, str) else _without_prose(one)
        for key, one in value.items()
    }


def _is_derived_otid(message: dict[str, Json]) -> bool:
    otid, row = message.get("otid"), message.get("id")
    if not (isinstance(otid, str) and isinstance(row, str)):
        return False
    return len(otid) == len(row[-36:]) and otid[:-2] == row[-36:-2]


def _by_name(value: Json) -> Json:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return sorted(value, key=_name_of)
    return value


def _are_agents_files(value: Json) -> bool:
    return isinstance(value, list) and all("folder_name" in one for one in value)


def _name_of(tool: dict[str, Json]) -> str:
    function = tool.get("function")
    named = function if isinstance(function, dict) else tool
    return str(named.get("name") or named.get("tool_name") or named.get("file_name"))


def _is_number(*values: object) -> bool:
    return all(one is None or isinstance(one, int | float) for one in values)


def _is_estimate(key: str, recorded: Json) -> bool:
    if key in _ANY_NUMBER:
        return True
    return key == "context_tokens" and isinstance(recorded, int) and recorded > _ESTIMATED


def _outline(values: list[Json]) -> str:
    shown = [
        str(one.get("message_type") or row_id(one)) if isinstance(one, dict) else str(one)
        for one in values
    ]
    return f"{len(values)} [{', '.join(shown)}]"


def _short(value: object, limit: int = 160) -> str:
    text = MISSING if value == MISSING else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 40]} … {text[-40:]}"


Pair = tuple[int, Json, Json]


def positions(recorded: Sequence[Json], ours: Sequence[Json]) -> list[Pair]:
    """Pair elements by position."""
    return [(n, *pair) for n, pair in enumerate(zip(recorded, ours, strict=False))]


def contradicts(binding: IdBinding, pairs: Sequence[Pair]) -> bool:
    """Return whether a pairing by position would give one id two names."""
    return any(
        not binding.could_bind(row_id(left), row_id(right))
        for _, left, right in pairs
        if row_id(left) and row_id(right)
    )


def aligned(binding: IdBinding, recorded: Sequence[Json], ours: Sequence[Json]) -> list[Pair]:
    """Pair elements with the same id, then those that look alike, then those of the same kind."""
    free = list(ours)
    pairs: dict[int, Pair] = {}
    for is_partner in (_is_known, _looks_alike, _could_be):
        for index, one in enumerate(recorded):
            if index not in pairs:
                found = next((each for each in free if is_partner(binding, one, each)), None)
                if found is not None:
                    free.remove(found)
                    pairs[index] = (index, one, found)
    return [pairs[index] for index in sorted(pairs)]


def reordered(binding: IdBinding, recorded: list[Json], ours: list[Json]) -> list[Json]:
    """Sort the recorded list like ours, where the recorded order was arbitrary."""
    place = {row_id(one): number for number, one in enumerate(ours)}
    return sorted(recorded, key=lambda one: place.get(binding.ours(row_id(one)) or "", len(ours)))


def row_id(value: Json) -> str:
    """Return the id of an object, "" if it has none."""
    return str(value["id"]) if isinstance(value, dict) and "id" in value else ""


def _is_known(binding: IdBinding, recorded: Json, ours: Json) -> bool:
    name = binding.ours(row_id(recorded))
    return name is not None and name == row_id(ours) and _kind(recorded) == _kind(ours)


def _could_be(binding: IdBinding, recorded: Json, ours: Json) -> bool:
    return (
        isinstance(recorded, dict)
        and isinstance(ours, dict)
        and _kind(recorded) == _kind(ours)
        and binding.could_bind(row_id(recorded), row_id(ours))
    )


def _looks_alike(binding: IdBinding, recorded: Json, ours: Json) -> bool:
    if not _could_be(binding, recorded, ours):
        return False
    left, right = recorded.get("content"), ours.get("content")
    if isinstance(left, str) and isinstance(right, str):
        return binding.resembles(left, right)
    return bool(left == right)


def _kind(value: Json) -> str:
    return str(value.get("message_type")) if isinstance(value, dict) else ""
