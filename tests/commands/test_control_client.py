"""The client of the control API: where it goes, what it says, and what it makes of refusals."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import click
import pytest

from mockletta import MockLetta
from mockletta.commands.control_client import ControlClient, NoAnswer

Asked = list[tuple[str, str, dict[str, str], bytes]]


@contextmanager
def server_that_answers(status: int, body: bytes, **headers: str) -> Iterator[tuple[str, Asked]]:
    """A server's URL, and what it is asked."""
    asked: Asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            asked.append((self.command, self.path, dict(self.headers), content))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT  # noqa: N815 - as http.server names it

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_it_asks_with_token_and_key_and_reads_json() -> None:
    with server_that_answers(200, b'{"a": 1}') as (url, asked):
        answer = ControlClient(f"{url}/below/", "secret", "sk").ask("PUT", "/x?y=1", {"b": 2})

    [(method, path, headers, body)] = asked
    assert answer == {"a": 1}
    assert (method, path, json.loads(body)) == ("PUT", "/below/_mockletta/x?y=1", {"b": 2})
    assert headers["X-Mockletta-Admin-Token"] == "secret"
    assert headers["Authorization"] == "Bearer sk"
    assert headers["Content-Type"] == "application/json"


def test_a_request_without_body_token_and_key_says_nothing_of_them() -> None:
    with server_that_answers(200, b"[]") as (url, asked):
        assert ControlClient(url).ask("GET", "/x") == []

    assert asked[0][2].keys() == {"Host", "Accept-Encoding"}


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    with MockLetta() as mock:
        assert ControlClient(mock.base_url).ask("GET", "/worlds")["limit"] == 1000


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (403, b'{"detail": "Not you"}', "Not you"),
        (500, b"oh", "it answers 500"),
        (404, b"[]", "it answers 404"),
        (307, b"", "it answers 307"),
        (204, b'{"else": 1}', "it answers 204"),
    ],
)
def test_a_refusal_is_told_and_a_redirect_not_followed(status: int, body: bytes, said: str) -> None:
    with (
        server_that_answers(status, body, Location="http://127.0.0.1:1/") as (url, _),
        pytest.raises(click.ClickException, match=f"^{url}: {said}$"),
    ):
        ControlClient(url, "secret").ask("GET", "/x")


def test_an_answer_that_is_not_json_is_told() -> None:
    with (
        server_that_answers(200, b"<html>") as (url, _),
        pytest.raises(click.ClickException, match="the server there is not mockletta"),
    ):
        ControlClient(url).ask("GET", "/x")


def test_it_is_told_where_no_server_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(NoAnswer, match=f"no server answers at {url}: Connection refused"):
        ControlClient(url).ask("GET", "/x")


@pytest.mark.parametrize(
    "url", ["localhost:8283", "ftp://localhost", "http://", "http://x:99999", "http://[x", ""]
)
def test_a_url_must_be_one(url: str) -> None:
    with pytest.raises(click.ClickException, match="expected a URL such as"):
        ControlClient(url)


def test_https_is_spoken_where_it_is_asked_for() -> None:
    with server_that_answers(200, b"{}") as (url, _), pytest.raises(NoAnswer):
        ControlClient(url.replace("http:", "https:")).ask("GET", "/x")
