"""Figures that are kept, and what is flagged as slower than they were."""

from pathlib import Path

from bench.comparison import Comparison
from bench.figures import figures_of, load, losses, save
from bench.load import Sample


def a_comparison(name: str, cpu: float) -> Comparison:
    ours, bare = Sample(elapsed=1.0, server_cpu=cpu), Sample(elapsed=1.0, server_cpu=1.0)
    ours.latencies.extend([0.001] * 100)
    bare.latencies.extend([0.001] * 100)
    return Comparison(name, None, [ours], [bare])


def test_figures_are_read_as_they_were_saved(tmp_path: Path) -> None:
    figures = figures_of([a_comparison("ping", 2.0)], [], [])
    save(figures, tmp_path / "figures.json")
    assert load(tmp_path / "figures.json") == figures
    assert figures["operations"]["ping"]["cpu_ratio"] == 0.5


def test_only_a_loss_of_more_than_15_percent_is_flagged() -> None:
    before = {
        **figures_of([a_comparison("a", 2.0), a_comparison("b", 2.0)], [], []),
        "measured": "x",
    }
    now = figures_of(
        [a_comparison("a", 2.3), a_comparison("b", 2.5), a_comparison("c", 9.0)], [], []
    )
    assert list(losses(now, before)) == ["b: 0.40 of bare, 0.50 on x"]
