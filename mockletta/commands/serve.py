"""`mockletta serve`: runs the server."""

import gc
import logging
import os
import shlex
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import click

from mockletta.commands.options import (
    DEFAULT_LOG_LEVEL,
    serve_options,
    settings_of,
    variables,
)
from mockletta.commands.stderr_log import finish_log, log_to_stderr
from mockletta.errors import BadSettings
from mockletta.settings.setting_table import PREFIX
from mockletta.settings.settings import Settings

if TYPE_CHECKING:
    from mockletta.hosting.uvicorn_server import Server
    from mockletta.world.worlds import Worlds

logger = logging.getLogger("mockletta")
STDIN = 0
STDIN_BYTES = 4096
OF_KUBERNETES = (f"{PREFIX}SERVICE_", f"{PREFIX}PORT_")
"""The beginning of the variables that Kubernetes sets for a service called mockletta."""


@click.command(context_settings={"allow_extra_args": True})
@serve_options
@click.pass_context
def serve(context: click.Context, /, **options: object) -> None:
    """Serve the mock until Ctrl-C.

    With --exec, serve until the given command ends. It finds the server by LETTA_BASE_URL,
    LETTA_API_KEY and MOCKLETTA_URL. The default port is then any free port.
    """
    process = ProcessOptions.taken_from(options)
    _start_log(process.log_level)
    if context.args:
        raise click.UsageError(_not_understood(context.args))
    if process.reload and options["script"] is None:
        raise click.UsageError("--reload requires --script")
    if process.until_stdin_closes and process.line is not None:
        raise click.UsageError(
            "--until-stdin-closes cannot be combined with --exec: the command reads the input"
        )
    if process.line is not None and options["port"] is None:
        options["port"] = 0
    settings = settings_of(options, context)
    try:
        code = _run(settings, process)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error
    finish_log()
    context.exit(code)


