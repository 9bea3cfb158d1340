"""Sends the requests of a scenario as they were sent: exact headers and bytes, overlaps, pauses.
Streams are read frame by frame."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

from mockletta.recordings.drift import event_frames
from mockletta.recordings.drift.scenario import ScenarioExchange, ScenarioRequest, content_of

# The seconds that a server gets to do what is due, in slices: on a busy machine one can pass at
# once, before any other thread has run.
SETTLING = 0.02
SLICES = 10
# How far the server's clock advances at once, in seconds.
FIRST_STEP = 0.05
LONGEST_STEP = 5.0


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """An answer. `failure` says why there is none, or why it stopped in the middle."""

    status: int = 0
    headers: Mapping[str, str] | None = None
    text: str = ""
    failure: str | None = None


class RunningRequest:
    """A request that a thread sends. Streams are read frame by frame."""

    def __init__(
        self, client: httpx.Client, request: httpx.Request, leave_after: int | None
    ) -> None:
        self._client = client
        self._request = request
        self._leave_after = leave_after
        self._answer = LiveAnswer()
        self._frames = 0
        self._is_over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_for_frames(self, frames: int, wait: Callable[[float], None], patience: float) -> None:
        """Return when so many frames have arrived, or the answer is complete.

        Meanwhile advance the server's clock with `wait`, for at most `patience` seconds.
        """
        self._wait_until(lambda: self._is_over or self._frames >= frames, wait, patience)

    def result(self, wait: Callable[[float], None], patience: float) -> LiveAnswer:
        """Return the whole answer. Advance the server's clock with `wait` until it is complete."""
        self._wait_until(lambda: self._is_over, wait, patience)
        with self._changed:
            if self._is_over:
                return self._answer
            answer = self._answer
        return LiveAnswer(
            answer.status, answer.headers, answer.text, f"not over after {patience:g} s"
        )

    def _wait_until(
        self, is_so: Callable[[], bool], wait: Callable[[float], None], patience: float
    ) -> None:
        """Wait in steps, which get longer while nothing arrives."""
        step, seen, end = FIRST_STEP, self._frames, time.monotonic() + patience
        while time.monotonic() < end:
            with self._changed:
                if any(self._changed.wait_for(is_so, SETTLING / SLICES) for _ in range(SLICES)):
                    return
                step = FIRST_STEP if self._frames > seen else min(step * 1.3, LONGEST_STEP)
                seen = self._frames
            wait(step)

    def _run(self) -> None:
        failure = None
        try:
            self._read()
        except httpx.HTTPError as error:
            failure = f"{type(error).__name__}: {error}"
        with self._changed:
            answer = self._answer
            self._answer = LiveAnswer(answer.status, answer.headers, answer.text, failure)
            self._is_over = True
            self._changed.notify_all()

    def _read(self) -> None:
        response = self._client.send(self._request, stream=True)
        body = b""
        try:
            self._record(response, body)
            for chunk in response.iter_bytes():
                body += chunk
                self._record(response, body)
                if self._leave_after is not None and self._frames >= self._leave_after:
                    return
        finally:
            response.close()

    def _record(self, response: httpx.Response, body: bytes) -> None:
        text = body.decode(errors="replace")
        with self._changed:
            self._answer = LiveAnswer(response.status_code, response.headers, text)
            self._frames = event_frames.count(text)
            self._changed.notify_all()


class ScenarioPlayer:
    """Talks to one server. `patience` is the most seconds that an answer may take."""

    def __init__(self, base_url: str, patience: float = 20.0) -> None:
        self.patience = patience
        self._base_url = base_url.rstrip("/")
        self._client = httpx.Client(
            timeout=patience, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def start(self, request: ScenarioRequest, leave_after: int | None = None) -> RunningRequest:
        """Send a request and return at once. The client leaves after `leave_after` frames."""
        return RunningRequest(self._client, self._built(request), leave_after)

    def _built(self, request: ScenarioRequest) -> httpx.Request:
        return httpx.Request(
            request.method,
            self._base_url + request.path,
            params=dict(request.query) or None,
            headers=dict(request.headers),
            content=content_of(request.content),
            files=[(name, _upload(one)) for name, one in request.files.items()] or None,
            data=dict(request.form) or None,
        )


def _upload(file: Mapping[str, str]) -> tuple[str, bytes, str]:
    return file["filename"], file["content"].encode(), file["content_type"]


@dataclass(frozen=True, slots=True)
class StartCondition:
    """When one exchange starts.

    It starts after a pause of so many `seconds` in which `frames` have arrived of each exchange
    that is still under way, by index. The exchange `until` is the first to start after its end.
    """

    until: int
    seconds: float = 0.0
    frames: Mapping[int, int] = field(default_factory=dict)

    def is_awaited(self, index: int) -> bool:
        """Return whether the exchange that follows it as `index` starts after its end."""
        return index >= self.until


def timeline(exchanges: Sequence[ScenarioExchange]) -> list[StartCondition]:
    """Find when each exchange starts, by the recorded times."""
    return [_moment(exchanges, index) for index in range(len(exchanges))]


def _moment(exchanges: Sequence[ScenarioExchange], index: int) -> StartCondition:
    start, end = _start(exchanges[index]), _end(exchanges[index])
    earlier, later = exchanges[:index], exchanges[index + 1 :]
    until = next((one.index for one in later if _start(one) >= end), len(exchanges))
    arrivals = {one.index: _arrivals(one, start) for one in earlier if _end(one) > start}
    ends = [_end(one) for one in earlier if _end(one) <= start]
    arrived = [time for times in arrivals.values() for time in times]
    last = max([0.0, *ends, *map(_start, earlier), *arrived])
    frames = {one: len(times) for one, times in arrivals.items()}
    return StartCondition(until, round(start - last, 3), frames)


def _arrivals(exchange: ScenarioExchange, before: float) -> list[float]:
    """Find when those frames of a stream arrived that came before a time."""
    frames = (exchange.recorded and exchange.recorded.frames) or ()
    times = [_start(exchange) + one.seconds for one in frames if one.seconds is not None]
    return [one for one in times if one <= before]


def _start(exchange: ScenarioExchange) -> float:
    return exchange.started or 0.0


def _end(exchange: ScenarioExchange) -> float:
    return exchange.ended or 0.0
