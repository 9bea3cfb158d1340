"""The command line. Commands are loaded on first use, so that help is fast."""

from importlib import import_module

import click

from mockletta._version import __version__

COMMANDS = {
    "serve": "serve",
    "record": "record",
    "learn": "learn",
    "drift": "drift",
    "convert": "convert",
    "check": "script",
    "coverage": "coverage",
    "wait": "health",
    "health": "health",
    "watch": "watch",
    "open": "watch",
    "journal": "journal",
    "verdict": "journal",
    "script": "script",
    "faults": "faults",
    "reset": "snapshots",
    "snapshot": "snapshots",
    "restore": "snapshots",
    "state": "state",
    "skill": "skill",
}
"""The file of each command."""
COMMAND_NAMES = {"open": "open_console"}
"""Commands whose function has another name."""


class Commands(click.Group):
    """A group whose commands are loaded by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"mockletta.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, COMMAND_NAMES.get(cmd_name, cmd_name))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from mockletta.documents.hints import hint  # noqa: PLC0415 - most commands do not need it

            ctx.fail(f"No such command '{args[0]}'{hint(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="mockletta")
def main() -> None:
    """A local, in-memory mock of the Letta server."""
