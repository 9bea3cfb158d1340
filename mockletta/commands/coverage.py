"""`mockletta coverage`: lists the operations of the API and their status."""

import json
from collections import Counter
from typing import Any

import click

STATUSES = ("behaves", "data only", "501")
Row = dict[str, Any]


@click.command()
@click.argument("text", required=False, default="")
@click.option("--status", type=click.Choice(STATUSES), help="Only operations with this status.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with the test of each operation."
)
def coverage(text: str, status: str | None, *, as_json: bool) -> None:
    """List the operations and whether each is supported. TEXT is a part of a name or a path."""
    from mockletta.api.docs_pages import load_coverage  # noqa: PLC0415 - not for help

    rows = [
        row
        for row in load_coverage()["operations"]
        if status in (None, row["status"]) and _is_about(row, text.lower())
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        name = row["operation"] if row["sdk"] else f"{row['operation']} *"
        click.echo(f"{name:<44} {row['status']:<10} {row['method']:<6} {row['path']}")
    click.echo(summary(rows))


def summary(rows: list[Row]) -> str:
    """Summarize how many rows have which status."""
    counts = Counter(row["status"] for row in rows)
    listed = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    return f"{len(rows)} operations: {listed or 'none'}; * no method of the SDK calls it"


def _is_about(row: Row, text: str) -> bool:
    return text in row["operation"].lower() or text in row["path"].lower()
