"""The report: Markdown tables of the operations and the other costs."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

from bench.comparison import Comparison
from bench.footprint import Fact

PACKAGES = ("starlette", "uvicorn", "uvloop", "pydantic")
BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"
OPERATION_TITLES = (
    ("operation", "requests/s", "p50 ms", "p99 ms", "bare requests/s", "ratio", "aim", "reached"),
    (":--", "--:", "--:", "--:", "--:", "--:", "--:", ":--"),
)
FACT_TITLES = (("beside the speed", "measured", "aim", "reached"), (":--", ":--", ":--", ":--"))


def heading() -> str:
    """Return when and where the numbers were measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {packages}."
    )


def operation_table(comparisons: Iterable[Comparison]) -> str:
    """Return the table with a line for each operation."""
    return _table(*OPERATION_TITLES, *(_operation_cells(one) for one in comparisons))


def fact_table(facts: Iterable[Fact]) -> str:
    """Return the table with a line for each fact."""
    rows = ((fact.name, fact.measured, fact.aim, _yes_or_no(fact.reached)) for fact in facts)
    return _table(*FACT_TITLES, *rows)


def inserted(page: str, report: str) -> str:
    """Put a report between the marks of a page. Raises ValueError if it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"no {BEGIN} and {END} to put the report between")
    return f"{before}{begin}\n{report}\n{end}{after}"


def _operation_cells(one: Comparison) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.rate:,.0f}",
        f"{one.latency(0.5) * 1000:.2f}",
        f"{one.latency(0.99) * 1000:.2f}",
        f"{one.bare_rate:,.0f}",
        f"{one.ratio:.2f}",
        "" if one.aim is None else f"{one.aim:.1f}",
        _yes_or_no(None if one.aim is None else one.ratio >= one.aim),
    )


def _table(*rows: tuple[str, ...]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _yes_or_no(reached: bool | None) -> str:
    return {None: "", True: "yes", False: "**no**"}[reached]
