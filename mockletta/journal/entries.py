"""One request and its response, as they went over the wire."""

import time
from collections.abc import Mapping
from datetime import datetime

Headers = list[tuple[bytes, bytes]]


class Entry:
    """A request, and of its response what has been sent so far.

    It keeps bytes as they came and went; what they mean is only worked out when someone looks.
    `headers` have their credentials hidden already. Times in seconds: `frames` are what a lasting
    stream sent and when, counted from the request's arrival, `duration` is until the last byte.
    """

    __slots__ = (
        "at",
        "body",
        "duration",
        "fault",
        "frames",
        "headers",
        "key",
        "left_early",
        "method",
        "number",
        "operation",
        "params",
        "path",
        "query_string",
        "response_body",
        "response_headers",
        "rules",
        "started",
        "status",
        "unscripted",
    )

    def __init__(
        self,
        method: str,
        path: str,
        query_string: bytes,
        headers: Headers,
        key: str | None,
        at: datetime,
    ) -> None:
        self.started = time.perf_counter()
        self.at = at
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers = headers
        self.key = key
        self.number = 0
        self.operation: str | None = None
        self.params: Mapping[str, str] = {}
        self.body = b""
        self.rules: list[str] = []
        self.unscripted: str | None = None
        self.fault: str | None = None
        self.status: int | None = None
        self.response_headers: Headers = []
        self.response_body = b""
        self.frames: list[tuple[float, bytes]] = []
        self.left_early = False
        self.duration: float | None = None

    def sent(self, frames: bytes) -> None:
        """Note frames of a lasting stream as they are sent."""
        self.frames.append((time.perf_counter() - self.started, frames))

    def finish(self) -> None:
        """Note that the response is over."""
        self.duration = time.perf_counter() - self.started
