"""How much the long tests do: little in every run, a lot in `make nightly`."""

import os

IS_NIGHTLY = bool(os.environ.get("NIGHTLY"))


def amount(usual: int, *, nightly: int) -> int:
    """How often a long test repeats what it does."""
    return nightly if IS_NIGHTLY else usual
