"""A remote brain: a program of the test author decides each reply, over HTTP.

It is only used if a URL is given. It follows no redirects and uses no proxies, so it calls no other
address. Another brain writes the summaries, since they cannot be awaited.
"""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from mockletta.brain.decisions import Brain, Decision, ModelCall, ModelFailure

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

DEFAULT_TIMEOUT = 30.0
MAX_ANSWER = 4 * 1024 * 1024
MAX_CALLS = 64
"""The most calls at once; others wait."""
_CHUNK = 65_536

Kind = Literal["status", "unreachable"]
Encode = Callable[[ModelCall], object]
Decode = Callable[[Any, ModelCall], Decision]


class UrlBrain:
    """POSTs a model call as JSON and returns the decision in the answer.

    `encode` makes the JSON of a call, `decode` the decision; it raises ValueError for anything
    else. Every failure is a ModelFailure; a status of 400 or more is the provider's. `timeout` is
    in seconds, for the whole exchange. Raises ValueError for an address that is not http or https.
    """

    def __init__(
        self,
        url: str,
        encode: Encode,
        decode: Decode,
        *,
        summaries: Brain,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a brain's address must begin with http:// or https://, not {url!r}")
        self.url = url
        self._parts = parts
        self._encode = encode
        self._decode = decode
        self._summaries = summaries
        self._timeout = timeout
        self._threads: ThreadPoolExecutor | None = None

    def decide(self, call: ModelCall) -> Decision:
        """Ask the other brain to decide."""
        return self._summaries.decide(call)

    async def consult(self, call: ModelCall) -> Decision:
        """POST the call to the address."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(MAX_CALLS, "mockletta-brain")
        body = json.dumps(self._encode(call)).encode()
        loop = asyncio.get_running_loop()
        used: list[socket.socket] = []
        try:
            answer = await loop.run_in_executor(self._threads, self._post, body, used)
        except asyncio.CancelledError:
            _cut_off(used)
            raise
        try:
            return self._decode(json.loads(answer), call)
        except ValueError as error:
            raise self._failure(f"gave an invalid reply: {error}") from error

    def _post(self, body: bytes, used: list[socket.socket]) -> bytes:
        """Return the answer to a body. The connection is added to `used`."""
        from http.client import HTTPException  # noqa: PLC0415 - only who has such a brain pays

        connection = self._connect()
        try:
            connection.connect()
            used.append(connection.sock)
            return self._exchange(connection, body)
        except TimeoutError as error:
            raise self._failure(f"did not answer within {self._timeout:g} seconds") from error
        except (OSError, HTTPException) as error:
            raise self._failure(f"cannot be reached: {error}", kind="unreachable") from error
        finally:
            connection.close()

    def _connect(self) -> "HTTPConnection":
        from http.client import HTTPConnection, HTTPSConnection  # noqa: PLC0415 - see above

        shape = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        assert self._parts.hostname is not None
        return shape(self._parts.hostname, self._parts.port, timeout=self._timeout)

    def _exchange(self, connection: "HTTPConnection", body: bytes) -> bytes:
        due = time.monotonic() + self._timeout
        path = self._parts.path or "/"
        target = f"{path}?{self._parts.query}" if self._parts.query else path
        connection.request("POST", target, body, {"content-type": "application/json"})
        with connection.getresponse() as response:
            answer = self._read(response, due)
        if response.status >= 400:
            raise self._failure(f"answered {response.status}", response.status)
        if response.status >= 300:
            raise self._failure(f"answered {response.status}: redirects are not followed")
        return answer

    def _read(self, response: "HTTPResponse", due: float) -> bytes:
        answer = bytearray()
        while chunk := response.read1(_CHUNK):
            answer += chunk
            if len(answer) > MAX_ANSWER:
                raise self._failure(f"answered more than {MAX_ANSWER} bytes")
            if time.monotonic() > due:
                raise TimeoutError
        return bytes(answer)

    def _failure(self, what: str, status: int = 500, kind: Kind = "status") -> ModelFailure:
        return ModelFailure(status, f"The brain at {self.url} {what}.", kind)


def _cut_off(used: list[socket.socket]) -> None:
    """Close a connection that a thread waits for, so that the program can end."""
    for one in used:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
