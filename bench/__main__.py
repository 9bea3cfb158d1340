"""`python -m bench`: run the benchmark and print its report."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from bench import figures, first_requests, footprint, recording, report, servers
from bench.comparison import Comparison, compare
from bench.footprint import Fact
from bench.huge_world import huge_world
from bench.operations import operations
from bench.paced_streams import PacedComparison, compare_paced
from bench.scale import FULL, QUICK, Scale

POSITIVE = click.FloatRange(min=0, min_open=True)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--quick", is_flag=True, help="A quick run, to see that the benchmark works.")
@click.option("--seconds", type=POSITIVE, help="Seconds for each side of a round.")
@click.option("--connections", type=click.IntRange(min=1), help="Parallel keep-alive connections.")
@click.option(
    "--reads", type=click.IntRange(min=10), help="The number of reads of the memory test."
)
@click.option("--only", default="", help="Only operations whose name contains this.")
@click.option("--into", type=FILE, help="Also put the report between the marks of this file.")
@click.option("--json", "saved", type=NEW_FILE, help="Also write the figures to this file.")
@click.option("--against", type=FILE, help="Name what is slower than in this file of figures.")
def main(
    quick: bool,
    only: str,
    into: Path | None,
    saved: Path | None,
    against: Path | None,
    seconds: float | None,
    connections: int | None,
    reads: int | None,
) -> None:
    """Compare mockletta with a bare starlette app and print the report as Markdown."""
    scale = QUICK if quick else FULL
    scale = replace(
        scale,
        seconds=seconds or scale.seconds,
        connections=connections or scale.connections,
        reads=reads or scale.reads,
    )
    servers.raise_descriptor_limit(2 * max(load.streams for load in scale.paced) + 1000)
    comparisons, paced = list(_comparisons(scale, only)), list(_paced(scale, only))
    facts = [] if only else list(_facts(scale, comparisons))
    text = report.whole(comparisons, paced, facts)
    print(text)
    if into is not None:
        into.write_text(report.inserted(into.read_text(), text))
    measured = figures.figures_of(comparisons, paced, facts)
    for line in figures.losses(measured, figures.load(against)) if against else ():
        print(f"slower than before: {line}", file=sys.stderr)
    if saved is not None:
        figures.save(measured, saved)


def _paced(scale: Scale, only: str) -> Iterator[PacedComparison]:
    for load in scale.paced:
        if only in load.name:
            one = compare_paced(load)
            print(f"{load.name}: {one.ours.cpu_each * 1e6:.1f} µs a token", file=sys.stderr)
            yield one


def _comparisons(scale: Scale, only: str) -> Iterator[Comparison]:
    for operation in operations(scale):
        if only in operation.name:
            yield _told(compare(operation, scale))


def _facts(scale: Scale, comparisons: Sequence[Comparison]) -> Iterator[Fact]:
    yield footprint.pages(comparisons)
    yield footprint.startup(scale)
    yield from first_requests.facts(scale)
    yield footprint.memory_after_start()
    yield footprint.memory_after_reads(scale)
    yield from recording.facts(scale)
    yield from huge_world(scale)


def _told(one: Comparison) -> Comparison:
    print(
        f"{one.name}: {one.ratio:.2f} of bare, {one.cpu_ratio:.2f} by processor time; "
        f"the generator took {one.generator_busy:.0%} of a core",
        file=sys.stderr,
    )
    return one


if __name__ == "__main__":
    main()
