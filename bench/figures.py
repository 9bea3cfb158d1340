"""The figures of a run as JSON, and how they compare with those of an earlier run."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.comparison import Comparison, percentile
from bench.footprint import Fact
from bench.paced_streams import PacedComparison

LOSS = 0.15
"""A smaller loss is within what rounds differ by."""
Figures = Mapping[str, Any]


def figures_of(
    comparisons: Iterable[Comparison], paced: Iterable[PacedComparison], facts: Iterable[Fact]
) -> Figures:
    """Return all figures of a run. Times are in microseconds or milliseconds, as their names
    say."""
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "operations": {one.name: _operation(one) for one in comparisons},
        "paced_streams": {one.load.name: _streams(one) for one in paced},
        "facts": {fact.name: fact.measured for fact in facts},
    }


def losses(now: Figures, before: Figures) -> Iterator[str]:
    """Yield a line for each operation that takes more processor time than before, compared with
    the bare application. Figures that only one of the runs has are ignored."""
    for part in ("operations", "paced_streams"):
        for name in now[part].keys() & before.get(part, {}).keys():
            ratio, earlier = now[part][name]["cpu_ratio"], before[part][name]["cpu_ratio"]
            if ratio < earlier * (1 - LOSS):
                yield f"{name}: {ratio:.2f} of bare, {earlier:.2f} on {before['measured']}"


def save(figures: Figures, file: Path) -> None:
    """Write figures to a file, for `load` in a later run."""
    file.write_text(json.dumps(figures, indent=1) + "\n")


def load(file: Path) -> Figures:
    """Read a file of `save`."""
    figures: Figures = json.loads(file.read_text())
    return figures


def _operation(one: Comparison) -> dict[str, float]:
    return {
        "cpu_us": _rounded(one.cpu_each * 1e6),
        "bare_cpu_us": _rounded(one.bare_cpu_each * 1e6),
        "cpu_ratio": _rounded(one.cpu_ratio),
        "requests_per_second": _rounded(one.rate),
        "bare_requests_per_second": _rounded(one.bare_rate),
        "ratio": _rounded(one.ratio),
        "p50_ms": _rounded(one.latency(0.5) * 1e3),
        "p99_ms": _rounded(one.latency(0.99) * 1e3),
    }


def _streams(one: PacedComparison) -> dict[str, float]:
    ours = one.ours
    return {
        "complete": ours.finished,
        "tokens": len(ours.lateness),
        "cpu_us": _rounded(ours.cpu_each * 1e6),
        "bare_cpu_us": _rounded(one.bare.cpu_each * 1e6),
        "cpu_ratio": _rounded(one.cpu_ratio),
        "late_p50_ms": _rounded(percentile([ours.lateness], 0.5) * 1e3),
        "late_p99_ms": _rounded(percentile([ours.lateness], 0.99) * 1e3),
        "bare_late_p99_ms": _rounded(percentile([one.bare.lateness], 0.99) * 1e3),
        "first_token_p50_ms": _rounded(percentile([ours.first_tokens], 0.5) * 1e3),
        "memory_kb": _rounded(ours.memory_each / 1e3),
        "seconds": _rounded(ours.elapsed),
        "bare_seconds": _rounded(one.bare.elapsed),
    }


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
