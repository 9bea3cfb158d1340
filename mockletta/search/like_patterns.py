"""SQL's LIKE, in linear time for every pattern."""


def is_like(text: str | None, term: str) -> bool:
    """Return whether SQL's LIKE '%term%' holds: case counts, `%` and `_` are wildcards.

    >>> is_like("The trip to Rome", "t_ip%R")
    True

    The pieces between two `%` are searched from left to right, each as early as possible.
    """
    if text is None:
        return False
    start = 0
    for piece in term.split("%"):
        end = _end_of(piece, text, start)
        if end is None:
            return False
        start = end
    return True


def _end_of(piece: str, text: str, start: int) -> int | None:
    """Return the end of the first occurrence of a piece, or None."""
    if "_" not in piece:
        found = text.find(piece, start)
        return None if found < 0 else found + len(piece)
    if not _has_all(text, piece.split("_"), start):
        return None
    if not piece.strip("_"):
        return start + len(piece) if start + len(piece) <= len(text) else None
    return _shift_and(piece, text, start)


def _has_all(text: str, literals: list[str], start: int) -> bool:
    """Return whether a text has all pieces, in this order."""
    for literal in literals:
        found = text.find(literal, start)
        if found < 0:
            return False
        start = found + len(literal)
    return True


def _shift_and(piece: str, text: str, start: int) -> int | None:
    """Search with the bits of one integer: bit n is set where n + 1 characters match."""
    anything = sum(1 << place for place, char in enumerate(piece) if char == "_")
    masks = dict.fromkeys(piece, anything)
    for place, char in enumerate(piece):
        masks[char] |= 1 << place
    last, state = 1 << (len(piece) - 1), 0
    for place in range(start, len(text)):
        state = (state << 1 | 1) & masks.get(text[place], anything)
        if state & last:
            return place + 1
    return None
