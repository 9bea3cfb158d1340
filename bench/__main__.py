"""`python -m bench`: run the benchmark and print its report."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from bench import footprint, report, servers
from bench.comparison import Comparison, compare
from bench.footprint import Fact
from bench.operations import operations
from bench.scale import FULL, QUICK, Scale


@click.command()
@click.option("--quick", is_flag=True, help="A few seconds: does it work at all?")
@click.option("--seconds", type=float, help="What each side of a round takes.")
@click.option("--connections", type=int, help="Keep-alive connections at once.")
@click.option("--reads", type=int, help="Reads over which the memory is to stay flat.")
@click.option("--only", default="", help="Only operations whose name contains this.")
def main(
    quick: bool, seconds: float | None, connections: int | None, reads: int | None, only: str
) -> None:
    """Measure mockletta beside a bare starlette app; print Markdown."""
    scale = QUICK if quick else FULL
    scale = replace(
        scale,
        seconds=seconds or scale.seconds,
        connections=connections or scale.connections,
        reads=reads or scale.reads,
    )
    servers.raise_descriptor_limit(2 * scale.streams + 1000)
    print(report.heading(), end="\n\n")
    comparisons = list(_comparisons(scale, only))
    print(report.operation_table(comparisons), end="\n\n", flush=True)
    if not only:
        print(report.fact_table(_facts(scale, comparisons)))


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


def _told(one: Comparison) -> Comparison:
    print(
        f"{one.name}: {one.ratio:.2f} of bare, {one.cpu_ratio:.2f} by processor time; "
        f"the generator took {one.generator_busy:.0%} of a core",
        file=sys.stderr,
    )
    return one


if __name__ == "__main__":
    main()
