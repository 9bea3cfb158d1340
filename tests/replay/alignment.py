"""Which element of our list is which of the recorded one, when their positions do not tell."""

from collections.abc import Sequence

from .binding import Binding
from .exchanges import Json

Pair = tuple[int, Json, Json]


def positions(recorded: Sequence[Json], ours: Sequence[Json]) -> list[Pair]:
    """Pair elements by position."""
    return [(n, *pair) for n, pair in enumerate(zip(recorded, ours, strict=False))]


def contradicts(binding: Binding, pairs: Sequence[Pair]) -> bool:
    """Whether a pairing by position would give one id two names."""
    return any(
        not binding.could_bind(row_id(left), row_id(right))
        for _, left, right in pairs
        if row_id(left) and row_id(right)
    )


def alignment(binding: Binding, recorded: Sequence[Json], ours: Sequence[Json]) -> list[Pair]:
    """Pair what has the same id; then, among the rest, what looks the same; the others are left."""
    free = list(ours)
    pairs: list[Pair] = []
    for known in (True, False):
        paired = {index for index, _, _ in pairs}
        for index, one in enumerate(recorded):
            found = None if index in paired else _partner(binding, one, free, known=known)
            if found is not None:
                free.remove(found)
                pairs.append((index, one, found))
    return sorted(pairs, key=lambda pair: pair[0])


def reordered(binding: Binding, recorded: list[Json], ours: list[Json]) -> list[Json]:
    """Sort the recorded list as ours is, where the recorded order was arbitrary."""
    place = {row_id(one): number for number, one in enumerate(ours)}
    return sorted(recorded, key=lambda one: place.get(binding.ours(row_id(one)) or "", len(ours)))


def row_id(value: Json) -> str:
    """The id of an object, "" if it has none."""
    return str(value["id"]) if isinstance(value, dict) and "id" in value else ""


def _partner(binding: Binding, one: Json, free: Sequence[Json], *, known: bool) -> Json | None:
    name = binding.ours(row_id(one))
    if known != (name is not None):
        return None
    return next((each for each in free if _is_alike(binding, one, each, name)), None)


def _is_alike(binding: Binding, recorded: Json, ours: Json, name: str | None) -> bool:
    if not (isinstance(recorded, dict) and isinstance(ours, dict)):
        return False
    if recorded.get("message_type") != ours.get("message_type"):
        return False
    if name is not None:
        return row_id(ours) == name
    if not binding.could_bind(row_id(recorded), row_id(ours)):
        return False
    left, right = recorded.get("content"), ours.get("content")
    if isinstance(left, str) and isinstance(right, str):
        return binding.resembles(left, right)
    return left == right
