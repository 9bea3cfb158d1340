"""`mockletta record`: records a session with a real Letta, as a proxy before it."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from mockletta.commands.options import EXEC, flag_only, option
from mockletta.commands.stderr_log import finish_log, log_to_stderr
from mockletta.errors import BadSettings
from mockletta.settings.setting_table import BY_NAME
from mockletta.settings.settings import DEFAULT_HOST, DEFAULT_PORT, MODES

if TYPE_CHECKING:
    from mockletta.recordings.record_session import RecordOptions, RecordSession

NEEDS_HTTPX = "recording needs httpx: pip install 'mockletta[record]'"


@click.command()
@flag_only("--upstream", "The recorded server, such as https://api.letta.com.", required=True)
@flag_only("--into", "The file of the recording.", type=click.Path(dir_okay=False), required=True)
@option(BY_NAME["host"])
@option(BY_NAME["port"])
@option(EXEC)
@flag_only(
    "--mode",
    "`all` records everything again, `once` if there is no file, `new_episodes` what the file does "
    "not hold; `none` only replays.",
    default="all",
    type=click.Choice(MODES),
)
@flag_only(
    "--anew",
    "Record this exchange again: its number, or the id of an agent or a conversation.",
    multiple=True,
)
@flag_only("--redact", "A regular expression of further secrets.", multiple=True)
@flag_only("--redact-path", "A JSON path to further secrets, such as `$..ssn`.", multiple=True)
@flag_only("--mask", "A regular expression of texts to mask, such as names.", multiple=True)
@flag_only("--ca-file", "A file of certificates to trust.", type=click.Path(exists=True))
@flag_only("--max-body", "The bytes of a body that are kept.", type=click.IntRange(min=1))
@flag_only(
    "--max-bytes",
    "The size of the file from which bodies are left out.",
    type=click.IntRange(min=1),
)
@option(BY_NAME["max_age"])
@click.pass_context
def record(
    context: click.Context,
    /,
    upstream: str,
    into: str,
    host: str | None,
    port: int | None,
    **options: Any,  # noqa: ANN401 - they are read below
) -> None:
    """Record what an app does with a server.

    The app uses this address as its base URL. Everything is passed on to the upstream and back, and
    is written to the file without secrets.
    """
    log_to_stderr("warning")
    line = options.pop("exec")
    if port is None:
        port = DEFAULT_PORT if line is None else 0
    try:
        code = _record(upstream, into, (host or DEFAULT_HOST, port), line, _options(options))
    except (BadSettings, ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        raise click.ClickException(NEEDS_HTTPX) from error
    finish_log()
    context.exit(code)


def _options(options: dict[str, Any]) -> "RecordOptions":
    from mockletta.recordings.record_session import RecordOptions  # noqa: PLC0415 - slow for help

    names = {"redact_path": "redact_paths"}
    given = {names.get(name, name): value for name, value in options.items() if value is not None}
    return RecordOptions(**given)


def _record(
    upstream: str,
    into: str,
    address: tuple[str, int],
    line: str | None,
    options: "RecordOptions",
) -> int:
    from mockletta.commands.serve import allow_many_files  # noqa: PLC0415 - it is slow for help
    from mockletta.recordings.record_session import RecordSession  # noqa: PLC0415

    allow_many_files()
    host, port = address
    session = RecordSession(upstream, into, options, host=host, port=port)
    with ending_on_signal() as ended, session:
        done = "records" if session.is_recording else "replays a recording of"
        hint = "" if line is not None else " - Ctrl-C to stop"
        hello = f"mockletta at {session.base_url} {done} {upstream}: {into}{hint}"
        click.echo(hello, err=line is not None)
        code = _until_end(session, line, ended)
    click.echo(_summary(session), err=True)
    return code


def _until_end(session: "RecordSession", line: str | None, ended: threading.Event) -> int:
    if line is not None:
        from mockletta.commands.exec_child import environment, run_line  # noqa: PLC0415 - for --exec

        return run_line(line, environment(session.base_url, None))
    ended.wait()
    return 0


@contextmanager
def ending_on_signal(
    signals: Sequence[int] = (signal.SIGINT, signal.SIGTERM),
) -> Iterator[threading.Event]:
    """Set an event when a signal asks this process to end."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in signals}
    try:
        yield ended
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _summary(session: "RecordSession") -> str:
    path = session.path
    if session.is_recording:
        return f"{path}: {session.recorded} requests recorded"
    return f"{path}: replayed, {len(session.unused)} recorded requests were not asked for"
