"""Makes untrusted text safe for one line of a terminal or a log."""

from collections.abc import Sized

MOST_SHOWN = 160
AROUND = 40


def printable(text: str) -> str:
    """Return a text on one line, with control characters escaped."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def shown(value: object, most: int = MOST_SHOWN) -> str:
    """Return a value's repr, cut if it is long."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def shown_pair(expected: str, received: str) -> tuple[str, str]:
    """Return two different texts. If they are long, they start shortly before the difference."""
    if max(len(expected), len(received)) <= MOST_SHOWN:
        return repr(expected), repr(received)
    both = zip(expected, received, strict=False)
    same = next((at for at, (one, other) in enumerate(both) if one != other), None)
    start = max((min(len(expected), len(received)) if same is None else same) - AROUND, 0)
    cut = [f"{'…' if start else ''}{shown(text[start:])}" for text in (expected, received)]
    return cut[0], cut[1]


def counted(items: Sized | int, noun: str) -> str:
    """Format a number with its noun: `1 request`, `2 requests`."""
    number = items if isinstance(items, int) else len(items)
    return f"{number} {noun}{'' if number == 1 else 's'}"
