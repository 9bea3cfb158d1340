"""`mockletta drift`: reports where the mock differs from recordings of a real API."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import flag_only, option
from mockletta.errors import BadSettings
from mockletta.settings.setting_table import BY_NAME
from mockletta.world.profiles import DEFAULT_PROFILE

if TYPE_CHECKING:
    from mockletta.recordings.drift.findings import DriftReport, Level
    from mockletta.recordings.recording import Recording

    Named = tuple[str, Recording]

LEVELS = ("info", "warn", "error")
NEEDS_HTTPX = "drift needs httpx: pip install 'mockletta[record]'"
File = click.Path(dir_okay=False)


@click.command()
@click.argument("recordings", nargs=-1, required=True, type=File, metavar="RECORDING...")
@flag_only(
    "--level",
    "Exit with 1 from this level on: `info` a new field, `warn` a missing one or another text, "
    "`error` another type, status or order.",
    default="warn",
    type=click.Choice(LEVELS),
)
@flag_only("--against", "Play the sessions against this server first, and compare its answers.")
@flag_only("--yes", "Play against the server without asking.", is_flag=True)
@flag_only(
    "--most-requests",
    "The most requests of a session that are played against a server.",
    default=200,
    type=click.IntRange(min=1),
)
@flag_only("--json", "Write the report as JSON.", "json_file", type=File)
@flag_only("--junit", "Write the report as a JUnit file.", type=File)
@flag_only("--markdown", "Write the report as a Markdown page.", type=File)
@flag_only("--accept", "Write what can be corrected into the file of overrides.", is_flag=True)
@option(BY_NAME["overrides"])
@option(BY_NAME["quirks"])
@option(BY_NAME["profile"])
@option(BY_NAME["max_age"])
@click.pass_context
def drift(context: click.Context, /, recordings: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
    """Report where the mock differs from recordings of a real API.

    It plays the recorded requests against the mock, which replies as the recorded model did.
    """
    if options["accept"] and options["overrides"] is None:
        raise click.UsageError("--accept needs --overrides: the file to write")
    try:
        report = _report(recordings, options)
        _write(report, options)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        raise click.ClickException(NEEDS_HTTPX) from error
    if options["accept"]:
        _accept(report, Path(options["overrides"]))
    context.exit(int(report.reaches(options["level"])))


def _report(recordings: Sequence[str], options: dict[str, Any]) -> "DriftReport":
    from mockletta.recordings.recording_reader import load_recording  # noqa: PLC0415 - slow for help
    from mockletta.testing.drift_run import DriftOptions, find_drift  # noqa: PLC0415

    loaded = [
        (name, load_recording(Path(name), options["max_age"], _complain)) for name in recordings
    ]
    overrides = options["overrides"]
    mock = DriftOptions(
        options["profile"] or DEFAULT_PROFILE,
        options["quirks"] or (),
        overrides if overrides and Path(overrides).exists() else None,
    )
    if options["against"] is None:
        return find_drift(loaded, mock)
    return find_drift(_played_live(loaded, options), mock)


def _played_live(loaded: "Sequence[Named]", options: dict[str, Any]) -> "list[Named]":
    """Play sessions against a live server, after asking."""
    from mockletta.commands.record import ending_on_signal  # noqa: PLC0415 - slow for help
    from mockletta.recordings.drift.live_session import LiveSession, cost_of  # noqa: PLC0415
    from mockletta.recordings.drift.scenario import recording_of, scenario_of  # noqa: PLC0415

    url = options["against"]
    scenarios = [(name, scenario_of(recording, name)) for name, recording in loaded]
    for name, scenario in scenarios:
        click.echo(f"{name} at {url}: {cost_of(scenario)}", err=True)
    if not options["yes"]:
        click.confirm("Everything created is deleted afterwards. Go on?", abort=True, err=True)
    key = os.environ.get("LETTA_API_KEY", "")
    with ending_on_signal() as ended, LiveSession(url, key, _complain) as session:
        return [
            (name, recording_of(session.play(scenario, options["most_requests"], ended.is_set)))
            for name, scenario in scenarios
        ]


def _complain(text: str) -> None:
    click.echo(text, err=True)


def _write(report: "DriftReport", options: dict[str, Any]) -> None:
    from mockletta.recordings.drift import reports  # noqa: PLC0415 - slow for help

    level: Level = options["level"]
    click.echo(reports.text_report(report))
    for file, text in (
        (options["json_file"], reports.json_report(report)),
        (options["junit"], reports.junit_report(report, level)),
        (options["markdown"], reports.markdown_report(report)),
    ):
        if file is not None:
            Path(file).write_text(text, encoding="utf-8")


def _accept(report: "DriftReport", file: Path) -> None:
    from mockletta.recordings.overrides.accepting import accept  # noqa: PLC0415 - slow for help

    added, left = accept(report.findings, file)
    click.echo(f"{file}: {added} overrides added")
    for title in left:
        click.echo(f"cannot be corrected: {title}")
