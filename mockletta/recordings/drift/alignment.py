"""Which element of our list is which of the recorded one, when their positions do not tell."""

from collections.abc import Sequence

from mockletta.recordings.drift.scenario import Json
from mockletta.recordings.drift.varying_values import IdBinding

Pair = tuple[int, Json, Json]


def positions(recorded: Sequence[Json], ours: Sequence[Json]) -> list[Pair]:
    """Pair elements by position."""
    return [(n, *pair) for n, pair in enumerate(zip(recorded, ours, strict=False))]


def contradicts(binding: IdBinding, pairs: Sequence[Pair]) -> bool:
    """Whether a pairing by position would give one id two names."""
    return any(
        not binding.could_bind(row_id(left), row_id(right))
        for _, left, right in pairs
        if row_id(left) and row_id(right)
    )


def alignment(binding: IdBinding, recorded: Sequence[Json], ours: Sequence[Json]) -> list[Pair]:
    """Pair what has the same id, then what looks the same, then what is of the same kind."""
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
    """Sort the recorded list as ours is, where the recorded order was arbitrary."""
    place = {row_id(one): number for number, one in enumerate(ours)}
    return sorted(recorded, key=lambda one: place.get(binding.ours(row_id(one)) or "", len(ours)))


def row_id(value: Json) -> str:
    """The id of an object, "" if it has none."""
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
