"""Long work in slices: generators that yield where other requests can be served."""

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import chain, islice
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
Result = TypeVar("Result")
Sliced: TypeAlias = Generator[None, None, Result]
"""Work that yields between its slices and returns a result."""
ROWS_AT_ONCE = 2_000
TEXTS_AT_ONCE = 500
"""The rows and the texts that are looked at in one slice, some milliseconds."""


def select(
    items: Iterator[Item],
    frozen: Callable[[], Iterator[Item]],
    keep: Callable[[Item], bool],
    most: int | None,
) -> Sliced[list[Item]]:
    """Return the first items to keep. If one slice is not enough, start again with the items of
    `frozen`: the same items, which do not change meanwhile."""
    found = list(islice(filter(keep, islice(items, ROWS_AT_ONCE)), most))
    if len(found) == most or next(items, None) is None:
        return found
    found, items = [], frozen()
    for first in items:
        some = chain((first,), islice(items, ROWS_AT_ONCE - 1))
        found += islice(filter(keep, some), None if most is None else most - len(found))
        if len(found) == most:
            break
        yield
    return found


def mapped(
    function: Callable[[Item], Made], items: Sequence[Item], at_once: int | None = None
) -> Sliced[list[Made]]:
    """Call a function for each item."""
    made: list[Made] = []
    size = at_once or TEXTS_AT_ONCE
    for start in range(0, len(items), size):
        if start:
            yield
        made += map(function, items[start : start + size])
    return made


def finish(work: Sliced[Result]) -> Result:
    """Do all slices of some work at once."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result
