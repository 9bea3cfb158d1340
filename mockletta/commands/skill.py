"""`mockletta skill`: prints the path of the skill for coding agents."""

from importlib.resources import files

import click


@click.command()
def skill() -> None:
    """Print the path of the skill that tells coding agents how to use mockletta.

    Copy or link its directory to where your coding agent looks for skills.
    """
    click.echo(str(files("mockletta").joinpath("data", "skill", "SKILL.md")))
