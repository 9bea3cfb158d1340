"""The Dockerfile as tests read it."""

import json
import re

import click

from mockletta.cli import main

from .readme import ROOT


def instructions(name: str) -> list[str]:
    """Find the arguments of the Dockerfile's instructions of one name, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*)$", text, re.MULTILINE)


def exec_form(argument: str) -> list[str]:
    words: list[str] = json.loads(argument)
    return words


def entrypoint() -> list[str]:
    """The command that a container runs; its arguments follow."""
    return exec_form(instructions("ENTRYPOINT")[0])


def health_check() -> list[str]:
    """The command that HEALTHCHECK runs."""
    return exec_form(instructions("HEALTHCHECK")[0].partition(" CMD ")[2])


def is_accepted(words: list[str]) -> bool:
    """Tell whether the command line takes these arguments; nothing is started."""
    assert words[0] == "mockletta"
    with click.Context(main) as context:
        command = main.get_command(context, words[1])
        return command is not None and command.make_context(words[1], words[2:]) is not None
