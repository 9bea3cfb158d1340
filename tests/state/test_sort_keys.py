"""Keys of rows in order of arrival."""

import random

from mockletta.state.chunked_sequence import SIZE
from mockletta.state.sort_keys import Arrivals, Sorted


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


def test_keys_of_another_order_are_cut_by_both_bounds() -> None:
    keys = Sorted()
    for number in (5, 1, 3):
        keys.add((number, f"row-{number}"))

    def cut(above: int | None, below: int | None, *, reverse: bool = False) -> list[int]:
        bounds = [None if bound is None else (bound, f"row-{bound}") for bound in (above, below)]
        return [key[0] for key in keys.between(bounds[0], bounds[1], reverse=reverse)]

    assert (cut(1, 5), cut(None, 5), cut(1, None), cut(2, 4)) == ([3], [1, 3], [3, 5], [3])
    assert cut(None, None, reverse=True) == [5, 3, 1]
