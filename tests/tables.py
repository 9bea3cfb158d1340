"""The generated tables of the README and of docs/: `python -m tests.tables` writes them."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import click

from mockletta import quirks
from mockletta.api.unimplemented import OPERATIONS
from mockletta.app import create_router
from mockletta.cli import main
from mockletta.control.index import operations as control_operations

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))


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


def control_table() -> str:
    """Every operation of the control API."""
    return _table(
        ("Request", "What it does"),
        ((f"`{one.method} {one.path}`", one.summary) for one in control_operations()),
    )


def commands_table() -> str:
    """Every command of the command line."""
    context = click.Context(main)
    commands = [(name, main.get_command(context, name)) for name in main.list_commands(context)]
    return _table(
        ("Command", "What it does"),
        ((f"`mockletta {name}`", one.get_short_help_str(200)) for name, one in commands if one),
    )


TABLES = {
    "operations": operations_table,
    "quirks": quirks_table,
    "control": control_table,
    "commands": commands_table,
}


def with_tables(text: str) -> str:
    """A page's text with its tables as they should be."""
    for name, table in TABLES.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if start in text:
            before, _, rest = text.partition(start)
            text = f"{before}{start}\n\n{table()}\n\n{end}{rest.partition(end)[2]}"
    return text


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, (":--",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
