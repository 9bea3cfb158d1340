"""A small HTTP client that POSTs JSON. It follows no redirects and uses no proxies.

Failures are named as in httpx, which the recorded server posts with [76].
"""

import asyncio
import re
from base64 import b64encode
from collections.abc import Coroutine
from contextlib import suppress
from socket import gaierror
from ssl import SSLError
from typing import Any, TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

from mockletta._version import __version__
from mockletta.state.clock import Clock

Result = TypeVar("Result")
DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "!$&'()*+,/:;=?@[]%~"
"""Characters that stay unquoted in a path and a query."""
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})\b")
_FIRST_FINAL = 200
NO_STATUS = "illegal status line"
NO_ANSWER = "Server disconnected without sending a response."


class PostError(Exception):
    """There was no status. `kind` is the name of the error in httpx."""

    def __init__(self, kind: str, text: str = "") -> None:
        super().__init__(text)
        self.kind = kind

    def __repr__(self) -> str:
        return f"{self.kind}({str(self)!r})"


class Address:
    """The address of a URL: its host, in lower case, and its port. Raises PostError if it has none.

    `head` are the first lines of a POST, without the length of its body.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise PostError("InvalidURL", str(error)) from None
        if not parts.scheme or not parts.hostname:
            text = "Request URL is missing an 'http://' or 'https://' protocol."
            raise PostError("UnsupportedProtocol", text)
        if parts.scheme not in DEFAULT_PORTS:
            text = f"Request URL has an unsupported protocol '{parts.scheme}://'."
            raise PostError("UnsupportedProtocol", text)
        self.host: str = parts.hostname
        self.port = DEFAULT_PORTS[parts.scheme] if port is None else port
        self.is_secure = parts.scheme == "https"
        self.head = _head(parts)


def _head(parts: SplitResult) -> bytes:
    target = quote(parts.path or "/", safe=_KEPT)
    if parts.query:
        target += f"?{quote(parts.query, safe=_KEPT)}"
    user, _, host = parts.netloc.rpartition("@")
    lines = [
        f"POST {target} HTTP/1.1",
        f"host: {quote(host, safe=_KEPT)}",
        "accept: */*",
        "connection: close",
        f"user-agent: mockletta/{__version__}",
        "content-type: application/json",
    ]
    if user:
        lines.append(f"authorization: Basic {b64encode(unquote(user).encode()).decode()}")
    return "\r\n".join(lines).encode()


async def post(address: Address, body: bytes, clock: Clock, seconds: float) -> int:
    """POST a body and return the status of the answer. The answer's own body is not read.

    Connecting and answering may take some seconds of a clock each. Raises PostError.
    """
    reader, writer = await _connected(address, clock, seconds)
    try:
        writer.write(b"%s\r\ncontent-length: %d\r\n\r\n%s" % (address.head, len(body), body))
        return await _within(clock, seconds, _status(reader))
    except TimeoutError:
        raise PostError("ReadTimeout") from None
    except (OSError, ValueError) as error:
        raise PostError("ReadError", str(error)) from None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _connected(
    address: Address, clock: Clock, seconds: float
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    secure = address.is_secure or None
    opened = asyncio.open_connection(address.host, address.port, ssl=secure)
    try:
        return await _within(clock, seconds, opened)
    except TimeoutError:
        raise PostError("ConnectTimeout") from None
    except gaierror as error:
        raise PostError("ConnectError", f"[Errno {error.errno}] {error.strerror}") from None
    except SSLError as error:
        raise PostError("ConnectError", str(error)) from None
    except (OSError, OverflowError, ValueError):
        raise PostError("ConnectError", "All connection attempts failed") from None


async def _status(reader: asyncio.StreamReader) -> int:
    status = 0
    while status < _FIRST_FINAL:
        line = await reader.readline()
        found = _STATUS_LINE.match(line)
        if found is None:
            raise PostError("RemoteProtocolError", NO_STATUS if line else NO_ANSWER)
        status = int(found[1])
        while status < _FIRST_FINAL and (await reader.readline()).strip():
            pass  # the headers of an interim answer
    return status


async def _within(clock: Clock, seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
    """Return a result. Raises TimeoutError if it takes longer than some seconds of a clock."""
    task = asyncio.ensure_future(work)
    done = asyncio.get_running_loop().create_future()

    def finish(_: object) -> None:
        if not done.done():
            done.set_result(True)

    task.add_done_callback(finish)
    try:
        if not await clock.wait(done, seconds):
            raise TimeoutError
        return task.result()
    finally:
        task.cancel()
