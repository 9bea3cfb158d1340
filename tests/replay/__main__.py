"""`python -m tests.replay [--base-url URL] FILE …`: how many exchanges of a recording are equal.

A FILE is a path, or a glob of the names in `tests/replay/transcripts`. The first differences follow
the table. Exits 1 if anything differs.
"""

import argparse
import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from mockletta.recordings.drift.playing import Outcome, PlayedScenario, Verdict
from mockletta.recordings.drift.transcripts import ScenarioTranscript

from .deviations import DEVIATIONS
from .exchanges import load, transcripts
from .replaying import replay
from .server_under_test import Served, serving

COLUMNS: Sequence[Verdict] = (
    "equal",
    "order",
    "deviation",
    "not imitated",
    "unbound",
    "unrecorded",
    "different",
)


def main() -> None:
    """Replay the chosen recordings, print the table and the differences."""
    logging.disable()
    options = _options()
    totals: Counter[str] = Counter()
    replays = []
    click.echo(_row("file", ["sent", *COLUMNS]))
    for transcript in _chosen(options.files):
        with _server(transcript, options.base_url) as server:
            done = replay(transcript, server.url, server.wait, listener=server.listener)
        replays.append(done)
        counts = Counter(one.verdict for one in done.outcomes)
        totals.update(counts)
        click.echo(_row(transcript.name, _cells(len(done.outcomes), counts)))
    if len(replays) > 1:
        click.echo(_row("all", _cells(sum(totals.values()), totals)))
    for done in replays:
        _print_details(done, options)
    raise SystemExit(totals["different"] > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="paths, or globs such as '05*'")
    parser.add_argument("--base-url", help="a running server; state is kept between the files")
    parser.add_argument("-n", "--shown", type=int, default=10, help="exchanges shown of each file")
    parser.add_argument("-s", "--skipped", action="store_true", help="what was skipped, and why")
    parser.add_argument("-o", "--order", action="store_true", help="differences of key order")
    return parser.parse_args()


def _chosen(files: Sequence[str]) -> Iterator[ScenarioTranscript]:
    for one in files or ["*"]:
        if one.endswith(".json"):
            yield load(Path(one))
        else:
            yield from transcripts(one)


@contextmanager
def _server(transcript: ScenarioTranscript, url: str | None) -> Iterator[Served]:
    if url is not None:
        yield Served(url, time.sleep)
        return
    with serving(transcript) as server:
        yield server


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:38}" + "".join(f"{cell:>13}" for cell in cells)


def _cells(sent: int, counts: Counter[Verdict] | Counter[str]) -> list[str]:
    return [str(sent), *(str(counts[column]) for column in COLUMNS)]


def _print_details(done: PlayedScenario, options: argparse.Namespace) -> None:
    kinds = {"different", "order"} if options.order else {"different"}
    shown = [one for one in done.outcomes if one.verdict in kinds]
    for outcome in shown[: options.shown]:
        click.echo(f"\n{_where(done, outcome)}")
        for one in outcome.differences:
            click.echo(f"  {one.kind} {one}")
    if len(shown) > options.shown:
        click.echo(f"\n{len(shown) - options.shown} more exchanges differ: see --shown")
    for outcome in done.outcomes:
        if options.skipped and outcome.verdict in ("not imitated", "unbound"):
            request = outcome.exchange.request
            asked = f"{request.method} {request.path} {outcome.note}"
            click.echo(f"{_where(done, outcome)}: {outcome.verdict} {asked}")
    for entry in done.stale(DEVIATIONS):
        click.echo(f"deviation without a difference: {entry}")


def _where(done: PlayedScenario, outcome: Outcome) -> str:
    return f"{done.scenario.name} #{outcome.exchange.index} {outcome.exchange.name}"


if __name__ == "__main__":
    main()
