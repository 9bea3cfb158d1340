"""`mockletta convert`: converts recordings to HAR files, and HAR files to recordings."""

from pathlib import Path

import click

from mockletta.errors import BadSettings

HAR = ".har"


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def convert(source: Path, target: Path) -> None:
    """Convert a recording to a HAR file, or a HAR file to a recording.

    A file with the ending .har is a HAR file. Its secrets do not reach the recording.
    """
    from mockletta.recordings.har import to_har, write_from_har  # noqa: PLC0415 - slow for help
    from mockletta.recordings.recording_reader import read_recording  # noqa: PLC0415

    if (source.suffix == HAR) == (target.suffix == HAR):
        raise click.UsageError("one of the two files must end in .har")
    try:
        if target.suffix == HAR:
            recording = read_recording(source)
            target.write_text(to_har(recording), encoding="utf-8")
            count, left = len(recording.exchanges), 0
        else:
            count, left = write_from_har(source.read_text(encoding="utf-8"), target)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    others = f", {left} to other servers left out" if left else ""
    click.echo(f"{target}: {count} exchanges{others}")
