"""`RecordSession`: a server that records another one, or replays its recording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from starlette.types import ASGIApp

from mockletta.errors import BadSettings
from mockletta.hosting.listening import listen, url_of
from mockletta.hosting.loop_thread import LoopThread
from mockletta.hosting.uvicorn_server import Server, bare_server_of
from mockletta.recordings.live_exchange import MOST_BODY
from mockletta.recordings.operation_facts import operation_of, secrets_of
from mockletta.recordings.recording import Exchange, Recording
from mockletta.recordings.recording_reader import load_recording
from mockletta.recordings.recording_writer import MOST_BYTES, Origin, RecordingWriter
from mockletta.recordings.replay_app import AT_ONCE, ReplayApp
from mockletta.recordings.replayer import Replayer
from mockletta.recordings.scrubbing import Mask, Scrubber
from mockletta.settings.settings import MODES, Mode

if TYPE_CHECKING:
    from mockletta.recordings.proxy import RecordingProxy


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """Options of a recording. Sizes are in bytes, `max_age` is in days.

    `redact` are further patterns of secrets, `redact_paths` JSON paths to them. `mask` has patterns
    of personal texts, or is a function from a text to its masked form. `anew` are numbers of
    exchanges, and ids, whose exchanges are recorded again.
    """

    mode: Mode = "all"
    redact: Sequence[str] = ()
    redact_paths: Sequence[str] = ()
    mask: Sequence[str] | Mask = ()
    ca_file: str | None = None
    max_body: int = MOST_BODY
    max_bytes: int = MOST_BYTES
    anew: Sequence[str] = ()
    max_age: float | None = None
    speed: float = AT_ONCE


class RecordSession:
    """Records a server into a file for the duration of a `with` block.

    >>> with RecordSession("https://api.letta.com", "sessions/checkout.jsonl") as session:
    ...     client = Letta(base_url=session.base_url, api_key=key)

    Mode `all` records everything again. `once` records if there is no file, else it replays; `none`
    only replays. `new_episodes` replays, and records what the file does not hold. Raises
    BadSettings for options that cannot be used, and BadRecording for a file that cannot be read.
    """

    def __init__(
        self,
        upstream: str | None,
        into: str | Path,
        options: RecordOptions | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.path = Path(into)
        self.options = options or RecordOptions()
        self._upstream = upstream
        self._address = host, port
        self._base_url: str | None = None
        self._thread: LoopThread | None = None
        self._server: Server | None = None
        self._proxy: RecordingProxy | None = None
        self._writer: RecordingWriter | None = None
        self._replayer: Replayer | None = None

    @property
    def base_url(self) -> str:
        """The address for clients. Raises RuntimeError before the start."""
        if self._base_url is None:
            raise RuntimeError("the session is not started: use it in a `with` block")
        return self._base_url

    @property
    def is_recording(self) -> bool:
        """Whether requests can reach the upstream."""
        return self._proxy is not None

    @property
    def recorded(self) -> int:
        """The number of exchanges in the file."""
        return self._writer.count if self._writer is not None else 0

    @property
    def unused(self) -> Sequence[Exchange]:
        """The recorded exchanges that were not requested."""
        return self._replayer.unused if self._replayer is not None else ()

    def start(self) -> Self:
        """Start the server."""
        listener = listen(*self._address)
        self._thread = LoopThread("mockletta-record")
        try:
            app = self._thread.run(self._app())
            self._server = bare_server_of(app)
            self._thread.run(self._server.open(listener))
        except BaseException:
            self.stop()
            listener.close()
            raise
        self._base_url = url_of(listener)
        return self

    def stop(self) -> None:
        """Stop serving, and finish the file."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        try:
            if self._server is not None:
                thread.run(self._server.close())
            if self._proxy is not None:
                thread.run(self._proxy.end())
        finally:
            thread.stop()
            self._base_url = None
            if self._writer is not None:
                self._writer.close()

    def __enter__(self) -> Self:
        return self if self._thread is not None else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def _app(self) -> ASGIApp:
        """Create the application. Call this on the loop, to which the HTTP client belongs."""
        recorded = self._recorded()
        if recorded is not None:
            self._replayer = Replayer(recorded, str(self.path))
        if recorded is not None and self.options.mode != "new_episodes":
            return self._replaying(None)
        proxy = self._recording(recorded)
        return proxy if recorded is None else self._replaying(proxy)

    def _recorded(self) -> Recording | None:
        """Read the recording to replay, if there is one."""
        mode = self.options.mode
        if mode not in MODES:
            raise BadSettings(f"unknown mode `{mode}`: expected one of {', '.join(MODES)}")
        if mode == "all" and not self.options.anew:
            return None
        if not self.path.exists():
            if mode == "none":
                raise BadSettings(f"{self.path} does not exist, and the mode is `none`")
            return None
        recording = load_recording(self.path, self.options.max_age)
        return _without(recording, self.options.anew)

    def _replaying(self, otherwise: ASGIApp | None) -> ReplayApp:
        assert self._replayer is not None
        mask = self.options.mask
        masked = Scrubber(mask=mask).exchange if callable(mask) else None
        return ReplayApp(self._replayer, self.options.speed, otherwise=otherwise, masked=masked)

    def _recording(self, kept: Recording | None) -> "RecordingProxy":
        if self._upstream is None:
            raise BadSettings("nothing is recorded without an upstream")
        from mockletta.recordings.proxy import RecordingProxy  # noqa: PLC0415 - a replay needs no httpx
        from mockletta.recordings.upstream import Upstream, checked_url  # noqa: PLC0415

        url = checked_url(self._upstream)
        upstream = Upstream(url, self.options.ca_file)
        self._writer = _writer(self.path, url, self.options, kept)
        numbers = [exchange.number for exchange in kept.exchanges] if kept else []
        self._proxy = RecordingProxy(
            upstream,
            partial(_keep, self._writer),
            self.options.max_body,
            max(numbers, default=0) + 1,
        )
        return self._proxy


