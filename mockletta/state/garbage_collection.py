"""Garbage collection: paused while modules and rows are loaded, and without what stays for good."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MANY = 50_000
"""The number of rows from which a collection would take too long."""


def exempt_more() -> None:
    """Exempt all present objects from garbage collection, if some are exempt already.

    They are in a process that does nothing but serve. Another one is a test author's, whose own
    garbage has to be collected.
    """
    if gc.get_freeze_count():
        gc.freeze()


@contextmanager
def paused_garbage_collection(count_rows: Callable[[], int] = lambda: 0) -> Iterator[None]:
    """Collect no garbage while modules or rows are loaded: collections would take time and free
    little.

    A server exempts very many rows from then on: a collection would block it, and reference counts
    free them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        if count_rows() > MANY:
            exempt_more()
    finally:
        if collects:
            gc.enable()
