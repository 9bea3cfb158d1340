"""A client for the control API of a running server."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import MappingProxyType
from urllib.parse import SplitResult, urlencode, urlsplit

import click

from mockletta.documents.json_types import Json

INDEX = "/_mockletta/"
READY = (200, 403)
"""A server that refuses us is ready too."""
SECONDS_TO_ANSWER = 60
SECONDS_BETWEEN_TRIES = 0.02
JSON = "application/json"
WORLD = "X-Mockletta-World"
SECONDS_OF_SILENCE = 40
"""The seconds that a stream may be silent: the server sends heartbeats more often."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class NoAnswer(click.ClickException):
    """No server answered. The message says where and why."""


class ControlClient:
    """A client for the server at a URL. The `token` is the admin token; the `key` selects the
    world.

    It ignores proxies in the environment and follows no redirects: the token is for this address
    only.
    """

    def __init__(self, url: str, token: str | None = None, key: str | None = None) -> None:
        self.url = url
        self._parts = _split(url)
        self._headers = {
            **({"X-Mockletta-Admin-Token": token} if token else {}),
            **({"Authorization": f"Bearer {key}"} if key else {}),
        }

    def ask(self, method: str, path: str, body: object = None, **query: object) -> Json:
        """Send a request and return the JSON of its answer. Raises ClickException if it is refused.

        A `query` value of None is left out.
        """
        given = urlencode({name: value for name, value in query.items() if value is not None})
        content = None if body is None else json.dumps(body).encode()
        answer = self.fetch(method, f"{path}?{given}" if given else path, content)
        try:
            return json.loads(answer)
        except ValueError as error:
            raise click.ClickException(f"{self.url}: the server there is not mockletta") from error

    def everywhere(self) -> "list[tuple[str, ControlClient]]":
        """Return a client for the world of the key, or without a key one for each world, with the
        world's name."""
        if "Authorization" in self._headers:
            return [("", self)]
        names = [world["id"] for world in self.ask("GET", "/worlds")["worlds"]]
        return [(name, self._in_world(name)) for name in names]

    def _in_world(self, name: str) -> "ControlClient":
        other = ControlClient(self.url)
        other._headers = {**self._headers, WORLD: name}
        return other

    def fetch(
        self, method: str, path: str, content: bytes | None = None, kind: str = JSON
    ) -> bytes:
        """Send a request and return the body of its answer; `kind` is the content type of the
        request."""
        status, answer = self._exchange(method, f"/_mockletta{path}", content, kind=kind)
        if status != 200:
            raise click.ClickException(f"{self.url}: {_reason(status, answer)}")
        return answer

    def try_ask(self, path: str, *, world: str) -> Json:
        """Return the JSON value of a world's answer, or None."""
        status, answer = self._exchange("GET", f"/_mockletta{path}", more={WORLD: world})
        return json.loads(answer) if status == 200 else None

    def follow(
        self, path: str, last: str | None, query: Mapping[str, str | None]
    ) -> Iterator[tuple[str | None, str, str]]:
        """Yield the events of a stream, each with its id and its kind, until the server ends it.

        Raises OSError or HTTPException if there is no server.
        """
        given = urlencode({name: value for name, value in query.items() if value is not None})
        headers = self._headers if last is None else {**self._headers, "Last-Event-ID": last}
        connection = self._connect(SECONDS_OF_SILENCE)
        try:
            connection.request("GET", f"/_mockletta{path}?{given}", headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                reason = _reason(response.status, response.read())
                raise click.ClickException(f"{self.url}: {reason}")
            yield from read_events(response)
        finally:
            connection.close()

    def wait(self, timeout: float) -> None:
        """Return when the server answers. Raises NoAnswer after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            try:
                self._look(max(left, SECONDS_BETWEEN_TRIES))
            except NoAnswer:
                if left <= 0:
                    raise
            else:
                return
            time.sleep(SECONDS_BETWEEN_TRIES)

    def _look(self, seconds: float) -> None:
        status, _ = self._exchange("GET", INDEX, seconds=seconds)
        if status not in READY:
            raise NoAnswer(f"no mockletta at {self.url}: it answers {status} to {INDEX}")

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        kind: str = JSON,
        seconds: float = SECONDS_TO_ANSWER,
        more: Mapping[str, str] = NO_HEADERS,
    ) -> tuple[int, bytes]:
        typed = {} if body is None else {"Content-Type": kind}
        headers = {**self._headers, **typed, **more}
        connection = self._connect(seconds)
        try:
            connection.request(method, self._parts.path.rstrip("/") + path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise NoAnswer(f"no server answers at {self.url}: {why}") from error
        finally:
            connection.close()

    def _connect(self, seconds: float) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=seconds)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise click.ClickException(
            f"expected a URL such as http://127.0.0.1:8283, received {url!r}"
        )
    return parts


def _reason(status: int, answer: bytes) -> str:
    try:
        return str(json.loads(answer)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"it answers {status}"


def read_events(lines: Iterable[bytes]) -> Iterator[tuple[str | None, str, str]]:
    """Yield the events in the lines of a stream: the id, kind and data of each."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield fields.get("id"), fields.get("event", "message"), fields["data"]
            fields = {}
