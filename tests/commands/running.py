"""Commands run in this process, against servers of this process."""

from click.testing import CliRunner, Result

from mockletta.cli import main


def run(*arguments: str, in_colour: bool = False, **environment: str) -> Result:
    """What a command says and how it ends; environment variables by keyword."""
    return CliRunner().invoke(main, arguments, env=environment, color=in_colour)
