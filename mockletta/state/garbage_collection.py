"""Pauses garbage collection while rows are read."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MANY = 50_000


@contextmanager
def paused_garbage_collection(count_rows: Callable[[], int]) -> Iterator[None]:
    """Collect no garbage while rows are read, since none of them is garbage.

    Very many rows are exempt from then on: a collection would block the server, and reference
    counts free them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if count_rows() > MANY:
            gc.freeze()
        if collects:
            gc.enable()
