"""The README's generated tables: `python -m tests.tables` writes them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from mockletta import quirks
from mockletta.api.unimplemented import OPERATIONS
from mockletta.app import create_router

README = Path(__file__).parent.parent / "README.md"


def operations_table() -> str:
    """Every operation's status, one row for each namespace of the SDK."""
    refused = {operation for _, _, operation in OPERATIONS}
    names = sorted(name for name in create_router().endpoints if not name.startswith("pages."))
    rows: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for name in names:
        namespace, _, verb = f"client.{name}".rpartition(".")
        rows[namespace][name in refused].append(f"`{verb}`")
    table = _table(
        ("Namespace", "Imitated", "Answers 501"),
        ((f"`{key}`", *map(", ".join, rows[key])) for key in sorted(rows)),
    )
    return f"{len(names) - len(refused)} of {len(names)} operations are imitated.\n\n{table}"


def quirks_table() -> str:
    """Every quirk: its name and what the recorded server does."""
    return _table(
        ("Quirk", "The recorded server"), ((f"`{one.name}`", one.recorded) for one in quirks.ALL)
    )


def with_tables(text: str) -> str:
    """The README's text with its tables as they should be."""
    for name, table in (("operations", operations_table()), ("quirks", quirks_table())):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        text = re.sub(f"{start}.*?{end}", f"{start}\n\n{table}\n\n{end}", text, flags=re.DOTALL)
    return text


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, (":--",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
