"""Indexes of tables, and sequences that are cheap to copy."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from mockletta.state import table
from mockletta.state.indexes import SIZE, Arrivals, Chunks, Sorted
from mockletta.state.table import Table


def make_arrivals(*numbers: int) -> Arrivals:
    arrivals = Arrivals(None)
    for number in numbers:
        arrivals.append((number, f"row-{number}"))
    return arrivals


def between(
    arrivals: Arrivals, above: int | None, below: int | None, *, reverse: bool = False
) -> list[int]:
    bounds = [None if bound is None else (bound, f"row-{bound}") for bound in (above, below)]
    return [key[0] for key in arrivals.between(bounds[0], bounds[1], reverse=reverse)]


def test_both_bounds_are_left_out() -> None:
    arrivals = make_arrivals(1, 3, 5)

    assert (between(arrivals, 1, 5), between(arrivals, None, 5)) == ([3], [1, 3])
    assert (between(arrivals, 1, None), between(arrivals, 5, None)) == ([3, 5], [])


def test_a_bound_need_not_be_a_key() -> None:
    arrivals = make_arrivals(1, 3, 5)

    assert (between(arrivals, 2, 4), between(arrivals, 0, 9)) == ([3], [1, 3, 5])
    assert between(arrivals, 2, None, reverse=True) == [5, 3]


def test_cuts_are_the_same_as_those_of_a_plain_list_however_many_keys_are_gone() -> None:
    rng = random.Random(2)
    plain = list(range(0, 6 * SIZE, 2))
    arrivals = make_arrivals(*plain)
    for _ in range(2 * SIZE):
        gone = plain.pop(rng.randrange(len(plain)))
        arrivals.remove((gone, f"row-{gone}"))

    for _ in range(200):
        above, below = rng.randrange(-1, 6 * SIZE + 1), rng.randrange(-1, 6 * SIZE + 1)
        inside = [number for number in plain if above < number < below]
        assert between(arrivals, above, below) == inside
        assert between(arrivals, above, below, reverse=True) == inside[::-1]
    assert len(arrivals) == len(plain)


def test_a_copy_has_an_owner_of_its_own() -> None:
    arrivals = make_arrivals(1)
    copy = Arrivals("me", arrivals)

    copy.append((2, "row-2"))

    assert (copy.owner, between(copy, None, None), between(arrivals, None, None)) == (
        "me",
        [1, 2],
        [1],
    )


def test_joined_keys_are_counted() -> None:
    keys = Arrivals.joined([((1, "row-1"), (3, "row-3")), [(5, "row-5")]])

    assert (len(keys), between(keys, 1, None)) == (3, [3, 5])


def test_keys_of_another_order_are_cut_by_both_bounds() -> None:
    keys = Sorted()
    for number in (5, 1, 3):
        keys.add((number, f"row-{number}"))

    def cut(above: int | None, below: int | None, *, reverse: bool = False) -> list[int]:
        bounds = [None if bound is None else (bound, f"row-{bound}") for bound in (above, below)]
        return [key[0] for key in keys.between(bounds[0], bounds[1], reverse=reverse)]

    assert (cut(1, 5), cut(None, 5), cut(1, None), cut(2, 4)) == ([3], [1, 3], [3, 5], [3])
    assert cut(None, None, reverse=True) == [5, 3, 1]


def make_chunks(size: int) -> Chunks[int]:
    chunks: Chunks[int] = Chunks()
    for item in range(size):
        chunks.append(item)
    return chunks


def test_items_come_in_the_order_they_were_appended_in() -> None:
    for size in (0, 1, SIZE, SIZE + 1, 3 * SIZE):
        chunks = make_chunks(size)

        assert (list(chunks), len(chunks)) == (list(range(size)), size)


def test_a_cut_is_from_one_place_to_before_another() -> None:
    chunks, plain = make_chunks(3 * SIZE), list(range(3 * SIZE))

    for first, end in ((0, 5), (SIZE - 1, SIZE + 1), (SIZE, 2 * SIZE), (5, 3 * SIZE), (9, 9)):
        places = divmod(first, SIZE), divmod(end, SIZE)
        assert list(chunks.cut(*places, reverse=False)) == plain[first:end]
        assert list(chunks.cut(*places, reverse=True)) == plain[first:end][::-1]
    assert list(chunks.cut(None, None, reverse=True)) == plain[::-1]


@pytest.mark.parametrize("count", [1, 3, 4, SIZE + 3, SIZE + 4, 2 * SIZE + 3])
def test_the_newest_items_reach_back_into_older_chunks(count: int) -> None:
    items = list(range(2 * SIZE + 3))

    assert list(make_chunks(len(items)).newest(count)) == items[-count:]


def test_an_empty_sequence_has_an_empty_cut() -> None:
    assert list(make_chunks(0).cut(None, None, reverse=False)) == []


def test_copies_go_their_own_ways_whatever_is_done_to_them() -> None:
    rng = random.Random(1)
    pairs = [(make_chunks(2 * SIZE), list(range(2 * SIZE)))]
    for item in range(4_000):
        chunks, plain = rng.choice(pairs)
        act = rng.random()
        if act < 0.01 and len(pairs) < 8:
            pairs.append((Chunks(chunks), plain.copy()))
        elif act < 0.6:
            chunks.append(item)
            plain.append(item)
        elif plain:
            at = rng.choice([0, len(plain) - 1])
            chunks.remove_at(place_of(chunks, at))
            del plain[at]

    assert [(list(chunks), len(chunks)) for chunks, _ in pairs] == [
        (plain, len(plain)) for _, plain in pairs
    ]


def test_after_its_last_chunk_is_gone_a_copy_still_has_its_own_end() -> None:
    chunks = make_chunks(SIZE + 1)
    chunks.remove_at((0, 0))
    copy = Chunks(chunks)
    copy.remove_at((1, 0))

    copy.append(-1)

    assert list(chunks) == list(range(1, SIZE + 1))
    assert list(copy) == [*range(1, SIZE), -1]


def test_nothing_is_left_when_the_last_item_goes() -> None:
    chunks = make_chunks(1)

    chunks.remove_at((0, 0))

    assert (list(chunks), len(chunks)) == ([], 0)


def place_of(chunks: Chunks[int], number: int) -> tuple[int, int]:
    """Where an item is, counted chunk by chunk."""
    for place, chunk in enumerate((*chunks._full, chunks._last)):
        if number < len(chunk):
            return place, number
        number -= len(chunk)
    raise IndexError(number)


@dataclass(frozen=True)
class Shirt:
    id: str
    colours: tuple[str, ...]


def shirts() -> Table[Shirt]:
    rows = Table(Shirt, "Shirt", filters={"colours": lambda shirt: shirt.colours})
    for number, colours in enumerate([("red",), ("red", "blue"), (), ("blue",)]):
        rows.add(Shirt(f"shirt-{number}", colours))
    return rows


def found(rows: Table[Shirt], colour: str) -> Iterable[str]:
    return [row.id for row in rows.filtered("colours", colour).scan(None, None, reverse=False)]


def test_rows_are_found_by_each_of_their_values_in_order_of_arrival() -> None:
    rows = shirts()

    assert found(rows, "red") == ["shirt-0", "shirt-1"]
    assert found(rows, "blue") == ["shirt-1", "shirt-3"]
    assert found(rows, "green") == []


def test_an_index_follows_every_change() -> None:
    rows = shirts()
    assert found(rows, "red") == ["shirt-0", "shirt-1"]

    rows.replace(Shirt("shirt-0", ("blue",)))
    rows.replace(Shirt("shirt-1", ("red", "blue")))
    rows.add(Shirt("shirt-4", ("red",)))
    rows.remove("shirt-3")

    assert found(rows, "red") == ["shirt-1", "shirt-4"]
    assert found(rows, "blue") == ["shirt-0", "shirt-1"]
    rows.remove("shirt-1")
    rows.remove("shirt-4")
    assert found(rows, "red") == []


def test_of_very_many_rows_all_are_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MANY", 1)

    assert found(shirts(), "red") == [f"shirt-{number}" for number in range(4)]


def test_a_copy_has_an_index_of_its_own() -> None:
    rows = shirts()
    assert found(rows, "red") == ["shirt-0", "shirt-1"]

    copy = rows.copy()
    copy.remove("shirt-0")

    assert found(rows, "red") == ["shirt-0", "shirt-1"]
    assert found(copy, "red") == ["shirt-1"]


def test_rows_are_found_by_a_part_of_a_value_in_any_case() -> None:
    view = shirts().containing("colours", "LU")

    assert [row.id for row in view.scan(None, None, reverse=True)] == ["shirt-3", "shirt-1"]
