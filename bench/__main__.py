"""`python -m bench`: run the benchmark and print its report."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from bench import footprint, report, servers
from bench.comparison import Comparison, compare
from bench.footprint import Fact
from bench.operations import operations
from bench.scale import FULL, QUICK, Scale

POSITIVE = click.FloatRange(min=0, min_open=True)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--quick", is_flag=True, help="A quick run, to see that the benchmark works.")
@click.option("--seconds", type=POSITIVE, help="Seconds for each side of a round.")
@click.option("--connections", type=click.IntRange(min=1), help="Parallel keep-alive connections.")
@click.option(
    "--reads", type=click.IntRange(min=10), help="The number of reads of the memory test."
)
@click.option("--only", default="", help="Only operations whose name contains this.")
@click.option("--into", type=FILE, help="Also put the report between the marks of this file.")
def main(
    quick: bool, only: str, into: Path | None, seconds: float | None, **counts: int | None
) -> None:
    """Compare mockletta with a bare starlette app and print the report as Markdown."""
    scale = QUICK if quick else FULL
    given = {name: count for name, count in counts.items() if count is not None}
    scale = replace(scale, seconds=seconds or scale.seconds, **given)
    servers.raise_descriptor_limit(2 * scale.streams + 1000)
    text = _measured(scale, only)
    print(text)
    if into is not None:
        into.write_text(report.inserted(into.read_text(), text))


def _measured(scale: Scale, only: str) -> str:
    comparisons = list(_comparisons(scale, only))
    parts = [report.heading(), report.operation_table(comparisons)]
    if not only:
        parts.append(report.fact_table(_facts(scale, comparisons)))
    return "\n\n".join(parts)


def _comparisons(scale: Scale, only: str) -> Iterator[Comparison]:
    for operation in operations(scale):
        if only in operation.name:
            yield _told(compare(operation, scale))


def _facts(scale: Scale, comparisons: Sequence[Comparison]) -> Iterator[Fact]:
    yield footprint.pages(comparisons)
    yield footprint.startup(scale)
    yield footprint.first_agent(scale)
    yield footprint.memory_after_start()
    yield footprint.memory_after_reads(scale)
    yield footprint.slow_streams(scale)
    yield footprint.proxy_overhead(scale)
    yield footprint.proxied_streams(scale)


def _told(one: Comparison) -> Comparison:
    print(
        f"{one.name}: {one.ratio:.2f} of bare, {one.cpu_ratio:.2f} by processor time; "
        f"the generator took {one.generator_busy:.0%} of a core",
        file=sys.stderr,
    )
    return one


if __name__ == "__main__":
    main()