class ProcessOptions(NamedTuple):
    """The options of `serve` about its process. `line` is the command to run beside the server."""

    reload: bool
    log_level: str
    log_format: str
    line: str | None
    until_stdin_closes: bool

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Move these options out of all options."""
        return cls(
            reload=bool(options.pop("reload")),
            log_level=options.pop("log_level") or DEFAULT_LOG_LEVEL,
            log_format=options.pop("log_format") or "text",
            line=options.pop("exec"),
            until_stdin_closes=bool(options.pop("until_stdin_closes")),
        )

    @property
    def prints_everything(self) -> bool:
        """Whether all requests are printed: for debugging, or to a terminal."""
        watched = self.line is None and sys.stderr.isatty()
        return self.log_level == "debug" or (self.log_level == DEFAULT_LOG_LEVEL and watched)


def _start_log(level: str) -> None:
    log_to_stderr(level)
    logging.getLogger("mockletta.journal").setLevel(logging.INFO)  # requests are printed elsewhere
    if level == DEFAULT_LOG_LEVEL:
        logging.getLogger("uvicorn").setLevel(logging.WARNING)  # we log the start ourselves
    known = variables()
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known and not name.startswith(OF_KUBERNETES):
            logger.warning("unknown environment variable %s%s", name, _hint(name, known))


def _hint(name: str, known: Iterable[str]) -> str:
    from mockletta.documents.hints import nearest  # noqa: PLC0415 - only for misspelled names

    endings = [one.removeprefix(PREFIX) for one in known]
    close = nearest(name.removeprefix(PREFIX), endings)
    if close:
        return f"; did you mean {PREFIX}{close[0]}?"
    return "; `mockletta serve --help` lists the variables"


def _not_understood(arguments: list[str]) -> str:
    line = shlex.join(arguments)
    hint = f"to run a command beside the server: --exec {shlex.quote(line)}"
    return f"unexpected arguments ({line}); {hint}"


def _request_lines(worlds: "Worlds", process: ProcessOptions) -> AbstractContextManager[None]:
    from mockletta.commands.request_lines import request_lines  # noqa: PLC0415 - not for help

    return request_lines(
        worlds,
        everything=process.prints_everything,
        colour=sys.stderr.isatty() and not os.environ.get("NO_COLOR"),
        as_json=process.log_format == "json",
    )


def _run(settings: Settings, process: ProcessOptions) -> int:
    """Serve until stopped, or until the shell command ends, and return the exit code.

    The first line of output says where the server is and how to use it.
    """
    gc.disable()  # loaded modules stay; collecting garbage meanwhile slows the start by a fifth
    if process.line is None:  # a command would inherit it
        os.environ.setdefault(*WITHOUT_PLUGINS)
    from mockletta.hosting.listening import url_of  # noqa: PLC0415
    from mockletta.testing.mock_letta import make_server, make_worlds  # noqa: PLC0415

    allow_many_files()
    worlds = make_worlds(settings)
    reloaded = settings.script if process.reload else None
    with (
        _kept(worlds, settings),
        _looked_after(worlds, reloaded),
        _request_lines(worlds, process),
    ):
        server = make_server(worlds, settings)
        server.loads_ahead_for = worlds.main
        server.drain = settings.drain
        listener = _listen(settings)
        collect_garbage_less_often()
        if process.until_stdin_closes:
            stop_with_stdin(server)
        return _serve(server, listener, url_of(listener), process.line, settings)


def _serve(
    server: "Server",
    listener: socket.socket,
    url: str,
    line: str | None,
    settings: Settings,
) -> int:
    keys = settings.require_key
    shown = "one that is required" if keys else "any"
    hello = f'mockletta at {url} - Letta(base_url="{url}", api_key="{shown}")'
    if line is not None:
        from mockletta.commands.exec_child import environment, run_line  # noqa: PLC0415 - for --exec

        click.echo(hello, err=True)
        with serving(server, listener):
            return run_line(line, environment(url, *(keys or ())[:1]))
    click.echo(f"{hello} - Ctrl-C to stop")
    if settings.console:
        click.echo(f"console at {url}/_mockletta/console")
    with suppress(KeyboardInterrupt):
        server.run([listener])
    return 0


def stop_with_stdin(server: "Server") -> None:
    """Stop a server when standard input ends, which happens when the process at its other end
    ends."""
    Thread(target=_wait_for_end_of_stdin, args=(server,), daemon=True).start()


def _wait_for_end_of_stdin(server: "Server") -> None:
    with suppress(OSError):
        while os.read(STDIN, STDIN_BYTES):
            pass
    server.end()


@contextmanager
def _kept(worlds: "Worlds", settings: Settings) -> Iterator[None]:
    """Keep the main world in a file, if one is set, and the worlds of API keys in files beside
    it."""
    if settings.state is None:
        yield
        return
    from mockletta.files.key_states import KeyStates  # noqa: PLC0415 - few servers keep anything
    from mockletta.files.state_file import StateFile  # noqa: PLC0415

    path, sync = settings.state, settings.state_sync
    with StateFile(path, sync=sync) as file, KeyStates(path, sync=sync) as storage:
        file.attach(worlds.main)
        worlds.storage = storage
        yield


@contextmanager
def _looked_after(worlds: "Worlds", path: str | Mapping[str, object] | None) -> Iterator[None]:
    """Reload a script when its file changes, if one is set."""
    if not isinstance(path, str):
        yield
        return
    from mockletta.files.script_replacement import SharedScript  # noqa: PLC0415
    from mockletta.script.script_files import Reloader  # noqa: PLC0415 - few scripts are reloaded

    with Reloader(path, SharedScript(worlds)):
        yield


@contextmanager
def serving(server: "Server", listener: socket.socket) -> Iterator[None]:
    """Serve in a thread during the block. The server is ready when the block begins."""
    from mockletta.hosting.loop_thread import LoopThread  # noqa: PLC0415 - for --exec

    loop = LoopThread("mockletta")
    try:
        loop.run(server.open(listener))
        try:
            yield
        finally:
            loop.run(server.close())
    finally:
        loop.stop()


def _listen(settings: Settings) -> socket.socket:
    from mockletta.hosting.listening import listen  # noqa: PLC0415

    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        raise click.ClickException(str(error.strerror)) from error


def collect_garbage_less_often() -> None:
    """Exempt loaded objects from garbage collection, and collect old ones less often.

    Rows live long, and reference counts free most garbage of requests. The two young generations
    are smaller than usual: objects that are still in the processor's cache take half the time, and
    a collection pauses the server for as long as it has objects.
    """
    gc.freeze()
    gc.set_threshold(150, 1, 75_000)
    gc.enable()


WITHOUT_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""A variable for pydantic. To look for its plugins, it reads the metadata of every package."""
MANY_FILES = 65_536


def allow_many_files() -> None:
    """Allow this process and its children to open up to MANY_FILES files.

    Each connection is a file. With a default of 256 or 1,024, a load test would fail without an
    error: further connections are not accepted.
    """
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit  # noqa: PLC0415

        soft, hard = getrlimit(RLIMIT_NOFILE)
        most = MANY_FILES if hard == RLIM_INFINITY else min(hard, MANY_FILES)
        if soft != RLIM_INFINITY and soft < most:
            setrlimit(RLIMIT_NOFILE, (most, hard))
