"""Parts of error messages: the nearest known name, a choice, and a received value."""

import reprlib
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

MOST_CHOICES = 40
MOST_SHOWN = 80


def nearest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Return the known names that are closest to a misspelled one."""
    from difflib import get_close_matches  # noqa: PLC0415 - few programs need it

    return get_close_matches(word[:MOST_SHOWN], sorted(known), n=most)


def did_you_mean(word: str, known: Iterable[str], most: int = 1) -> str:
    """Suggest the nearest known names, as the end of a message; nothing if none is near.

    >>> did_you_mean("rate_limt", ["rate_limit", "timeout"])
    '; did you mean `rate_limit`?'
    """
    close = nearest(word, known, most)
    return f"; did you mean {one_of(close)}?" if close else ""


def hint(word: str, known: Iterable[str], choices: Iterable[str] | None = None) -> str:
    """Suggest the nearest known name, or else list all of them, or the given choices instead.

    >>> hint("xyz", ["rate_limit", "timeout"])
    '; expected `rate_limit` or `timeout`'
    """
    names = list(known)
    listed = sorted(names) if choices is None else choices
    return did_you_mean(word, names) or f"; expected {one_of(listed)}"


Operations = Callable[[str], Iterable[str]]
"""Returns the names of all operations; those that are most like a given one come first."""


def unknown_operation(pattern: str, operations: Operations) -> str | None:
    """Explain that no operation has a name or matches a pattern; None if one does."""
    if any(fnmatchcase(name, pattern) for name in operations(pattern)):
        return None
    names = sorted(operations(pattern))
    namespaces = list(dict.fromkeys(f"{name.partition('.')[0]}.*" for name in names))
    shortened = pattern if len(pattern) <= MOST_SHOWN else f"{pattern[:MOST_SHOWN]}..."
    return f"no operation is called `{shortened}`{hint(pattern, names, namespaces)}"


def one_of(choices: Iterable[str]) -> str:
    """Format a choice: `a`, `b` or `c`."""
    names = [f"`{choice}`" for choice in choices]
    if len(names) > MOST_CHOICES:
        return f"{', '.join(names[:MOST_CHOICES])}, ..."
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def shown(value: object) -> str:
    """Show a received value. A text has quotes, and long values are cut."""
    try:
        text = repr(value[: MOST_SHOWN + 1] if isinstance(value, str) else value)
    except (ValueError, RecursionError):
        text = reprlib.repr(value) if isinstance(value, list | dict) else "a huge number"
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
