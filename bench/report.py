"""The report: Markdown tables of the operations and the other costs."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from bench.comparison import Comparison, percentile
from bench.footprint import Fact
from bench.paced_streams import PacedComparison

PACKAGES = ("starlette", "uvicorn", "uvloop", "pydantic")
BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"
OPERATION_TITLES = (
    ("operation", "µs", "bare µs", "ratio", "aim", "reached", "requests/s", "p50 ms", "p99 ms"),
    (":--", "--:", "--:", "--:", "--:", ":--", "--:", "--:", "--:"),
)
STREAM_TITLES = (
    (
        "paced streams",
        "µs a token",
        "bare µs",
        "late p50 ms",
        "late p99 ms",
        "bare p99 ms",
        "first token ms",
        "kB a stream",
        "seconds",
        "bare seconds",
    ),
    (":--", *("--:",) * 9),
)
FACT_TITLES = (("beside the speed", "measured", "aim", "reached"), (":--", ":--", ":--", ":--"))


def heading() -> str:
    """Return when and where the numbers were measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {packages}."
    )


def whole(
    comparisons: Sequence[Comparison], paced: Sequence[PacedComparison], facts: Sequence[Fact]
) -> str:
    """Return the whole report; a table without lines is left out."""
    tables = (operation_table(comparisons), stream_table(paced), fact_table(facts))
    kept = [
        table for table, lines in zip(tables, (comparisons, paced, facts), strict=True) if lines
    ]
    return "\n\n".join([heading(), *kept])


def operation_table(comparisons: Iterable[Comparison]) -> str:
    """Return the table with a line for each operation."""
    return _table(*OPERATION_TITLES, *(_operation_cells(one) for one in comparisons))


def stream_table(comparisons: Iterable[PacedComparison]) -> str:
    """Return the table with a line for each load of paced streams."""
    return _table(*STREAM_TITLES, *(_stream_cells(one) for one in comparisons))


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
        f"{one.cpu_each * 1e6:.0f}",
        f"{one.bare_cpu_each * 1e6:.0f}",
        f"{one.cpu_ratio:.2f}",
        "" if one.aim is None else f"{one.aim:.1f}",
        _yes_or_no(None if one.aim is None else one.cpu_ratio >= one.aim),
        f"{one.rate:,.0f}",
        f"{one.latency(0.5) * 1000:.2f}",
        f"{one.latency(0.99) * 1000:.2f}",
    )


def _stream_cells(one: PacedComparison) -> tuple[str, ...]:
    ours, bare = one.ours, one.bare
    return (
        one.load.name,
        f"{ours.cpu_each * 1e6:.1f}",
        f"{bare.cpu_each * 1e6:.1f}",
        f"{percentile([ours.lateness], 0.5) * 1000:,.0f}",
        f"{percentile([ours.lateness], 0.99) * 1000:,.0f}",
        f"{percentile([bare.lateness], 0.99) * 1000:,.0f}",
        f"{percentile([ours.first_tokens], 0.5) * 1000:,.0f}",
        f"{ours.memory_each / 1000:.0f}",
        f"{ours.elapsed:.1f}",
        f"{bare.elapsed:.1f}",
    )


def _table(*rows: tuple[str, ...]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _yes_or_no(reached: bool | None) -> str:
    return {None: "", True: "yes", False: "**no**"}[reached]
