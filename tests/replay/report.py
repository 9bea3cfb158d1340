"""`python -m tests.replay.report [--base-url URL] [glob …]`: a table of all replays."""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from .exchanges import Transcript, transcripts
from .replaying import Replay, Verdict, replay
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
    """Replay the chosen recordings and print the table; exit 1 if anything differs."""
    options = _options()
    chosen = [one for glob in options.files or ["*"] for one in transcripts(glob)]
    totals: Counter[str] = Counter()
    click.echo(_row("file", ["sent", *COLUMNS]))
    replays = []
    for transcript in chosen:
        with _server(transcript, options.base_url) as server:
            done = replay(transcript, server.url, server.wait)
        replays.append(done)
        counts = done.count()
        totals.update(counts)
        click.echo(_row(transcript.name, _cells(len(done.outcomes), counts)))
    click.echo(_row("all", _cells(sum(totals.values()), totals)))
    for done in replays:
        _print_details(done, options)
    raise SystemExit(totals["different"] > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replay.report", description=__doc__)
    parser.add_argument("files", nargs="*", help="globs of transcript names, such as '05*'")
    parser.add_argument("--base-url", help="a running server; state is kept between the files")
    parser.add_argument("-d", "--details", action="store_true", help="every difference")
    parser.add_argument("-s", "--skipped", action="store_true", help="what was skipped, and why")
    parser.add_argument("-o", "--order", action="store_true", help="differences of key order")
    return parser.parse_args()


@contextmanager
def _server(transcript: Transcript, url: str | None) -> Iterator[Served]:
    if url is not None:
        yield Served(url, time.sleep)
        return
    with serving(transcript) as server:
        yield server


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:38}" + "".join(f"{cell:>13}" for cell in cells)


def _cells(sent: int, counts: Counter[Verdict] | Counter[str]) -> list[str]:
    return [str(sent), *(str(counts[column]) for column in COLUMNS)]


def _print_details(done: Replay, options: argparse.Namespace) -> None:
    shown = {"different": options.details, "order": options.order}
    for outcome in done.outcomes:
        where = f"{done.transcript.name} #{outcome.exchange.index} {outcome.exchange.name}"
        if shown.get(outcome.verdict):
            click.echo(f"\n{where}")
            for one in outcome.differences:
                click.echo(f"  {one.kind} {one}")
        elif options.skipped and outcome.verdict in ("not imitated", "unbound"):
            request = outcome.exchange.request
            click.echo(f"{where}: {outcome.verdict} {request.method} {request.path} {outcome.note}")
    for entry in done.stale():
        click.echo(f"deviation without a difference: {entry}")


if __name__ == "__main__":
    main()