def _keep(writer: RecordingWriter, exchange: Exchange) -> None:
    writer.add(replace(exchange, operation=operation_of(exchange.method, exchange.path)))


def _writer(
    path: Path, url: str, options: RecordOptions, kept: Recording | None
) -> RecordingWriter:
    patterns = () if callable(options.mask) else tuple(options.mask)
    scrubber = Scrubber(
        options.redact,
        options.redact_paths,
        patterns,
        options.mask if callable(options.mask) else None,
        secrets_of,
    )
    recorded = kept.recorded if kept else datetime.now(UTC).isoformat(timespec="seconds")
    origin = Origin(url, recorded, kept.sdk if kept else "")
    writer = RecordingWriter(path, origin, scrubber, options.max_bytes)
    for exchange in kept.exchanges if kept else ():
        writer.add(exchange)
    return writer


def _without(recording: Recording, anew: Sequence[str]) -> Recording:
    """Leave out the exchanges that are recorded again."""
    if not anew:
        return recording
    short: Mapping[str, str] = recording.ids
    wanted = {short.get(one.strip("⟨⟩"), one) for one in anew}
    kept = [exchange for exchange in recording.exchanges if not _is_wanted(exchange, wanted)]
    if len(kept) == len(recording.exchanges):
        raise BadSettings(f"no exchange of the recording is {' or '.join(sorted(anew))}")
    return replace(recording, exchanges=kept)


def _is_wanted(exchange: Exchange, wanted: set[str]) -> bool:
    return str(exchange.number) in wanted or any(
        one in exchange.target for one in wanted if "-" in one
    )


def record(
    upstream: str | None,
    into: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    **options: Any,  # noqa: ANN401 - RecordOptions checks them
) -> RecordSession:
    """Record a server into a file: see RecordSession. It takes the fields of RecordOptions.

    >>> with mockletta.record("https://api.letta.com", "sessions/checkout.jsonl") as session:
    ...     client = Letta(base_url=session.base_url, api_key=key)
    """
    return RecordSession(upstream, into, RecordOptions(**options), host=host, port=port)
