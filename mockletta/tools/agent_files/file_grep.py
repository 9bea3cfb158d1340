"""The `grep_files` tool: a regular expression over an agent's files, bounded in size and time."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence

from mockletta.search.expressions import (
    BadExpression,
    Budget,
    Expression,
    ExpressionTooLarge,
    ExpressionTooSlow,
)
from mockletta.state.stored_files import AgentFileRecord, FileRecord
from mockletta.tools.agent_files.file_text import lines_of
from mockletta.tools.agent_files.open_files import by_name, record_access
from mockletta.tools.context import ToolContext

LONGEST_PATTERN = 1_000
MOST_CONTEXT = 50
RULE = 80
PAGE = 20
"""The number of matches on one page."""
SECONDS = 0.5
"""The limit of a search in seconds of real time."""
SPECIAL = frozenset("^$()[]{}\\+")
"""Characters that make a pattern for names a regular expression instead of a glob."""
NO_FILES = "No files are currently attached to search"
Hit = tuple[AgentFileRecord, FileRecord, list[str], int]


def grep_files(
    context: ToolContext,
    /,
    pattern: str,
    include: str | None = None,
    context_lines: int | None = None,
    offset: int | None = None,
) -> str:
    """Search files, ignoring case; `include` is a pattern for their names.

    A match is shown with `context_lines` (1) lines around it. `offset` skips matches.
    """
    expression = _compiled(pattern)
    named = _compiled(_as_expression(include)) if include else None
    files = by_name(context.world, context.agent.id)
    if not files:
        return NO_FILES
    budget = Budget(SECONDS)
    searched = [
        (record, file)
        for record, file in files
        if named is None or _found(named, file.name, budget)
    ]
    if not searched:
        return f"No files match the filename pattern '{include}' (filtered {len(files)} files)"
    hits = list(_hits(expression, searched, budget))
    record_access(context.world, context.agent, {record.id: record for record, *_ in hits}.values())
    around = min(1 if context_lines is None else context_lines, MOST_CONTEXT)
    return _report(pattern, include, hits, max(offset or 0, 0), around)


def _hits(
    expression: Expression,
    files: Sequence[tuple[AgentFileRecord, FileRecord]],
    budget: Budget,
) -> Iterator[Hit]:
    for record, file in files:
        lines = lines_of(file.text, file.name)
        for place, line in enumerate(lines):
            if _found(expression, line, budget):
                yield record, file, lines, place


def _found(expression: Expression, text: str, budget: Budget) -> bool:
    try:
        return expression.search(text, budget) is not None
    except ExpressionTooSlow as error:
        raise ValueError(f"Search {error}; use a simpler pattern") from error


def _compiled(pattern: str) -> Expression:
    if not pattern.strip():
        raise ValueError("Empty search pattern provided")
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"Pattern too complex: {len(pattern)} chars (max {LONGEST_PATTERN})")
    try:
        compiled = Expression(pattern, ignore_case=True)
    except ExpressionTooLarge as error:
        raise ValueError(f"Pattern too complex: {error}") from error
    except BadExpression as error:
        _check_syntax(pattern)
        raise ValueError(f"Invalid regex pattern: {error}") from error
    _check_syntax(pattern)
    return compiled


def _check_syntax(pattern: str) -> None:
    """Refuse a broken pattern in the words of Python's own expressions, which the server uses.

    It is not compiled as the server does it, without regard to case: sets of characters would take
    seconds.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"Invalid regex pattern: {error}") from error


def _as_expression(include: str) -> str:
    """Return the expression of a pattern for names, which may be a plain glob such as `*.py`."""
    if "*" not in include or not SPECIAL.isdisjoint(include):
        return include
    return include.replace(".", r"\.").replace("*", ".*").replace("?", ".") + "$"


def _report(
    pattern: str, include: str | None, hits: Sequence[Hit], offset: int, around: int
) -> str:
    where = f" in files matching '{include}'" if include else ""
    if not hits:
        return f"No matches found for pattern: '{pattern}'{where}"
    page = hits[offset : offset + PAGE]
    names = Counter(file.name for _, file, _, _ in hits)
    last = min(offset + PAGE, len(hits))
    more = f'To see more matches, call: grep_files(pattern="{pattern}", offset={last})'
    counts = f"Found {len(hits)} total matches across {len(names)} files"
    head = [
        f"{counts} (showing matches {offset + 1}-{last} of {len(hits)})",
        "=" * RULE,
        "",
        "Files with matches:",
        *(f"  - {name}: {times} matches" for name, times in names.most_common()),
        "\n\n",
    ]
    shown = [_shown(file.name, lines, place, around) for _, file, lines, place in page]
    end = more if last < len(hits) else "No more matches to show."
    return "\n".join(head) + "\n\n".join([*shown, end])


def _shown(name: str, lines: Sequence[str], place: int, around: int) -> str:
    first = max(place - around, 0)
    shown = [
        f"{'>' if number == place else ' '} {number + 1}: {line}"
        for number, line in enumerate(lines[first : place + around + 1], first)
    ]
    return "\n".join([f"=== {name}:{place + 1} ===", *(shown or [""])])
