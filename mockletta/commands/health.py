"""`mockletta health` and `mockletta wait`: check whether a server answers."""

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from mockletta.commands.options import at_a_server
from mockletta.settings.settings import DEFAULT_PORT

if TYPE_CHECKING:
    from mockletta.commands.control_client import ControlClient

PROCESSES = Path("/proc")
SECONDS = 2.0
DEFAULT_TIMEOUT = 30.0
SERVE = ["mockletta", "serve"]


@click.command()
def health() -> None:
    """Check the server on this machine. Exit code 1 if it does not answer.

    The port is the one that its command line or MOCKLETTA_PORT sets.
    """
    from mockletta.commands.control_client import ControlClient  # noqa: PLC0415 - not for help

    arguments = next(command_lines(PROCESSES), None)
    if arguments is None:
        raise click.ClickException("`mockletta serve` does not run here")
    ControlClient(f"http://127.0.0.1:{port_of(arguments)}").wait(SECONDS)


def port_of(arguments: list[str]) -> int:
    """Return the port in the arguments of `serve` or in the environment."""
    from mockletta.commands.serve import serve  # noqa: PLC0415 - not for help

    port = serve.make_context("serve", list(arguments)).params["port"]
    return DEFAULT_PORT if port is None else int(port)


def command_lines(processes: Path) -> Iterator[list[str]]:
    """Find the arguments of `serve` in each process that runs it, oldest first."""
    numbers = sorted(int(one.name) for one in processes.iterdir() if one.name.isdecimal())
    for number in numbers:
        try:
            words = (processes / str(number) / "cmdline").read_text(errors="replace").split("\0")
        except OSError:  # it has ended
            continue
        for place in range(len(words) - 1):
            if [PurePath(words[place]).name, words[place + 1]] == SERVE:
                yield [word for word in words[place + 2 :] if word]
                break


@click.command()
@click.option(
    "--timeout",
    default=DEFAULT_TIMEOUT,
    show_default=True,
    type=click.FloatRange(min=0),
    help="The most seconds to wait.",
)
@at_a_server
def wait(remote: "ControlClient", timeout: float) -> None:
    """Wait until a server answers. Exit code 1 if none does in time."""
    remote.wait(timeout)
