"""The numbered lines of a file, which an agent sees.

1. Empty lines are dropped, and all lines but those of code are stripped. Numbers count the lines
   that remain [64 agent files].
2. Lines count from 0 in code and from 1 in texts.
"""

import re
from collections.abc import Sequence

_CODE = re.compile(
    r"\.(bash|c|cc|cfg|cpp|cs|css|cxx|go|h|hpp|html?|ini|java|jsx?|kt|less|lua|m|php|pl|ps1|py|r|rb"
    r"|rs|sass|scala|scss|sh|sql|svelte|swift|toml|tsx?|vue|xml|ya?ml|zsh)$",
    re.IGNORECASE,
)


def lines_of(text: str, file_name: str) -> list[str]:
    """Return the counted lines of a file."""
    strip = str.rstrip if _CODE.search(file_name) else str.strip
    return [line for line in map(strip, text.splitlines()) if line]


def numbered(lines: Sequence[str], first: int = 0) -> list[str]:
    return [f"{number}: {line}" for number, line in enumerate(lines, first + 1)]


def view(lines: Sequence[str], start: int | None, end: int | None) -> str:
    """Render the part of a file that an agent sees: all lines, or those from `start` up to
    `end`."""
    total = f"(out of {len(lines)} lines)]"
    if start is None:
        head = f"[Viewing file start {total}"
    elif end is None:
        head = f"[Viewing lines {start + 1} to end {total}"
    else:
        head = f"[Viewing lines {start + 1} to {min(end, len(lines))} {total}"
    return "\n".join([head, *numbered(lines[start:end], start or 0)])
