"""Compares a recorded JSON value with ours and says where they differ.

What is not compared word for word, and why:

1. ids, times and the server's own prose: see `binding`;
2. durations and estimates of tokens: any number;
3. a 422 whose `loc` names classes of the recorded server: only that it is a list's repr;
4. an agent's tools, whose order was arbitrary: by name;
5. newer SDK fields that the recordings lack: ALLOWED_EXTRA.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from .binding import Binding, ids
from .exchanges import Json

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
# Beyond what the model reports for a call: the server's estimate of a compacted context [46].
_ESTIMATED = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where our answer is not the recorded one. Kind "order" is about keys only."""

    path: str
    expected: object
    got: object
    kind: Kind = "value"

    def __str__(self) -> str:
        return f"{self.path}: expected {_short(self.expected)}, got {_short(self.got)}"


@dataclass(slots=True)
class Comparison:
    """Walks two JSON values side by side and collects their differences."""

    binding: Binding
    differences: list[Difference] = field(default_factory=list)

    def compare(self, recorded: Json, ours: Json, path: str = "$") -> None:
        """Note every difference below `path`."""
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
            self.note(path, self.binding.rename(recorded), ours)

    def note(self, path: str, expected: object, got: object, kind: Kind = "value") -> None:
        """Add one difference."""
        self.differences.append(Difference(path, expected, got, kind))

    def _objects(self, recorded: dict[str, Json], ours: dict[str, Json], path: str) -> None:
        recorded = self._with_our_keys(recorded, ours)
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
        if key == "model_endpoint" and isinstance(recorded, str) and isinstance(ours, str):
            return
        if key == "tools":
            recorded, ours = _by_name(recorded), _by_name(ours)
        self.compare(recorded, ours, path)

    def _with_our_keys(self, recorded: dict[str, Json], ours: dict[str, Json]) -> dict[str, Json]:
        """Keys that are ids, under our names: a cancel answers {run id: status} [05]."""
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
        if len(recorded) != len(ours):
            self.note(f"{path}.length", _outline(recorded), _outline(ours))
            self._pairs(self._known_pairs(recorded, ours), path)
        elif self._is_permuted(recorded, ours):
            self.note(f"{path}.order", self.binding.rename(_outline(recorded)), _outline(ours))
            self._pairs(self._known_pairs(recorded, ours), path)
        else:
            self._pairs(
                [(n, *pair) for n, pair in enumerate(zip(recorded, ours, strict=True))], path
            )

    def _pairs(self, pairs: Sequence[tuple[int, Json, Json]], path: str) -> None:
        for index, recorded, ours in pairs:
            self.compare(recorded, ours, f"{path}[{index}]")

    def _is_permuted(self, recorded: list[Json], ours: list[Json]) -> bool:
        expected = [self.binding.ours(_id(one)) for one in recorded]
        got: list[str | None] = [_id(one) for one in ours]
        if None in expected or "" in got or len(set(got)) != len(got):
            return False
        return expected != got and set(expected) == set(got)

    def _known_pairs(self, recorded: list[Json], ours: list[Json]) -> list[tuple[int, Json, Json]]:
        """Pairs of objects that are known to be the same: by id and what part of it they are."""
        left = {_identity(one): one for one in ours if _id(one)}
        named = [(index, one, self.binding.ours(_id(one))) for index, one in enumerate(recorded)]
        keys = [(index, one, (name, _part(one))) for index, one, name in named if name]
        return [(index, one, left[key]) for index, one, key in keys if key in left]


def in_our_order(binding: Binding, recorded: list[Json], ours: list[Json]) -> list[Json]:
    """Sort the recorded list as ours is, where the recorded order was arbitrary."""
    place = {_id(one): number for number, one in enumerate(ours)}
    return sorted(recorded, key=lambda one: place.get(binding.ours(_id(one)) or "", len(ours)))


def _is_derived_otid(message: dict[str, Json]) -> bool:
    otid, row = message.get("otid"), message.get("id")
    if not (isinstance(otid, str) and isinstance(row, str)):
        return False
    return len(otid) == len(row[-36:]) and otid[:-2] == row[-36:-2]


def _id(value: Json) -> str:
    return str(value["id"]) if isinstance(value, dict) and "id" in value else ""


def _part(value: Json) -> str:
    return str(value.get("message_type"))


def _identity(value: Json) -> tuple[str, str]:
    return _id(value), _part(value)


def _by_name(value: Json) -> Json:
    if isinstance(value, list) and all(isinstance(one, dict) and "name" in one for one in value):
        return sorted(value, key=lambda one: str(one["name"]))
    return value


def _is_number(*values: object) -> bool:
    return all(one is None or isinstance(one, int | float) for one in values)


def _is_estimate(key: str, recorded: Json) -> bool:
    if key in _ANY_NUMBER:
        return True
    return key == "context_tokens" and isinstance(recorded, int) and recorded > _ESTIMATED


def _outline(values: list[Json]) -> str:
    shown = [
        str(one.get("message_type") or _id(one)) if isinstance(one, dict) else str(one)
        for one in values
    ]
    return f"{len(values)} [{', '.join(shown)}]"


def _short(value: object, limit: int = 160) -> str:
    text = MISSING if value == MISSING else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 40]} … {text[-40:]}"
