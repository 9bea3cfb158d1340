"""`mockletta learn`: makes a seed and a script from a recording."""

from pathlib import Path

import click

from mockletta.commands.options import flag_only
from mockletta.errors import BadSettings


@click.command()
@click.argument("recording", type=click.Path(dir_okay=False))
@flag_only("--seed", "The seed file to write.", type=click.Path(dir_okay=False))
@flag_only("--script", "The script file to write.", type=click.Path(dir_okay=False))
@flag_only(
    "--at",
    "The world of the seed: as it was at the `end` of the recording, or at its `start`.",
    default="end",
    type=click.Choice(["start", "end"]),
)
@flag_only("--pauses", "Repeat the seconds until each answer.", is_flag=True)
@flag_only("--usage", "Repeat the counts of tokens.", is_flag=True)
def learn(
    recording: str, seed: str | None, script: str | None, at: str, *, pauses: bool, usage: bool
) -> None:
    """Make a seed and a script from a recording.

    With both, the mock continues where the recording ends.
    """
    if seed is None and script is None:
        raise click.UsageError("nothing to write: give --seed, --script or both")
    from mockletta.documents.yaml_writing import yaml_text  # noqa: PLC0415 - slow for help
    from mockletta.recordings.learn.learned_script import script_of  # noqa: PLC0415
    from mockletta.recordings.learn.learned_seed import seed_of  # noqa: PLC0415
    from mockletta.recordings.learn.recorded_turns import turns_of  # noqa: PLC0415
    from mockletta.recordings.recording_reader import load_recording  # noqa: PLC0415

    try:
        recorded = load_recording(Path(recording))
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    turns = turns_of(recorded)
    source = f"Learned from {recording}, recorded {recorded.recorded}."
    if seed is not None:
        learned = seed_of(recorded, turns, "start" if at == "start" else "end")
        Path(seed).write_text(
            yaml_text(learned.content, [source, *learned.notes]), encoding="utf-8"
        )
        click.echo("\n".join([f"{seed}: {_counted(learned.content)}", *learned.notes]))
    if script is not None:
        content = script_of(turns, with_usage=usage, with_pauses=pauses)
        Path(script).write_text(yaml_text(content, [source]), encoding="utf-8")
        click.echo(f"{script}: {len(content['replies'])} replies")


def _counted(content: dict[str, object]) -> str:
    lists = {name: rows for name, rows in content.items() if isinstance(rows, list)}
    return ", ".join(f"{len(rows)} {name}" for name, rows in lists.items()) or "nothing"
