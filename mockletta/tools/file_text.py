"""The text of a file: its numbered lines, and the passages it is embedded as.

1. Empty lines are left out, and lines of anything but code lose the white space around them, so
   the numbers count the lines that are left [64 agent files].
2. Lines count from 0 here and from 1 in texts.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_CODE = re.compile(
    r"\.(bash|c|cc|cfg|cpp|cs|css|cxx|go|h|hpp|html?|ini|java|jsx?|kt|less|lua|m|php|pl|ps1|py|r|rb"
    r"|rs|sass|scala|scss|sh|sql|svelte|swift|toml|tsx?|vue|xml|ya?ml|zsh)$",
    re.IGNORECASE,
)
CHARACTERS_PER_TOKEN = 4
MOST_PASSAGES = 10_000
_BREAKS = ("\n\n", "\n", ". ", " ")


def lines_of(text: str, file_name: str) -> list[str]:
    """A file's lines as they are counted."""
    strip = str.rstrip if _CODE.search(file_name) else str.strip
    return [line for line in map(strip, text.splitlines()) if line]


def numbered(lines: Sequence[str], first: int = 0) -> list[str]:
    return [f"{number}: {line}" for number, line in enumerate(lines, first + 1)]


def view(lines: Sequence[str], start: int | None, end: int | None) -> str:
    """What an agent sees of a file: all of it, or the lines from `start` up to `end`."""
    total = f"(out of {len(lines)} lines)]"
    if start is None:
        head = f"[Viewing file start {total}"
    elif end is None:
        head = f"[Viewing lines {start + 1} to end {total}"
    else:
        head = f"[Viewing lines {start + 1} to {end} {total}"
    return "\n".join([head, *numbered(lines[start:end], start or 0)])


def passages_of(text: str, tokens: int) -> list[str]:
    """A text in pieces of at most so many tokens, cut at paragraphs, lines, sentences or words;
    of so many more that there are not too many pieces."""
    size = max(max(tokens, 1) * CHARACTERS_PER_TOKEN, 2 * len(text) // MOST_PASSAGES)
    cuts = [0]
    while len(text) - cuts[-1] > size:
        cuts.append(cuts[-1] + _cut(text[cuts[-1] : cuts[-1] + size]))
    pieces = (text[start:end].strip() for start, end in pairwise([*cuts, len(text)]))
    return [piece for piece in pieces if piece]


def _cut(piece: str) -> int:
    """Where a piece that is too long to be the last one ends best: in its second half."""
    for mark in _BREAKS:
        place = piece.rfind(mark, len(piece) // 2)
        if place >= 0:
            return place + len(mark)
    return len(piece)
