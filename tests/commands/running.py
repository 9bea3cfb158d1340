"""Commands run in this process, against servers of this process."""

import gc
import logging

from click.testing import CliRunner, Result
from sse_starlette.sse import AppStatus

from mockletta.cli import main


def run(*arguments: str, in_colour: bool = False, **environment: str) -> Result:
    """What a command says and how it ends; environment variables by keyword."""
    return CliRunner().invoke(main, arguments, env=environment, color=in_colour)


def serve(*arguments: str) -> Result:
    """What the command says, run in this process: what it changes for all of it is undone."""
    threshold = gc.get_threshold()
    uvicorn = logging.getLogger("uvicorn")
    try:
        port = () if "--exec" in arguments else ("--port", "0")
        return CliRunner().invoke(main, ["serve", *port, *arguments])
    finally:
        AppStatus.should_exit = False
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*threshold)
        uvicorn.setLevel(logging.NOTSET)
