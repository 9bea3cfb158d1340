"""Work in slices."""

import pytest

from mockletta.search import slices
from mockletta.search.slices import finish, mapped, select


def count_slices(work: slices.Sliced[object]) -> int:
    return sum(1 for _ in work) + 1


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(slices, "TEXTS_AT_ONCE", 2)


@pytest.mark.parametrize(
    ("most", "expected"), [(None, [0, 2, 4, 6]), (2, [0, 2]), (4, [0, 2, 4, 6]), (0, [])]
)
def test_items_are_selected_in_slices(most: int | None, expected: list[int]) -> None:
    def is_even(number: int) -> bool:
        return number % 2 == 0

    assert finish(select(iter(range(7)), lambda: iter(range(7)), is_even, most)) == expected


def test_what_fits_in_one_slice_is_done_at_once() -> None:
    assert count_slices(select(iter([1, 2]), lambda: iter([1, 2]), bool, None)) == 1
    assert count_slices(select(iter([1, 2, 3]), lambda: iter([1, 2, 3]), bool, 1)) == 1
    assert count_slices(select(iter([1, 2, 3]), lambda: iter([1, 2, 3]), bool, None)) == 3


def test_a_function_is_called_for_two_items_at_a_time() -> None:
    assert finish(mapped(str, [1, 2, 3])) == ["1", "2", "3"]
    assert [count_slices(mapped(str, range(size))) for size in (0, 2, 3, 5)] == [1, 1, 2, 3]
    assert count_slices(mapped(str, range(3), 1)) == 3
