"""The generated tables of the README and of docs/: `python -m tests.tables` writes them, and the
types of the TypeScript package, the JSON Schemas of scripts and seeds and /openapi.json."""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import click
from letta_client import __version__ as sdk_version

from mockletta import default_brain
from mockletta.cli import main
from mockletta.control.index import operations as control_operations
from mockletta.files.seed_shapes import seed_schema
from mockletta.script.script_models import script_schema
from mockletta.world import quirks
from tests.clients import generated as types
from tests.contract.generated.idle_parameters import IDLE
from tests.coverage.table import FILE, Row, coverage
from tests.described import openapi
from tests.source import DATA

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))


def operations_table() -> str:
    """The operations that are imitated, one row for each namespace of the SDK."""
    rows: dict[str, list[str]] = defaultdict(list)
    for row in _coverage():
        if row["status"] != "501":
            namespace, _, verb = f"client.{row['operation']}".rpartition(".")
            rows[namespace].append(f"`{verb}`" if row["sdk"] else f"`{verb}`*")
    table = _table(
        ("Namespace", "Operations"), ((f"`{key}`", ", ".join(rows[key])) for key in sorted(rows))
    )
    return f"{coverage_counts()}\n\n{table}"


def coverage_counts() -> str:
    """How many operations are imitated, of the SDK and beyond it."""
    ours = [row for row in _coverage() if row["sdk"]]
    imitated = [row for row in ours if row["status"] != "501"]
    beyond = [row for row in _coverage() if not row["sdk"]]
    also = [row for row in beyond if row["status"] != "501"]
    return (
        f"{len(imitated)} of the {len(ours)} operations of SDK {sdk_version} are imitated, and "
        f"{len(also)} of {len(beyond)} that it has no method for (*)."
    )


def coverage_table() -> str:
    """Every operation: its request, its status, and the test that proves it."""
    return _table(
        ("Operation", "Request", "Status", "Proved by"),
        (
            (
                f"`{row['operation']}`" if row["sdk"] else f"`{row['operation']}`*",
                f"`{row['method']} {row['path']}`",
                row["status"],
                _link(row["test"]),
            )
            for row in _coverage()
        ),
    )


def _link(test: str) -> str:
    """A link to a test, which says what it proves."""
    file, _, name = test.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file})"


@cache
def _coverage() -> list[Row]:
    rows: list[Row] = json.loads(coverage())["operations"]
    return rows


def quirks_table() -> str:
    """Every quirk: what the recorded server does, and the source of either way."""
    return _table(
        ("Quirk", "`open`, as recorded", "Recording", "`cloud` goes by"),
        ((f"`{one.name}`", one.recorded, one.recording, one.source) for one in quirks.ALL),
    )


def idle_table() -> str:
    """Every parameter that is accepted without effect, with the reason."""
    return _table(
        ("Parameter", "Of", "Why it has no effect"),
        ((f"`{one.parameter}`", f"`{one.operations}`", one.reason) for one in IDLE),
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


def brain_table() -> str:
    """Every entry of the default brain's table, in the order in which they are tried."""
    return _table(
        ("Entry", "It takes", "It answers", "Example"),
        ((f"`{one.name}`", one.takes, one.answers, one.examples[0]) for one in default_brain.TABLE),
    )


TABLES = {
    "default brain": brain_table,
    "operations": operations_table,
    "coverage counts": coverage_counts,
    "coverage": coverage_table,
    "quirks": quirks_table,
    "idle parameters": idle_table,
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
    FILE.write_text(coverage(), encoding="utf-8")
    openapi.write()
    types.FILE.write_text(types.generated(), encoding="utf-8")
    (DATA / "script.schema.json").write_text(script_schema(), encoding="utf-8")
    (DATA / "seed.schema.json").write_text(seed_schema(), encoding="utf-8")
    for page in PAGES:
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
